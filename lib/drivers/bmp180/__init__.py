"""Bosch BMP180, and BMP085: temperature and air pressure over I2C.

The part measures one of both at a time, so a reading takes two steps: read() is False once the temperature is there,
and the next start() begins the pressure. The conversions are the data sheet's (BST-BMP180-DS000, 3.5), cut so that no
value leaves MicroPython's small integers: temperature to the digit, pressure within 1 Pa of the data sheet's integers,
which lose a bit above a product of 31.
"""

from drivers import const, release, scaled
from drivers.part import Part

_CTRL_MEAS = const(0xF4)
_DATA = const(0xF6)

_RUNNING = const(0x20)
_TEMPERATURE = const(0x2E)
_PRESSURE = const(0x34)

_TEMPERATURE_MS = const(6)  # 4.5 ms; a clock that counts whole milliseconds may be one early
_STUCK = const(60)  # so many equal readings do not happen: the last bits are noise
_NOTHING = b"\x80\x00\x00"  # the data registers before any conversion


# Conversions: cal is (AC1, ..., AC6, B1, B2, MB, MC, MD) by the names of the data sheet


def fine(cal, ut):
    """The fine temperature that both formulas need, 1/160 °C (B5); absurdly hot where the calibration is broken."""
    x = scaled(ut - cal[5], cal[4], 14) >> 1
    d = x + cal[10]
    return x + (cal[9] << 11) // d if d > 0 else 32767


def temperature(b5):
    """0.1 °C."""
    return b5 + 8 >> 4


def pressure(cal, up, over, b5):
    """Pa, or -1 for what no air has; `over` doublings of samples. b5 from -7200 to 14400 (-45 to 90 °C)."""
    p = _straight(cal, up, over, b5 - 4000)
    return p if p < 0 else p + _bent(p)


def _straight(cal, up, over, v):
    """Pressure before the correction of second order; v is B6."""
    n = up - _offset(cal, over, v)
    return _quotient(n << 3 - over, _slope(cal, v))


def _offset(cal, over, v):
    """B3, in steps of the raw value."""
    return ((cal[0] << 2) + (cal[7] * (v * v >> 12) >> 11) + (cal[1] * v >> 11) << over) + 2 >> 2


def _slope(cal, v):
    """B4."""
    x = (cal[2] * v >> 13) + (cal[6] * (v * v >> 12) >> 16) + 2 >> 2
    return scaled(x + 32768, cal[3], 14) >> 1


def _quotient(n, d):
    """n * 12500 // d, or -1 below 0 and above 130000."""
    if n < 0 or d <= 0 or n * 5 > d * 52:
        return -1
    q = n // d
    for factor in b"\x64\x7d":  # long division, a digit at a time: 100 * 125 = 12500
        n = n % d * factor
        q = q * factor + n // d
    return q


def _bent(p):
    """The correction of second order, Pa."""
    x = p >> 8
    return (x * x * 3038 >> 16) + (-7357 * p >> 16) + 3791 >> 4


class BMP180(Part):
    """A BMP180 on an I2C bus; its address cannot be chosen."""

    quantities = (("temperature", "°C", 1), ("pressure", "hPa", 2))

    _name = "BMP180"
    _folder = "bmp180"

    def __init__(self, bus, address=0x77, oversampling=1):
        if oversampling not in (1, 2, 4, 8):
            raise ValueError("oversampling is 1, 2, 4 or 8")
        super().__init__(bus, address)
        self._over = (1, 2, 4, 8).index(oversampling)
        self.calibration = [0] * 11
        self._byte = bytearray(1)
        self._data = bytearray(3)
        self._fresh()

    def _fresh(self):  # cold: when the part starts
        self._begun = 0  # the command of the conversion that is under way
        self._ut = -1  # the temperature's raw value, while the pressure is measured
        self._before = -1
        self._up = -1
        self._same = 0

    def _wake(self):  # cold: when the part starts
        from . import wake

        try:
            return wake.step(self)
        finally:
            if self._awake or not self._tries:
                release(wake)

    # A reading

    def read(self, values):
        """As all drivers'; False also when the temperature is there and the pressure is still to be measured."""
        return super().read(values) and self._ut < 0

    def _measure(self):
        self._begun = _TEMPERATURE if self._ut < 0 else _PRESSURE | self._over << 6
        self._byte[0] = self._begun
        self._bus.writeto_mem(self._address, _CTRL_MEAS, self._byte)
        if self._ut < 0:
            return _TEMPERATURE_MS
        return (3 << self._over) + 3  # 1.5 ms, and 3 ms for each sample

    def _fetch(self):
        self._bus.readfrom_mem_into(self._address, _CTRL_MEAS, self._byte)
        if not self._begun or self._byte[0] & _RUNNING:
            self._fail("busy")
        self._begun = 0
        self._bus.readfrom_mem_into(self._address, _DATA, self._data)
        if not self._byte[0] and self._data == _NOTHING:
            self._fail("supply")

    def _convert(self, values):
        data = self._data
        if self._ut < 0:
            self._ut = data[0] << 8 | data[1]
            return
        self._check((data[0] << 16 | data[1] << 8 | data[2]) >> 8 - self._over)
        b5 = fine(self.calibration, self._ut)
        if not -7200 <= b5 <= 14400:
            self._fail("temperature")
        values[0] = temperature(b5)
        values[1] = pressure(self.calibration, self._up, self._over, b5)
        self._ut = -1
        if values[1] < 20000:
            self._fail("pressure")

    def _check(self, up):
        self._same = self._same + 1 if up == self._up and self._ut == self._before else 0
        if self._same >= _STUCK:
            self._fail("stuck")
        self._up = up
        self._before = self._ut


driver = BMP180
