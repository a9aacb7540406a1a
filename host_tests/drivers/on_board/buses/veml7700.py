# A VEML7700, for readings.py: of eight counts that are read one is too large and one too small for the setting, and
# once it has lost its setting.


class Bus:
    def __init__(self):
        self.n = 0
        self.low = self.high = 0

    def readfrom_mem_into(self, address, register, buf):
        if register == 7:
            buf[0] = 0x81
            buf[1] = 0xC4
        elif register == 0:
            buf[0] = self.low if self.n else 1
            buf[1] = self.high if self.n else 0
        else:
            self.n = (self.n + 1) & 7
            buf[0] = 10 if self.n == 5 else 0xE8
            buf[1] = 0 if self.n == 5 else 0xFF if self.n == 6 else 3

    def writeto_mem(self, address, register, buf):
        if register == 0:
            self.low = buf[0]
            self.high = buf[1]


VALUES = "27510"  # 268.8 lx by the counts, corrected
