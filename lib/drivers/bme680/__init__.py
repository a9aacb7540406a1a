"""Bosch BME680 and BME688: temperature, humidity, air pressure, and the resistance of a heated gas sensor, over I2C.

One forced measurement gives all four: the part measures the air first, then heats its plate and measures that. The
resistance falls when the air holds gases that burn: the less ohms, the worse the air. What it is in clean air differs
from part to part, and settles over the first days.

The conversions are those of Bosch's integer code (BME680 Sensor API; data sheet BST-BME680-DS001, 3.3), cut so that no
value leaves 30 bits and a sign. Those of temperature and pressure are close kin to the BMP280's and use its steps.
"""

from drivers import const, release, scaled
from drivers.bmp280 import quotient, t_fine, temperature, twenty_bits
from drivers.part import Part

_RES_HEAT = const(0x5A)
_GAS_WAIT = const(0x64)
_CTRL_GAS = const(0x71)
_CTRL_HUM = const(0x72)
_CTRL_MEAS = const(0x74)
_CONFIG = const(0x75)
_STATUS = const(0x1D)

_FRAME = const(17)  # from the status on, to the gas of either variant
_NEW = const(0x80)
_BUSY = const(0x60)
_VALID = const(0x30)  # gas_valid, and heat_stab: the plate got as hot as it should
_FORCED = const(1)
_RUN = const(0x10)  # and twice that in a BME688

_SKIPPED = const(0x80000)
_STUCK = const(60)  # so many equal readings do not happen: the last bits are noise
_COLD = const(5)  # readings in a row: the plate may need one or two after a long rest
_ONE = const(0x8000000)  # 1.0 with 27 fractional bits
_FULL = const(0x19000000)  # 100 %, with 22 fractional bits

# By range of the gas resistance, in 1/1000 beyond 1: what the data sheet's table 16 corrects
_K1 = (0, 0, 0, 0, 0, -10, 0, -8, 0, 0, -2, -5, 0, -10, 0, 0)
_K2 = (0, 0, 0, 0, 1, 7, 0, -8, -1, 0, 0, 0, 0, 0, 0, 0)


# Conversions: cal is (T1, T2, T3 * 16, P1, ..., P10, H1, ..., H7, G1, G2, G3, heat range, heat value, switching error)


def pressure(cal, adc, fine):
    """Pa, or -1 for what no air has. `fine` from -230400 to 460800 (-45 to 90 °C)."""
    p = _straight(cal, 1048576 - adc << 6, (fine >> 1) - 64000)
    return p if p < 0 else _bent(cal, p) + 8 >> 4


def _straight(cal, n, v):
    """Pressure before the corrections of higher order, 1/16 Pa, or -1; n in 1/64 of the raw value's steps."""
    square = scaled(v, v, 11)
    n -= _offset(cal, v, square)
    return quotient(n, _slope(cal, v, square))


def _offset(cal, v, square):
    return (cal[6] << 10) + scaled(v, cal[7], 7) + scaled(square, cal[8], 14)


def _slope(cal, v, square):
    x = scaled(v, cal[4], 6) + scaled(square, cal[5], 9)
    return scaled(_ONE + (x >> 1), cal[3], 14) >> 3


def _bent(cal, p):
    """The corrections of second and third order; p in 1/16 Pa."""
    q = p >> 2
    p += scaled(p, cal[10], 14) >> 5
    p += (scaled(scaled(q, q, 10), cal[11], 14) >> 11) + (cal[9] << 7)
    return p + _cubic(q >> 4, cal[12])


def _cubic(q, p10):
    """q in 4 Pa."""
    return scaled(scaled(scaled(q, q, 10), q, 12), p10, 13)


def humidity(cal, adc, t):
    """1/1000 %, at t in 0.01 °C."""
    h = _product(adc - (cal[13] << 4) - (_hundredth(t * cal[15]) >> 1), _gain(cal, t))
    h += min(_curve(cal, h >> 14, t), _FULL)
    return min(max((h >> 10) * 1000 >> 12, 0), 100000)


def _product(a, b):
    if a <= 0 or b <= 0:
        return 0
    return a * b if b <= _FULL // a else _FULL  # above 100 % anyway


def _gain(cal, t):
    x = _hundredth(t * cal[16]) + _hundredth(t * _hundredth(t * cal[17]) >> 6) + 16384
    return scaled(x, cal[14], 10)


def _curve(cal, h, t):
    x = (cal[18] << 7) + _hundredth(t * cal[19]) >> 4
    return scaled(h * h >> 10, x, 1)


def _hundredth(x):
    """x / 100, rounded towards 0 as C does."""
    return x // 100 if x >= 0 else -(-x // 100)


def resistance(adc, step, error):
    """Ohms a BME680 measured in range `step` (0 to 15); `error` is its range switching error."""
    v = (1340 + 5 * error) * (1000 + _K1[step])
    v = _millions(8 * v, (adc - 512) * 1000 + v) >> step
    k = _K2[step]
    return v * 1000 // (1000 + k) if k else v


def resistance_high(adc, step):
    """The same of a BME688."""
    return _millions(262144 >> step, 4096 + 3 * (adc - 512))


def _millions(n, d):
    """n * 1000000 // d: long division, a digit at a time."""
    q = n // d
    k = 6
    while k:
        k -= 1
        n = n % d * 10
        q = q * 10 + n // d
    return q


def heat(cal, target, ambient):
    """What res_heat is set to for a plate of `target` °C in air of `ambient` °C."""
    x = (cal[20] + 784) * (((cal[21] + 154009) * target // 20 + 3276800) // 10)
    x = (((ambient * cal[22]) // 1000 << 8) + (x >> 1)) // (cal[23] + 4)
    return min(max(((x // (131 * cal[24] + 65536) - 250) * 34 + 50) // 100, 0), 255)


class BME680(Part):
    """A BME680 or BME688 on an I2C bus; `filter` is the part's own low-pass (0: off).

    heater_temperature: of the plate, 200 to 400 °C; heater_time: how long it is heated, 20 to 4032 ms.
    """

    quantities = (("temperature", "°C", 2), ("humidity", "%", 2), ("pressure", "hPa", 2), ("gas_resistance", "Ω", 0))

    _name = "BME680"
    _folder = "bme680"

    def __init__(
        self, bus, address=0x76, oversampling=2, filter=0, heater_temperature=320, heater_time=150
    ):  # cold: once
        super().__init__(bus, address)
        from . import wake

        wake.configure(self, oversampling, filter, heater_temperature, heater_time)
        release(wake)
        self._byte = bytearray(1)
        self._data = bytearray(_FRAME)
        self._before = bytearray(_FRAME)
        self._same = self._cold = self._ambient = 0
        self._done = False

    def _wake(self):  # cold: when the part starts
        from . import wake

        try:
            return wake.step(self)
        finally:
            if self._awake or not self._tries:
                release(wake)

    def read(self, values):
        """Fill `values`; False while the plate is not as hot as it should be. Raises SensorError."""
        self._done = False
        return super().read(values) and self._done

    def _measure(self):
        self._put(_CTRL_HUM, self._osrs)
        self._put(_CONFIG, self._filter << 2)
        self._put(_RES_HEAT, heat(self.calibration, self._target, self._ambient))
        self._put(_GAS_WAIT, self._gas_wait)
        self._put(_CTRL_GAS, _RUN << self.high)
        self._put(_CTRL_MEAS, self._osrs << 5 | self._osrs << 2 | _FORCED)
        return self._longest

    def _fetch(self):
        self._bus.readfrom_mem_into(self._address, _STATUS, self._data)
        self._data[1] = 0  # counts measurements

    def _convert(self, values):
        data = self._data
        if data[0] & _BUSY or not data[0] & _NEW:
            self._fail("busy")
        self._check(data)
        self._air(values, data)
        gas = self._gas(data)
        if gas < 0:
            self._wait_for_heat()
            return
        values[3] = gas
        self._cold = 0
        self._done = True

    def _check(self, data):
        if twenty_bits(data, 2) == _SKIPPED and twenty_bits(data, 5) == _SKIPPED:
            self._fail("supply")
        self._same = self._same + 1 if data == self._before else 0
        if self._same >= _STUCK:
            self._fail("stuck")
        self._data = self._before
        self._before = data

    def _air(self, values, data):
        cal = self.calibration
        fine = t_fine(cal, twenty_bits(data, 5))
        if not -230400 <= fine <= 460800:
            self._fail("temperature")
        values[0] = t = temperature(fine)
        self._ambient = t // 100
        values[1] = (humidity(cal, data[8] << 8 | data[9], t) + 5) // 10
        values[2] = pressure(cal, twenty_bits(data, 2), fine)
        if values[2] < 20000:
            self._fail("pressure")

    def _gas(self, data):
        # Ohms, or -1 when they mean nothing yet.
        low = data[14 + 2 * self.high]
        if low & _VALID != _VALID:
            return -1
        adc = data[13 + 2 * self.high] << 2 | low >> 6
        if self.high:
            return resistance_high(adc, low & 15)
        return resistance(adc, low & 15, self.calibration[25])

    def _wait_for_heat(self):
        self._cold += 1
        if self._cold >= _COLD:
            self._cold = 0
            self._fail("heater")

    def _put(self, register, value):
        self._byte[0] = value
        self._bus.writeto_mem(self._address, register, self._byte)


driver = BME680
