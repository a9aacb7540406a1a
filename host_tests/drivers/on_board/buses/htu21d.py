# An HTU21D for readings.py. The lowest bit of the temperature changes with each reading, as a real part's does.

TEMPERATURES = (bytes.fromhex("683a7c"), bytes.fromhex("683b4d"))
HUMIDITY = bytes.fromhex("4e856b")
REGISTER = b"\x02"


class Bus:
    def __init__(self):
        self.n = 0
        self.source = REGISTER

    def writeto(self, address, buf):
        if buf == b"\xf3":
            self.n ^= 1
            self.source = TEMPERATURES[self.n]
        elif buf == b"\xf5":
            self.source = HUMIDITY
        else:
            self.source = REGISTER

    def readfrom_into(self, address, buf):
        for i in range(len(buf)):
            buf[i] = self.source[i]


VALUES = "2469 3234"
