"""Sensirion SHT30, SHT31 and SHT35: temperature and humidity over I2C. sht4x builds on it.

Each reading is a single shot without clock stretching: while it measures the part does not acknowledge a read, and
the bus is free for others. Commands, formulas and times: Sensirion's data sheet of the SHT3x-DIS, chapters 2 and 4.
"""

from drivers import const, release
from drivers.crc import crc8
from drivers.part import Part

_STUCK = const(60)  # so many equal readings do not happen: the last bits are noise

_LEVELS = ("low", "medium", "high")


# Conversions: s is a 16-bit word of the part


def temperature(s):
    """0.01 °C: -45 + 175 * s / 65535, rounded."""
    return (s * 3500 + 6553) // 13107 - 4500


def humidity(s):
    """0.01 %: 100 * s / 65535, rounded."""
    return (s * 2000 + 6553) // 13107


def damaged(buf):
    """Whether one of the words in buf is not what the checksum behind it says."""
    for at in range(0, len(buf), 3):
        if crc8(buf, at, at + 2) != buf[at + 2]:
            return True
    return False


class SHT3x(Part):
    """An SHT3x on an I2C bus; repeatability is "low", "medium" or "high": quieter, and takes longer."""

    quantities = (("temperature", "°C", 2), ("humidity", "%", 2))

    _name = "SHT3x"
    _folder = "sht3x"
    _commands = (b"\x24\x16", b"\x24\x0b", b"\x24\x00")  # by level
    _longest = (7, 9, 18)  # 4.5, 6.5 and 15.5 ms; a clock that counts whole milliseconds may be one early

    def __init__(self, bus, address=0x44, repeatability="high"):
        if repeatability not in _LEVELS:
            raise ValueError("repeatability is low, medium or high")
        self._set_up(bus, address, _LEVELS.index(repeatability))

    def _set_up(self, bus, address, level):
        super().__init__(bus, address)
        self._command = self._commands[level]
        self._ms = self._longest[level]
        self._data = bytearray(6)
        self._before = bytearray(6)
        self._same = 0

    # Waking up, and finding out why a part is silent, are loaded while they are needed

    def _waking(self):  # cold: when the part starts
        return __import__("drivers.%s.wake" % self._folder, None, None, ("step",))

    def _wake(self):  # cold: when the part starts
        wake = self._waking()
        try:
            return wake.step(self)
        finally:
            if self._awake or not self._tries:
                release(wake)

    def _fail(self, why):  # cold: on an error
        if why == "lost":
            wake = self._waking()
            why = wake.silence(self)
            release(wake)
        super()._fail(why)

    # A reading

    def _measure(self):
        self._bus.writeto(self._address, self._command)
        return self._ms

    def _fetch(self):
        self._bus.readfrom_into(self._address, self._data)

    def _convert(self, values):
        data = self._data
        self._check(data)
        values[0] = temperature(data[0] << 8 | data[1])
        values[1] = self._humidity(data[3] << 8 | data[4])
        if not -4000 <= values[0] <= 12500:
            self._fail("range")

    def _humidity(self, s):
        return humidity(s)

    def _check(self, data):
        if damaged(data):
            self._fail("crc")
        self._same = self._same + 1 if data == self._before else 0
        if self._same >= _STUCK:
            self._fail("stuck")
        self._data = self._before
        self._before = data


driver = SHT3x
