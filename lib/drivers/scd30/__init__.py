"""Sensirion SCD30: carbon dioxide, temperature and humidity over I2C.

It is talked to as an SCD4x is, and answers with floats of 32 bits, big end first, which are made integers without a
float or a large integer in between. Commands: "Interface Description Sensirion SCD30 Sensor Module", version 1.0.
"""

from drivers import const, release
from drivers.scd4x import SCD4x, word

_LARGEST = const(0x3FFF0000)


# Conversion


def hundredths(high, low):
    """100 times the float with these halves, rounded; 0x3FFF0000 for 131072 and more, and for what is no number.

    A float's 24 digits are worth 2 ** (exponent - 150); 100 is 25 * 4.
    """
    exponent = high >> 7 & 0xFF
    if exponent > 143:
        x = _LARGEST
    elif exponent < 119:  # below 1/256
        x = 0
    else:
        x = _shifted((high & 0x7F | 0x80) << 16 | low, 148 - exponent)
    return -x if high & 0x8000 else x


def _shifted(digits, n):
    return digits * 25 + (1 << n - 1) >> n


class SCD30(SCD4x):
    """An SCD30 on an I2C bus; altitude in m, temperature_offset in 0.01 °C. The part keeps both for ever."""

    _name = "SCD30"
    _folder = "scd30"
    _highest = 5000
    _ready = b"\x02\x02"
    _reading = b"\x03\x00"
    _frame = 18
    _reply_ms = 5  # 3 ms
    _first_ms = 2002

    def __init__(self, bus, address=0x61, altitude=0, temperature_offset=0):  # cold: when it is made
        super().__init__(bus, address, altitude, temperature_offset)
        self._changed = False

    def _wake(self):  # cold: when the part starts
        from . import wake

        try:
            return wake.step(self)
        finally:
            if self._awake or not self._tries:
                release(wake)

    def _overdue(self):  # cold: on an error
        # It goes on by itself when its supply comes back.
        self._fail("blind" if self._blind else "busy")

    def _is_ready(self, flag):
        return flag == 1

    def _fill(self, values, data):
        co2 = hundredths(word(data, 0), word(data, 3)) + 50
        celsius = hundredths(word(data, 6), word(data, 9))
        rh = hundredths(word(data, 12), word(data, 15))
        if not -50 <= co2 < 4000100 or not -4500 <= celsius <= 12500 or not -100 <= rh <= 10100:
            self._fail("range")
        values[0] = co2 // 100
        values[1] = celsius
        values[2] = min(max(rh, 0), 10000)
        return values[0]


driver = SCD30
