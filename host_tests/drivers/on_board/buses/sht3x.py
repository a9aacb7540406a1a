# An SHT3x for readings.py. The lowest bit of the temperature changes with each measurement, as a real part's does.

FRAMES = (bytes.fromhex("6667a2beef92"), bytes.fromhex("666693beef92"))  # 25 °C


class Bus:
    asked = b"\xf3\x2d"
    answer = bytes.fromhex("8010e1")
    frames = FRAMES

    def __init__(self):
        self.n = 0
        self.answers = False

    def writeto(self, address, buf):
        self.answers = buf == self.asked
        self.n ^= 1

    def readfrom_into(self, address, buf):
        source = self.answer if self.answers else self.frames[self.n]
        for i in range(len(buf)):
            buf[i] = source[i]


VALUES = "2500 7458"
