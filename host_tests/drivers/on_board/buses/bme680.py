# A BME680's registers, for readings.py, with the published calibration and raw values. The lowest bit of the
# temperature changes with each measurement, as a real part's does.



class Bus:
    def __init__(self):
        self.r = r = bytearray(256)
        r[0xD0] = 0x61
        self.words(0x8A, 26469, 0x8E, 36673, 0x90, 55021, 0x94, 7310, 0x96, 65407, 0x9C, 62359, 0x9E, 63157)
        self.words(0xE9, 26041, 0xEB, 40782)
        for at, byte in (
            (0x8C, 3), (0x92, 88), (0x98, 46), (0x99, 30), (0xA0, 30),
            (0xE1, 64), (0xE2, 84), (0xE3, 42), (0xE5, 45), (0xE6, 20), (0xE7, 120), (0xE8, 156),
            (0xED, 226), (0xEE, 18),
            (0x00, 48), (0x02, 16), (0x1D, 128),
        ):  # fmt: skip
            r[at] = byte
        r[0x1F:0x22] = (353485 << 4).to_bytes(3, "big")
        r[0x22:0x25] = (501240 << 4).to_bytes(3, "big")
        r[0x25:0x27] = (19019).to_bytes(2, "big")
        r[0x2B] = 0x30

    def words(self, *pairs):
        for i in range(0, len(pairs), 2):
            self.r[pairs[i]] = pairs[i + 1] & 255
            self.r[pairs[i] + 1] = pairs[i + 1] >> 8

    def readfrom_mem_into(self, address, register, buf):
        for i in range(len(buf)):
            buf[i] = self.r[register + i]

    def writeto_mem(self, address, register, buf):
        if register == 0x74:
            self.r[0x24] ^= 0x10


VALUES = "2669 4240 98717 12946859"
