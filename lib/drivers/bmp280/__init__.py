"""Bosch BMP280: temperature and air pressure over I2C. bme280 builds on it.

The conversions are the data sheet's (BST-BMP280-DS001, 3.11.3), cut so that no value leaves the 30 bits and a sign that
MicroPython holds without allocating: temperature to the digit, pressure within 1 Pa of the data sheet's 64-bit
integers. Functions are small on purpose: a frame above 11 words would be allocated too.
"""

from drivers import const, release, scaled
from drivers.part import Part

_STATUS = const(0xF3)
_CTRL_MEAS = const(0xF4)
_CONFIG = const(0xF5)
_DATA = const(0xF7)

_MEASURING = const(8)
_FORCED = const(1)

_SKIPPED = const(0x80000)  # what a data register says before any conversion
_STUCK = const(60)  # so many equal readings do not happen: the last bits are noise
_ONE = const(0x8000000)  # 1.0 with 27 fractional bits


# Conversions: cal is (T1, T2, T3, P1, ..., P9, ...) by the names of the data sheet


def t_fine(cal, adc):
    """The fine temperature all other formulas need, 1/5120 °C."""
    t1 = cal[0]
    d = (adc >> 4) - t1
    return scaled((adc >> 3) - (t1 << 1), cal[1], 11) + scaled(_squared(d), cal[2], 14)


def _squared(d):
    """d * d >> 12."""
    a = d >> 6
    b = d & 63
    return a * a + ((a * b << 7) + b * b >> 12)


def temperature(fine):
    """0.01 °C."""
    return fine * 5 + 128 >> 8


def pressure(cal, adc, fine):
    """Pa, or -1 for what no air has. `fine` from -230400 to 460800 (-45 to 90 °C)."""
    p = _straight(cal, 1048576 - adc << 6, (fine >> 1) - 64000)
    return p if p < 0 else _bent(cal, p) + 8 >> 4


def _straight(cal, n, v):
    """Pressure before the correction of second order, 1/16 Pa, or -1; n in 1/64 of the raw value's steps."""
    square = scaled(v, v, 11)
    n -= _offset(cal, v, square)
    return quotient(n, _slope(cal, v, square))


def _offset(cal, v, square):
    """What temperature adds to the raw value, 1/64 of its steps."""
    return (cal[6] << 10) + scaled(v, cal[7], 7) + scaled(square, cal[8], 12)


def _slope(cal, v, square):
    """P1, corrected for temperature, with 10 fractional bits."""
    x = scaled(v, cal[4], 6) + scaled(square, cal[5], 14)
    return scaled(_ONE + (x >> 1), cal[3], 14) >> 3


def quotient(n, d):
    """n * 1600000 // d, or -1 below 0 and above 2000000 (1250 hPa)."""
    if n < 0 or d <= 0 or n >= d + (d >> 2):
        return -1
    q = 0
    for factor in b"\x08\x08\x08\x05\x05\x05\x05\x05":  # long division, a digit at a time: 8**3 * 5**5 = 1600000
        n *= factor
        q = q * factor + n // d
        n %= d
    return q


def _bent(cal, p):
    """The correction of second order; p in 1/16 Pa."""
    q = p >> 2
    return p + (scaled(p, cal[10], 14) >> 5) + (scaled(scaled(q, q, 10), cal[11], 14) >> 11) + cal[9]


def signed(buf, at):
    """The 16-bit number with its low byte first at buf[at]."""
    return ((buf[at] | buf[at + 1] << 8) ^ 0x8000) - 0x8000


def twenty_bits(buf, at):
    """A 20-bit conversion with its high byte first."""
    return buf[at] << 12 | buf[at + 1] << 4 | buf[at + 2] >> 4


class BMP280(Part):
    """A BMP280 on an I2C bus; `filter` is the part's own low-pass (0: off)."""

    quantities = (("temperature", "°C", 2), ("pressure", "hPa", 2))

    _name = "BMP280"
    _folder = "bmp280"
    _ids = (0x58, 0x56, 0x57)  # the last two: samples
    _frame = 6

    def __init__(self, bus, address=0x76, oversampling=1, filter=0):
        if oversampling not in (1, 2, 4, 8, 16) or filter not in (0, 2, 4, 8, 16):
            raise ValueError("oversampling is 1, 2, 4, 8 or 16; filter is 0, 2, 4, 8 or 16")
        super().__init__(bus, address)
        self._over = oversampling
        self._osrs = (1, 2, 4, 8, 16).index(oversampling) + 1
        self._filter = (0, 2, 4, 8, 16).index(filter)
        self.calibration = [0] * 18
        self._byte = bytearray(1)
        self._data = bytearray(self._frame)
        self._before = bytearray(self._frame)

    # Waking up: identification, reset and calibration are loaded while they are needed

    def _wake(self):  # cold: when the part starts
        from . import wake

        try:
            return wake.step(self)
        finally:
            if self._awake or not self._tries:
                release(wake)

    def _calibrate(self):  # cold: when the part starts
        from . import wake

        wake.calibrate(self)

    # A reading

    def _measure(self):
        self._put(_CONFIG, self._filter << 2)
        self._put(_CTRL_MEAS, self._osrs << 5 | self._osrs << 2 | _FORCED)
        return self._longest(2)

    def _longest(self, conversions):
        # Data sheet of the BME280, 9.1: 1.25 ms, and 2.3 ms for each sample, and 0.575 ms for each but the temperature.
        # A clock that counts whole milliseconds may be one early.
        return (1250 + conversions * 2300 * self._over + (conversions - 1) * 575) // 1000 + 2

    def _fetch(self):
        if self._get(_STATUS) & _MEASURING:
            self._fail("busy")
        self._bus.readfrom_mem_into(self._address, _DATA, self._data)

    def _convert(self, values):
        data = self._data
        self._check(data)
        cal = self.calibration
        fine = t_fine(cal, twenty_bits(data, 3))
        if not -230400 <= fine <= 460800:
            self._fail("temperature")
        values[0] = temperature(fine)
        values[1] = pressure(cal, twenty_bits(data, 0), fine)
        if values[1] < 20000:
            self._fail("pressure")

    def _check(self, data):
        if twenty_bits(data, 0) == _SKIPPED and twenty_bits(data, 3) == _SKIPPED:
            self._fail("supply")
        self._same = self._same + 1 if data == self._before else 0
        if self._same >= _STUCK:
            self._fail("stuck")
        self._data = self._before
        self._before = data

    # The bus

    def _get(self, register):
        self._bus.readfrom_mem_into(self._address, register, self._byte)
        return self._byte[0]

    def _put(self, register, value):
        self._byte[0] = value
        self._bus.writeto_mem(self._address, register, self._byte)


driver = BMP280
