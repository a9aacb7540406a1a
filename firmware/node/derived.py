"""Quantities that follow from others: dew point, absolute humidity, heat index. Loaded where config.json asks for one.

Whole numbers in, whole numbers out: temperatures in 0.01 °C, humidities in 0.01 %. No value on the way leaves 31 bits,
so nothing is allocated. Logarithms are in 2**-20. What goes in where is sources.py's.
"""

_LN2 = 726817  # 2**-20
_LN_100 = 9657742  # of 10000, which is 100 %
_DRY = 10  # 0.1 %: nothing has a dew point below


def dew_point(temperature, humidity):
    """In 0.01 °C, over water, by Magnus with the coefficients of the WMO (17.62, 243.12 °C); within 0.01 °C of it."""
    g = ln(max(humidity, _DRY)) - _LN_100 + _magnus(temperature) >> 5
    d = 577372 - g  # 17.62 in 2**-15
    return parts_of(24312, g, d)


def absolute_humidity(temperature, humidity):
    """In 0.01 g/m³: the water vapour's pressure (Magnus, 6.112 hPa at 0 °C) by its gas constant, 216.679 g K/J."""
    if humidity <= 0:
        return 0
    # 1324.342 = 6.112 * 216.679, in the units used
    return exp(ln(humidity) + _magnus(temperature) + 7537868 - ln(27315 + temperature))


def heat_index(temperature, humidity):
    """In 0.01 °C: what the air feels like in the shade, as the US National Weather Service computes it (SR 90-23)."""
    f, r = temperature * 9 // 5 + 3200, min(max(humidity, 0), 10000)
    simple = (f + (f + 6100 + (f - 6800) * 6 // 5 + r * 94 // 1000) // 2) // 2
    felt = simple if simple < 8000 else _rothfusz(f, r) + _correction(f, r)
    return (felt - 3200) * 5 // 9


def _rothfusz(f, r):
    # A polynomial of the temperature in 0.01 °F, each of its coefficients one of the humidity in 0.01 %.
    rr = r * r // 1000
    n = parts_of(f, -114720 + r * 20615 // 100 - rr * 3339 // 1000, 25600)  # the coefficient in 2**-24,
    n += 134284 - r * 14729 // 100 - r * 57 // 10000 + rr * 5589 // 1000  # and this in 2**-16
    return parts_of(f, n, 65536) - 4238 + r * 101433 // 10000 - rr * 5482 // 10000


def _correction(f, r):
    if r < 1300 and 8000 <= f <= 11200:
        return -(1300 - r) * _root((1700 - abs(f - 9500)) * 10000 // 17) // 4000
    if r > 8500 and 8000 <= f <= 8700:
        return (r - 8500) * (8700 - f) // 5000
    return 0


def _root(n):
    # The whole root.
    x = n
    y = (n + 1) // 2
    while y < x:
        x = y
        y = (x + n // x) // 2
    return x


def _magnus(t):
    # 17.62 t / (243.12 + t), the logarithm of how many times more vapour the air can hold than at 0 °C.
    n, d = 1762 * t, 24312 + t
    q = n // d
    return ((q << 14) + (((n - q * d) << 14) // d) << 6) // 100


def parts_of(a, n, d):
    """a n / d, rounded, for a up to 2**15 and d up to 2**20, of which the product need not fit."""
    q = n // d
    r = n - q * d
    high = (a >> 7) * r
    q2 = high // d
    return a * q + (q2 << 7) + ((high - q2 * d << 7) + (a & 127) * r + d // 2) // d


def ln(n):
    """The natural logarithm of a whole number from 1 to 2**16."""
    k = 14
    while n < 16384:
        n <<= 1
        k -= 1
    while n > 32767:
        n >>= 1
        k += 1
    # Of what is left, between 1 and 2: 2 artanh(s), whose series ends soon, in 2**-16.
    s = (n - 16384 << 16) // (n + 16384)
    q = s * s >> 16
    p = 13107 + (9362 * q >> 16)
    p = (21845 + (p * q >> 16)) * q >> 16
    return k * _LN2 + (s + (s * p >> 16) << 5)


def exp(x):
    """e to the x, x in 2**-20, as a whole number below 2**28."""
    k = x // _LN2
    r = x - k * _LN2 >> 6
    m, i = 16384, 6
    while i:
        m = 16384 + m * r // (i << 14)
        i -= 1
    return m << k - 14 if k >= 14 else (m + (1 << 13 - k) >> 14 - k if k > -16 else 0)
