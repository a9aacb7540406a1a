# An INA219 with the data sheet's 11.98 V and 20 mV across its shunt, for readings.py.


class Bus:
    def __init__(self):
        self.config = bytearray(b"\x39\x9f")

    def readfrom_mem_into(self, address, register, buf):
        if register == 0:
            buf[0] = 0x39
            buf[1] = 0x9F
        elif register == 1:
            buf[0] = 0x07
            buf[1] = 0xD0
        else:
            buf[0] = 0x5D
            buf[1] = 0x9A

    def writeto_mem(self, address, register, buf):
        self.config[0] = buf[0]


VALUES = "11980 2000 2396"
