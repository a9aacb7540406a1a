"""Bosch BME280: temperature, humidity and air pressure over I2C; a BMP280 with a humidity sensor beside it.

The humidity formula is the data sheet's (BST-BME280-DS002, 4.2.3), to the digit, cut to MicroPython's small integers.
"""

from drivers import const, release, scaled
from drivers.bmp280 import BMP280, t_fine, twenty_bits

_CTRL_HUM = const(0xF2)
_FULL = const(419430400)  # 100 %, with 22 fractional bits
_LARGEST = const(0x3FFFFFFF)


# Conversion: cal is (T1, ..., P9, H1, ..., H6)


def humidity(cal, adc, fine):
    """1/1024 %."""
    v = fine - 76800
    a = adc - (cal[15] << 6) + 1 + scaled(v, -cal[16], 14) >> 1
    return _bent(cal[12], a, _gain(cal, v))


def _bent(h1, a, b):
    if a <= 0 or b <= 0:
        return 0
    h = a * b if b <= _LARGEST // a else _LARGEST  # above 100 % anyway
    h -= scaled((h >> 15) * (h >> 15) >> 7, h1, 4)
    return min(max(h, 0), _FULL) >> 12


def _gain(cal, v):
    x = scaled(scaled(v, cal[17], 10), scaled(v, cal[14], 11) + 32768, 10) + 2097152
    return (x >> 14) * cal[13] + ((x & 16383) * cal[13] + 8192 >> 14)


class BME280(BMP280):
    """A BME280 on an I2C bus."""

    quantities = (("temperature", "°C", 2), ("humidity", "%", 2), ("pressure", "hPa", 2))

    _name = "BME280"
    _ids = (0x60,)
    _frame = 8

    def _calibrate(self):  # cold: when the part starts
        super()._calibrate()
        from . import wake

        wake.calibrate(self)
        release(wake)

    def _measure(self):
        self._put(_CTRL_HUM, self._osrs)  # takes effect with the write of ctrl_meas that follows
        super()._measure()
        return self._longest(3)

    def _convert(self, values):
        data = self._data
        super()._convert(values)
        values[2] = values[1]
        fine = t_fine(self.calibration, twenty_bits(data, 3))
        values[1] = humidity(self.calibration, data[6] << 8 | data[7], fine) * 100 + 512 >> 10


driver = BME280
