"""Sensirion SCD40, SCD41 and SCD43: carbon dioxide, temperature and humidity over I2C. scd30 builds on it.

The part measures every 5 s by itself. A reading asks whether there is a new measurement and takes it in a turn of its
own, since the part wants a moment between a command and its answer. Commands and formulas: Sensirion's data sheet of
the SCD4x, chapter 3.
"""

from drivers import const, release
from drivers.crc import crc8
from drivers.part import Part

_STUCK = const(60)  # so many equal readings do not happen: the last bits are noise
_PATIENCE = const(12)  # looks for a measurement, after the first
_PAUSE_MS = const(1000)  # between two of them

_SERIAL = b"\x36\x82"

# What the next turn does
_ASK = const(0)  # whether there is a new measurement
_TAKE = const(1)  # it
_PAUSE = const(2)  # nothing, for there is none yet


# Conversions: s is a 16-bit word of the part


def temperature(s):
    """0.01 °C: -45 + 175 * s / 65535, rounded."""
    return (s * 3500 + 6553) // 13107 - 4500


def humidity(s):
    """0.01 %: 100 * s / 65535, rounded."""
    return (s * 2000 + 6553) // 13107


def word(buf, at):
    """The 16-bit number with its high byte first at buf[at]."""
    return buf[at] << 8 | buf[at + 1]


def damaged(buf):
    """Whether one of the words in buf is not what the checksum behind it says."""
    for at in range(0, len(buf), 3):
        if crc8(buf, at, at + 2) != buf[at + 2]:
            return True
    return False


class SCD4x(Part):
    """An SCD4x on an I2C bus; altitude in m, temperature_offset in 0.01 °C: by how much the part warms itself."""

    quantities = (("co2", "ppm", 0), ("temperature", "°C", 2), ("humidity", "%", 2))

    _name = "SCD4x"
    _folder = "scd4x"
    _highest = 3000
    _ready = b"\xe4\xb8"
    _reading = b"\xec\x05"
    _frame = 9
    _reply_ms = 3  # after a command, 1 ms by the data sheet
    _first_ms = 5002  # from the beginning to the first measurement

    def __init__(self, bus, address=0x62, altitude=0, temperature_offset=400):
        if not 0 <= altitude <= self._highest:
            raise ValueError("altitude is 0 to %d m" % self._highest)
        if not 0 <= temperature_offset <= 2000:
            raise ValueError("temperature_offset is 0 to 2000 hundredths of a degree")
        super().__init__(bus, address)
        self._altitude = altitude
        self._offset = temperature_offset
        self._flag = bytearray(3)
        self._data = bytearray(self._frame)
        self._before = bytearray(self._frame)
        self._done = False

    # Waking up is loaded while it is needed

    def _wake(self):  # cold: when the part starts
        from . import wake

        try:
            return wake.step(self)
        finally:
            if self._awake or not self._tries:
                release(wake)

    def _begun(self):  # cold: when the part starts
        # The part measures; the first measurement comes after _first_ms.
        self._next = _PAUSE
        self._pause = self._first_ms
        self._left = _PATIENCE
        self._blind = False
        self._same = 0
        return self._woken()

    # A reading: several turns, of which only the last one ends with values

    def read(self, values):
        """Fill `values`; False if the part was still waking up, or has no new measurement yet. Raises SensorError."""
        self._done = False
        return super().read(values) and self._done

    def _measure(self):
        if self._next == _PAUSE:
            return self._pause
        self._bus.writeto(self._address, self._ready if self._next == _ASK else self._reading)
        return self._reply_ms

    def _fetch(self):
        if self._next == _ASK:
            self._bus.readfrom_into(self._address, self._flag)
        elif self._next == _TAKE:
            self._bus.readfrom_into(self._address, self._data)

    def _convert(self, values):
        if self._next == _PAUSE:
            self._next = _ASK
        elif self._next == _ASK:
            self._look()
        else:
            self._next = _ASK
            self._take(values)

    def _look(self):
        if damaged(self._flag):
            self._fail("crc")
        if self._is_ready(word(self._flag, 0)):
            self._next = _TAKE
        else:
            self._wait()

    def _wait(self):
        if not self._left:
            self._overdue()
        self._left -= 1
        self._pause = _PAUSE_MS
        self._next = _PAUSE

    def _take(self, values):
        self._check()
        if self._fill(values, self._before):
            self._left = _PATIENCE
            self._blind = False
            self._done = True
        else:  # what the part says before its first real measurement
            self._blind = True
            self._wait()

    def _check(self):
        data = self._data
        if damaged(data):
            self._fail("crc")
        self._same = self._same + 1 if data == self._before else 0
        if self._same >= _STUCK:
            self._fail("stuck")
        self._data = self._before
        self._before = data

    def _overdue(self):  # cold: on an error
        if self._blind:
            self._fail("blind")
        # A part that lost its supply is idle, and takes what it refuses while it measures. A bus driven by software
        # tells of refused bytes only by the number of those that were not.
        try:
            taken = self._bus.writeto(self._address, _SERIAL)
        except OSError:
            taken = 0
        if taken in (0, 1):
            self._fail("busy")
        self._fail("supply")

    # What an SCD30 has otherwise

    def _is_ready(self, flag):
        return flag & 0x7FF

    def _fill(self, values, data):
        co2 = word(data, 0)
        if co2 > 40000:
            self._fail("range")
        values[0] = co2
        values[1] = temperature(word(data, 3))
        values[2] = humidity(word(data, 6))
        return co2


driver = SCD4x
