"""Sensirion SHT40, SHT41, SHT43 and SHT45: temperature and humidity over I2C.

The temperature is an SHT3x's; humidity and commands are its own (Sensirion's data sheet of the SHT4x, chapters 3
and 4).
"""

from drivers.sht3x import SHT3x

_LEVELS = ("low", "medium", "high")


def humidity(s):
    """0.01 %: -6 + 125 * s / 65535, rounded; the ends of the scale are beyond what there is, and are cut off."""
    return min(max((s * 2500 + 6553) // 13107 - 600, 0), 10000)


class SHT4x(SHT3x):
    """An SHT4x on an I2C bus; precision is "low", "medium" or "high": quieter, and takes longer."""

    _name = "SHT4x"
    _folder = "sht4x"
    _commands = (b"\xe0", b"\xf6", b"\xfd")
    _longest = (4, 7, 11)  # 1.7, 4.5 and 8.3 ms, in the same way

    def __init__(self, bus, address=0x44, precision="high"):
        if precision not in _LEVELS:
            raise ValueError("precision is low, medium or high")
        self._set_up(bus, address, _LEVELS.index(precision))

    def _humidity(self, s):
        return humidity(s)


driver = SHT4x
