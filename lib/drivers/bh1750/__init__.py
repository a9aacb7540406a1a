"""ROHM BH1750FVI: light over I2C, from a dark room to the sun.

The part integrates light for a time that its register MTreg chooses, in 16 bits; so there are three ranges, and a
reading that does not fit into its own is taken again in another, in a turn of its own. The part has no identification
and says neither when a measurement has ended nor that it lost its supply: it then reads 0. So 0 is believed when it
comes twice.
Data sheet: BH1750FVI Technical Note, 2009.04 Rev.B and later.
"""

from drivers import const
from drivers.part import Part

_ON = b"\x01"
_RESET = b"\x07"  # clears the last result
# One time measurements: H-resolution mode 2 with MTreg 254, H-resolution mode with MTreg 69 and 31
_MT_HIGH = (b"\x47", b"\x42", b"\x40")
_MT_LOW = (b"\x7e", b"\x65", b"\x7f")
_MODE = (b"\x21", b"\x20", b"\x20")
# 180 ms at the most with MTreg 69, and in proportion; a clock that counts whole milliseconds may be one early
_WAIT_MS = (665, 182, 83)
_DIVISOR = (508, 69, 31)
_DARK = (0, 6000, 21000)  # counts below which the next reading is taken in the range before; well inside it

_BRIGHTEST = const(2)
_FULL = const(0xFFFF)
_COARSE = const(100)  # counts below which the range before has more to say at once
_MOVES = const(6)  # in one reading, for light that flickers


# Conversion


def illuminance(counts, divisor):
    """0.1 lx: counts / 1.2 * 69 / MTreg, halved in H-resolution mode 2. divisor is MTreg, or twice that in mode 2."""
    return (counts * 575 + (divisor >> 1)) // divisor


class BH1750(Part):
    """A BH1750 on an I2C bus."""

    quantities = (("illuminance", "lx", 1),)

    _name = "BH1750"
    _folder = "bh1750"

    def __init__(self, bus, address=0x23):
        super().__init__(bus, address)
        self._data = bytearray(2)
        self._range = 1
        self._next = 1  # the range of the next measurement
        self._moves = 0
        self._began = self._zero = self._done = False

    def _wake(self):  # cold: when the part starts
        self._range = self._next = 1
        self._moves = 0
        self._began = self._zero = False
        return self._woken()

    def read(self, values):
        """Fill `values`; False if it has to be measured in another range. Raises SensorError."""
        self._done = False
        return super().read(values) and self._done

    def _measure(self):
        # Everything is said each time: a part that lost its supply in between works on.
        i = self._range = self._next
        self._send(_ON)
        self._send(_RESET)
        self._send(_MT_HIGH[i])
        self._send(_MT_LOW[i])
        self._send(_MODE[i])
        self._began = True
        return _WAIT_MS[i]

    def _send(self, command):
        self._bus.writeto(self._address, command)

    def _fetch(self):
        if not self._began:
            self._fail("busy")
        self._began = False
        self._bus.readfrom_into(self._address, self._data)

    def _convert(self, values):
        counts = self._data[0] << 8 | self._data[1]
        self._choose(counts)
        if self._again(counts):
            self._moves += 1
            return
        self._moves = 0
        self._done = True
        values[0] = illuminance(counts, _DIVISOR[self._range])

    def _choose(self, counts):
        # The range of the next measurement.
        i = self._range
        if counts == _FULL:
            if i == _BRIGHTEST:
                self._fail("bright")
            i += 1
        elif counts < _DARK[i]:
            i -= 1
        self._next = i

    def _again(self, counts):
        # Whether this measurement says too little.
        if counts == _FULL:
            return True
        zero = self._zero
        self._zero = counts == 0
        if self._moves >= _MOVES:
            return False
        return counts < _COARSE and self._next < self._range or counts == 0 and not zero


driver = BH1750
