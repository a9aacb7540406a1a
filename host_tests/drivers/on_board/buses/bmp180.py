# A BMP180's registers, for readings.py, with the data sheet's example. A bit of each raw value changes with each
# measurement, as a real part's does.

CALIBRATION = "0198ffb8c7d17fe57ff55a71182e00048000ddf90b34"


class Bus:
    def __init__(self):
        self.r = r = bytearray(256)
        r[0xD0] = 0x55
        r[0xAA:0xC0] = bytes.fromhex(CALIBRATION)
        self.turn = 0

    def readfrom_mem_into(self, address, register, buf):
        for i in range(len(buf)):
            buf[i] = self.r[register + i]

    def writeto_mem(self, address, register, buf):
        r = self.r
        r[0xF4] = buf[0] & ~0x20
        if buf[0] == 0x2E:
            self.turn ^= 1
            self.put(27898)
        elif buf[0] == 0x34:
            self.put(23843 + (self.turn ^ 1))

    def put(self, word):
        self.r[0xF6] = word >> 8
        self.r[0xF7] = word & 255


VALUES = "150 69964"
