# A BH1750 in the data sheet's light of 28067 lx, for readings.py; of three times it is once full and once dark, so that
# the ranges change.


class Bus:
    def __init__(self):
        self.n = 0

    def writeto(self, address, buf):
        if buf == b"\x21" or buf == b"\x20":
            self.n = (self.n + 1) % 3

    def readfrom_into(self, address, buf):
        buf[0] = 0xFF if self.n == 2 else 0x83 if self.n else 0
        buf[1] = 0xFF if self.n == 2 else 0x90 if self.n else 0


VALUES = "280667"
