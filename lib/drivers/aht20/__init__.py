"""Aosong AHT20, AHT21 and AHT25, and DHT20: temperature and humidity over I2C. aht10 builds on it.

A frame is the status, 20 bits of humidity, 20 bits of temperature, a checksum. Commands, formulas and times: Aosong's
data sheet of the AHT20, chapters 5 and 6. The status is the first byte of every read, so it is never asked for: the
command 0x71 of the data sheet makes some parts hang busy.
"""

from drivers import const, release
from drivers.crc import crc8
from drivers.part import Part

_BUSY = const(0x80)
_CALIBRATED = const(0x08)

_MEASURE = b"\xac\x33\x00"
_MS = const(82)  # 80 ms; a clock that counts whole milliseconds may be one early

_STUCK = const(60)  # so many equal readings do not happen: the last bits are noise


# Conversions: s is a 20-bit number of the part


def temperature(s):
    """0.01 °C: 200 * s / 2**20 - 50, rounded."""
    return (s * 625 + 16384 >> 15) - 5000


def humidity(s):
    """0.01 %: 100 * s / 2**20, rounded."""
    return s * 625 + 32768 >> 16


def raw_humidity(data):
    """The 20 bits of a frame's humidity."""
    return data[1] << 12 | data[2] << 4 | data[3] >> 4


def raw_temperature(data):
    """The 20 bits of a frame's temperature."""
    return (data[3] & 15) << 16 | data[4] << 8 | data[5]


class AHT20(Part):
    """An AHT20 on an I2C bus."""

    quantities = (("temperature", "°C", 2), ("humidity", "%", 2))

    _name = "AHT20"
    _folder = "aht20"
    _frame = 7
    _initialize = b"\xbe\x08\x00"

    def __init__(self, bus, address=0x38):
        super().__init__(bus, address)
        self._data = bytearray(self._frame)
        self._before = bytearray(self._frame)
        self._same = 0

    def _wake(self):  # cold: when the part starts
        from . import wake

        try:
            return wake.step(self)
        finally:
            if self._awake or not self._tries:
                release(wake)

    # A reading

    def _measure(self):
        self._bus.writeto(self._address, _MEASURE)
        return _MS

    def _fetch(self):
        self._bus.readfrom_into(self._address, self._data)

    def _convert(self, values):
        data = self._data
        self._check(data)
        celsius = temperature(raw_temperature(data))
        if not -4000 <= celsius <= 8500:
            self._fail("range")
        values[0] = celsius
        values[1] = humidity(raw_humidity(data))

    def _check(self, data):
        if data[0] & _BUSY:
            self._fail("busy")
        self._prove(data)
        if not data[0] & _CALIBRATED or not (data[1] | data[2] | data[3] | data[4] | data[5]):
            self._fail("supply")
        self._same = self._same + 1 if data == self._before else 0
        if self._same >= _STUCK:
            self._fail("stuck")
        self._data = self._before
        self._before = data

    def _prove(self, data):
        if crc8(data, 0, 6) != data[6]:
            self._fail("unproven" if data[6] == 0xFF else "crc")


driver = AHT20
