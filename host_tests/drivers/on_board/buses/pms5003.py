# A PMS5003 that answers each request with a frame found in public files, for readings.py; each look at the clock is
# half a minute later.

FRAME = bytes.fromhex("424d001c0002000a000a0002000a000a024600af0031001600000000970002ac")


class Bus:
    def __init__(self):
        self.at = 32

    def write(self, data):
        if data[2] == 0xE2:
            self.at = 0

    def any(self):
        return 32 - self.at

    def readinto(self, buf):
        buf[0] = FRAME[self.at]
        self.at += 1


now = 0


def ticks_ms():
    global now
    now = now + 31000 & 0x3FFFFFFF
    return now


def patch(module):
    module.ticks_ms = ticks_ms


VALUES = "2 10 10"
