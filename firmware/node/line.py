"""A straight line of whole numbers, without floats and without leaving 31 bits once it is made."""


class Line:
    """scale * x + offset, rounded: the scale as a whole number and two digits of 14 bits behind it."""

    def __init__(self, scale, offset):  # cold: once
        self._whole = int(scale // 1)
        rest = (scale - self._whole) * 16384
        self._high = int(rest)
        self._low = int((rest - self._high) * 16384 + 0.5)
        self._add = int(offset // 1)
        self._rest = int((offset - self._add) * 16384) + 8192

    def of(self, x):
        high = x >> 14
        low = x & 16383
        rest = low * self._high + high * self._low + (low * self._low >> 14) + self._rest
        return x * self._whole + high * self._high + self._add + (rest >> 14)
