"""Aosong AHT10 and AHT15: temperature and humidity over I2C; an AHT20 without a checksum.

What differs is the length of a frame and the command that initializes (Aosong's data sheet of the AHT10, 5.3 and 5.4).
"""

from drivers.aht20 import AHT20


class AHT10(AHT20):
    """An AHT10 on an I2C bus, at 0x39 if its pin says so."""

    _name = "AHT10"
    _folder = "aht10"
    _frame = 6
    _initialize = b"\xe1\x08\x00"

    def _prove(self, data):
        # There is no checksum. A bus that nothing drives reads 0xFF, which says "busy".
        pass


driver = AHT10
