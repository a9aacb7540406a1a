# An SCD30 that measures, for readings.py: of three times it is asked it has a measurement twice, and the lowest bit of
# the temperature changes with each, as a real part's does.

FRAMES = (  # the interface description's example
    bytes.fromhex("43dbcb8c2e8f41d970e7fff54243bf3a1b74"),
    bytes.fromhex("43dbcb8c2e8f41d970e7fec44243bf3a1b74"),
)
NO, YES = bytes.fromhex("000081"), bytes.fromhex("0001b0")
ANSWERS = {
    b"\xd1\x00": bytes.fromhex("0342f3"),
    b"\x46\x00": bytes.fromhex("0002e3"),
    b"\x51\x02": NO,
    b"\x54\x03": NO,
    b"\x02\x02": YES,
}


class Bus:
    def __init__(self):
        self.n = 0
        self.refused = False
        self.answer = None

    def writeto(self, address, buf):
        if buf == b"\x03\x00":
            self.n = (self.n + 1) % 6
            self.answer = FRAMES[self.n & 1]
        elif buf == b"\x02\x02" and self.n % 3 == 2 and not self.refused:
            self.refused = True
            self.answer = NO
            return
        else:
            self.answer = ANSWERS[buf]
        self.refused = False

    def readfrom_into(self, address, buf):
        for i in range(len(buf)):
            buf[i] = self.answer[i]


VALUES = "439 2724 4881"
