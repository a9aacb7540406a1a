"""Bosch's compensation formulas for BME280 and BMP280 in double precision, and their inverse.

From the data sheets (BST-BME280-DS002, BST-BMP280-DS001, appendix). The models find with the inverse what a part would
deliver in a given air, so an integer driver is tested against an independent path. Only mathematics lives here.
"""

import struct
from typing import NamedTuple

from ..weather import Truth


class Calibration(NamedTuple):
    """Trimming words by their data sheet names, T1-T3, P1-P9, H1-H6."""

    t: tuple[int, ...]
    p: tuple[int, ...]
    h: tuple[int, ...]

    def low(self) -> bytes:
        """Registers 0x88 to 0xA1."""
        return struct.pack("<HhhHhhhhhhhhxB", *self.t, *self.p, self.h[0])

    def high(self) -> bytes:
        """Registers 0xE1 to 0xE7. H4 and H5 are 12 bits each and share 0xE5."""
        _, h2, h3, h4, h5, h6 = self.h
        return struct.pack("<hBbBbb", h2, h3, h4 >> 4, (h4 & 15) | (h5 & 15) << 4, h5 >> 4, h6)


# Read out of a real BME280.
REAL = Calibration(
    (28176, 26220, 350), (38237, -10824, 3024, 7799, -99, -7, 9900, -10230, 4285), (75, 366, 0, 309, 0, 30)
)


def t_fine(cal: Calibration, raw: int) -> float:
    t1, t2, t3 = cal.t
    return (raw / 16384 - t1 / 1024) * t2 + (raw / 131072 - t1 / 8192) ** 2 * t3


def temperature(cal: Calibration, raw: int) -> float:
    """°C."""
    return t_fine(cal, raw) / 5120


def pressure(cal: Calibration, raw: int, fine: float) -> float:
    """Pa."""
    p1, p2, p3, p4, p5, p6, p7, p8, p9 = cal.p
    var1 = fine / 2 - 64000
    var2 = var1 * var1 * p6 / 32768 + var1 * p5 * 2
    var2 = var2 / 4 + p4 * 65536
    var1 = (p3 * var1 * var1 / 524288 + p2 * var1) / 524288
    var1 = (1 + var1 / 32768) * p1
    p = (1048576 - raw - var2 / 4096) * 6250 / var1
    return p + (p9 * p * p / 2147483648 + p * p8 / 32768 + p7) / 16


def humidity(cal: Calibration, raw: int, fine: float) -> float:
    """%, clipped to 0 to 100 as the data sheet does."""
    h1, h2, h3, h4, h5, h6 = cal.h
    var = fine - 76800
    var = (raw - (h4 * 64 + h5 / 16384 * var)) * (h2 / 65536 * (1 + h6 / 67108864 * var * (1 + h3 / 67108864 * var)))
    return min(100.0, max(0.0, var * (1 - h1 * var / 524288)))


def inverse(function, wanted: float, low: int, high: int, rising: bool) -> int:
    """The raw value at which a monotone function is nearest to `wanted`."""
    while high - low > 1:
        middle = (low + high) // 2
        if (function(middle) < wanted) == rising:
            low = middle
        else:
            high = middle
    return min((low, high), key=lambda raw: abs(function(raw) - wanted))


def raw_values(cal: Calibration, truth: Truth) -> tuple[int, int, int]:
    """(adc_T, adc_P, adc_H) that a part with this calibration delivers in this air."""
    raw_t = inverse(lambda raw: temperature(cal, raw), truth.temperature, 0, 0xFFFFF, rising=True)
    fine = t_fine(cal, raw_t)
    raw_p = inverse(lambda raw: pressure(cal, raw, fine), truth.pressure * 100, 0, 0xFFFFF, rising=False)
    raw_h = inverse(lambda raw: humidity(cal, raw, fine), truth.humidity, 0, 0xFFFF, rising=True)
    return raw_t, raw_p, raw_h
