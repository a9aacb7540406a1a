# Runs on the board: the texts of the files NAMES (set before it), as far as they are there, in hexadecimal digits.
import binascii

for name in NAMES:
    try:
        with open(name, "rb") as file:
            print("@text", name)
            while True:
                data = file.read(64)
                if not data:
                    break
                print("@hex", binascii.hexlify(data).decode())
    except OSError:
        pass
print("@end")
