# Runs on MicroPython: readings of a driver over a bus that allocates nothing. Arguments: the part, and a deliberate
# allocation to be found by the gate ("slice", "frame") or "none".

import sys

from gate import verdict

REAL = (
    "106e6c665e015d95b8d5d00b771e9dfff9ffac260ad8bd10004b",  # 0x88
    "6e010013050000",  # 0xE1; H6 follows
)


class Bus:
    """Registers; the lowest bit of the temperature changes with each measurement, as a real part's does."""

    def __init__(self, chip_id):
        self.r = r = bytearray(256)
        r[0xD0] = chip_id
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


class Slicing(Bus):
    def readfrom_mem_into(self, address, register, buf):
        buf[:] = self.r[register : register + len(buf)]


class Deep(Bus):
    def writeto_mem(self, address, register, buf):
        a = b = c = d = e = f = g = h = i = register
        self.r[0xFC] ^= (a + b + c + d + e + f + g + h + i & 0) + 0x10


part, fault = sys.argv[1:]
module = __import__("drivers." + part, None, None, ("driver",))
bus = {"none": Bus, "slice": Slicing, "frame": Deep}[fault](0x60 if part == "bme280" else 0x58)
sensor = module.driver(bus)
values = [0] * len(sensor.quantities)


def step():
    sensor.start()
    sensor.read(values)


while not sensor.read(values):
    sensor.start()
print(*values)
verdict(step, 10000 if fault == "none" else 100)
