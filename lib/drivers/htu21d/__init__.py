"""TE HTU21D, Sensirion SHT20, SHT21 and SHT25, Silicon Labs Si7021: temperature and humidity over I2C.

They share address, commands and formulas. The part converts one quantity at a time and not on its own, so a reading is
two turns: the first one takes the temperature and ends with False, the second one takes the humidity. While it converts
the part does not acknowledge a read, and the bus is free ("no hold master"). Data sheets: HTU21D(F), SHT21, Si7021-A20.
"""

from drivers import const, release
from drivers.crc import crc8
from drivers.part import Part

_TEMPERATURE = b"\xf3"
_HUMIDITY = b"\xf5"

# The longest of the family, an SHT2x's 85 and 29 ms (an HTU21D takes 50 and 16, an Si7021 10.8 and 22.8); a clock that
# counts whole milliseconds may be one early.
_TEMPERATURE_MS = const(87)
_HUMIDITY_MS = const(31)

_STUCK = const(60)  # so many equal readings do not happen: the last bits are noise


# Conversions: s is a 16-bit word of the part; its two low bits are a status


def temperature(s):
    """0.01 °C: -46.85 + 175.72 * s / 65536, rounded."""
    return ((s >> 2) * 17572 + 8192 >> 14) - 4685


def humidity(s):
    """0.01 %: -6 + 125 * s / 65536, rounded; the ends of the scale are beyond what there is, and are cut off."""
    return min(max(((s >> 2) * 12500 + 8192 >> 14) - 600, 0), 10000)


class HTU21D(Part):
    """An HTU21D, SHT2x or Si7021 on an I2C bus."""

    quantities = (("temperature", "°C", 2), ("humidity", "%", 2))

    _name = "HTU21D"
    _folder = "htu21d"
    _half = False  # the temperature of this reading is there, its humidity is not yet

    def __init__(self, bus, address=0x40):
        super().__init__(bus, address)
        self._data = bytearray(3)
        self._warmth = self._damp = 0  # the words of the last reading
        self._changed = False
        self._same = 0

    # Waking up, and finding out why a part is silent, are loaded while they are needed

    def _wake(self):  # cold: when the part starts
        from . import wake

        try:
            return wake.step(self)
        finally:
            if self._awake or not self._tries:
                release(wake)

    def _fail(self, why):  # cold: on an error
        if why == "lost":
            from . import wake

            why = wake.silence(self)
            release(wake)
        super()._fail(why)

    # A reading

    def read(self, values):
        """Fill `values`; False if the part was still waking up or has only its temperature. Raises SensorError."""
        return super().read(values) and not self._half

    def _measure(self):
        if self._half:
            self._bus.writeto(self._address, _HUMIDITY)
            return _HUMIDITY_MS
        self._bus.writeto(self._address, _TEMPERATURE)
        return _TEMPERATURE_MS

    def _fetch(self):
        self._bus.readfrom_into(self._address, self._data)

    def _convert(self, values):
        s = self._word(self._data)
        if self._half:
            self._half = False
            self._check_humidity(s)
            values[0] = temperature(self._warmth)
            values[1] = humidity(s)
        else:
            self._check_temperature(s)
            self._half = True

    def _word(self, data):
        if crc8(data, 0, 2, 0) != data[2]:
            self._fail("crc")
        return data[0] << 8 | data[1]

    def _check_temperature(self, s):
        if not -4000 <= temperature(s) <= 12500:
            self._fail("range")
        self._changed = s != self._warmth
        self._warmth = s

    def _check_humidity(self, s):
        self._same = 0 if self._changed or s != self._damp else self._same + 1
        if self._same >= _STUCK:
            self._fail("stuck")
        self._damp = s


driver = HTU21D
