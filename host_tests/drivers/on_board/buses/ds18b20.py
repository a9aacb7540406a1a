# A DS18B20 that is alone on its pin, for readings.py: it answers a search, and reads from its scratchpad.

SEARCH, MATCH, READ, POWER = 0xF0, 0x55, 0xBE, 0xB4

ROM = b"\x28\xac\x41\x0e\x07\x00\x00\x74"
PAD = b"\x5e\xff\x4b\x46\x7f\xff\x02\x10"  # -10.125 °C


def crc8(buf):
    crc = 0
    for byte in buf:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0x8C if crc & 1 else crc >> 1
    return crc


class Bus:
    last = None

    def __init__(self):
        self.pad = PAD + bytes([crc8(PAD)])
        self.at = self.heard = self.command = 0

    def reset(self):
        self.at = self.heard = self.command = 0
        return True

    def writebyte(self, byte):
        self.heard += 1
        if self.heard in (1, 10):  # of the ROM, of the part
            self.command = byte
            self.at = 0
        elif self.heard < 10 and ROM[self.heard - 2] != byte:
            raise ValueError("another part's ROM")

    def readbyte(self):
        if self.command != READ:
            return 255
        self.at += 1
        return self.pad[self.at - 1]

    def readbit(self):
        if self.command != SEARCH:
            return 1
        self.at += 1
        bit = (self.at - 1) // 2
        return (ROM[bit >> 3] >> (bit & 7) & 1) ^ (self.at - 1 & 1)

    def writebit(self, bit):
        pass


now = 0


def ticks_ms():
    global now
    now = (now + 1000) & 0x3FFFFFFF
    return now


def patch(module):
    module.ticks_ms = ticks_ms


VALUES = "-1012"
