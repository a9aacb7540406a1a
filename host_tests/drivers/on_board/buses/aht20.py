# An AHT20 for readings.py. The lowest bit of the temperature changes with each measurement, as a real part's does.

FRAMES = (bytes.fromhex("187552058e407f"), bytes.fromhex("187552058e414e"))


class Bus:
    frames = FRAMES

    def __init__(self):
        self.n = 0

    def writeto(self, address, buf):
        self.n ^= 1

    def readfrom_into(self, address, buf):
        source = self.frames[self.n]
        for i in range(len(buf)):
            buf[i] = source[i]


VALUES = "1945 4583"
