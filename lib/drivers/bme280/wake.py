"""Reads what a BME280 has beside a BMP280: the calibration of its humidity. Loaded while the part wakes up."""

from drivers import const
from drivers.bmp280 import signed

_CALIBRATION = const(0xE1)


def calibrate(d):
    """H2 to H6 of the driver d."""
    raw = bytearray(7)
    d._bus.readfrom_mem_into(d._address, _CALIBRATION, raw)
    cal = d.calibration
    cal[13] = signed(raw, 0)
    cal[14] = raw[2]
    cal[15] = ((raw[3] << 4 | raw[4] & 15) ^ 0x800) - 0x800
    cal[16] = ((raw[5] << 4 | raw[4] >> 4) ^ 0x800) - 0x800
    cal[17] = (raw[6] ^ 0x80) - 0x80
