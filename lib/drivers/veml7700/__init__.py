"""Vishay VEML7700: light over I2C, from moonlight to the sun.

The part measures again and again. A reading that is too large or too small for its gain and integration time is taken
again with others, in a turn of its own. The part does not say when an integration has ended, only what it is set to: a
part that lost its supply is found by that. Registers: data sheet 84286; steps and the correction: application note
84323, "Designing the VEML7700 Into an Application".
"""

from drivers import const, scaled
from drivers.part import Part

_SET = const(0)  # ALS_CONF_0
_SAVING = const(3)
_COUNTS = const(4)
_ID = const(7)
_OWN = const(0x81)  # the low byte of the id; the high one is for the address

_OFF = const(1)

# From the most sensitive on: gain 2 and 800 ms, 1 and 200 ms, 1/8 and 200 ms, 1/8 and 25 ms
_SETTINGS = (0x08C0, 0x0040, 0x1040, 0x1300)
_FACTORS = (1, 8, 64, 512)  # of 0.0042 lx for a count
# 2.5 ms to wake up, the integration with 20 % for the oscillator of a slow part, and 2 ms for a clock of whole ones
_WAIT_MS = (965, 245, 245, 35)
_FIRST = const(2)
_LAST = const(3)

_MANY = const(10000)  # counts between which the application note stays with its setting
_FEW = const(100)
_FULL = const(0xFFFF)
_MOVES = const(6)  # in one reading, for light that flickers

# The correction, 1.0023 + 8.1488e-5 x - 9.3924e-9 x**2 + 6.0135e-13 x**3 of x lx, for x / 32768 and with 14 bits behind
# the point
_C0 = const(16422)
_C1 = const(43749)
_C2 = const(-165233)
_C3 = const(346655)
_LARGEST = const(2450000)  # before the correction, 0.01 lx: 150000 lx after it


# Conversion


def illuminance(counts, factor):
    """0.01 lx, or -1 for more than the part can measure; factor is how many times 0.0042 lx one count is."""
    x = (counts * factor * 21 + 25) // 50
    return corrected(x) if x <= _LARGEST else -1


def corrected(x):
    """0.01 lx for as much by the counts: the part counts less and less of bright light."""
    u = x // 100
    gain = scaled(scaled(scaled(_C3, u, 15) + _C2, u, 15) + _C1, u, 15) + _C0
    return scaled(x, gain >> 1, 13)


class VEML7700(Part):
    """A VEML7700 on an I2C bus."""

    quantities = (("illuminance", "lx", 2),)

    _name = "VEML7700"
    _folder = "veml7700"

    def __init__(self, bus, address=0x10):
        super().__init__(bus, address)
        self._setting = bytearray(2)
        self._data = bytearray(2)
        self._level = _FIRST
        self._fresh = self._done = False
        self._moves = self._losses = 0

    def _wake(self):  # cold: when the part starts
        self._get(_ID, self._data)
        if self._data[0] != _OWN:
            self._fail(self._data[0])
        self._put(_SAVING, 0)
        self._level = _FIRST
        self._fresh = True
        self._moves = self._losses = 0
        return self._woken()

    def read(self, values):
        """Fill `values`; False if it has to be measured with another setting. Raises SensorError."""
        self._done = False
        return super().read(values) and self._done

    def _measure(self):
        if not self._fresh:
            return 2
        self._put(_SET, _SETTINGS[self._level] | _OFF)
        self._put(_SET, _SETTINGS[self._level])
        self._fresh = False
        return _WAIT_MS[self._level]

    def _fetch(self):
        if self._fresh:
            self._fail("busy")
        self._get(_SET, self._setting)
        self._get(_COUNTS, self._data)

    def _convert(self, values):
        if word(self._setting) != _SETTINGS[self._level]:
            self._lost()
        elif not self._moved(word(self._data)):
            values[0] = self._light()
            self._moves = self._losses = 0
            self._done = True

    def _lost(self):
        # Set up anew, once.
        if self._losses:
            self._fail("supply")
        self._losses = 1
        self._fresh = True

    def _moved(self, counts):
        # Whether this is to be measured with another setting.
        if self._moves >= _MOVES and counts < _FULL:
            return False
        if counts > _MANY and self._level < _LAST:
            self._level += 1
        elif counts < _FEW and self._level:
            self._level -= 1
        else:
            return False
        self._moves += 1
        self._fresh = True
        return True

    def _light(self):
        light = illuminance(word(self._data), _FACTORS[self._level])
        if light < 0:
            self._fail("bright")
        return light

    # The bus

    def _get(self, register, buf):
        self._bus.readfrom_mem_into(self._address, register, buf)

    def _put(self, register, value):
        self._data[0] = value & 0xFF
        self._data[1] = value >> 8
        self._bus.writeto_mem(self._address, register, self._data)


def word(buf):
    """The number with its low byte first."""
    return buf[0] | buf[1] << 8


driver = VEML7700
