# An ADS1115 whose inputs differ, for readings.py: nearly full scale at A0, and half of it at each one that follows.


class Bus:
    def __init__(self):
        self.config = bytearray(2)

    def readfrom_mem_into(self, address, register, buf):
        if register:
            buf[0] = self.config[0] | 0x80
            buf[1] = self.config[1]
        else:
            buf[0] = 0x7F >> (self.config[0] >> 4 & 3)
            buf[1] = 0xFE

    def writeto_mem(self, address, register, buf):
        self.config[0] = buf[0]
        self.config[1] = buf[1]


VALUES = "409575 204775 102375 51175"
