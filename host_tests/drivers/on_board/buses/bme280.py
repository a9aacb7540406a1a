# A BME280's registers, for readings.py. The lowest bit of the temperature changes with each measurement, as a real
# part's does.

REAL = (
    "106e6c665e015d95b8d5d00b771e9dfff9ffac260ad8bd10004b",  # 0x88
    "6e010013050000",  # 0xE1; H6 follows
)


class Bus:
    chip_id = 0x60

    def __init__(self):
        self.r = r = bytearray(256)
        r[0xD0] = self.chip_id
        r[0x88:0xA2] = bytes.fromhex(REAL[0])
        r[0xE1:0xE8] = bytes.fromhex(REAL[1])
        r[0xE7] = 30
        r[0xF7:0xFF] = bytes.fromhex("4b77007ff500790b")

    def readfrom_mem_into(self, address, register, buf):
        for i in range(len(buf)):
            buf[i] = self.r[register + i]

    def writeto_mem(self, address, register, buf):
        if register == 0xF4:
            self.r[0xFC] ^= 0x10


VALUES = "2293 6317 100043"
