# A converter that counts up and down, for readings.py.


class Bus:
    raw = 32768

    def read_u16(self):
        self.raw ^= 1
        return self.raw


VALUES = "1650 500"
