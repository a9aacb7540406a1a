"""Integers as decimal text, without allocating.

A reading is an integer in the smallest unit (2153 is 21.53); %, str() and f-strings would make a new string for each.
One Decimal owns one buffer and a view of each of its tails, all made once. No topics and no units in here.
"""

_SIZE = 24  # 19 digits of a 64-bit integer, a sign, a point and some zeros in front


class Decimal:
    """Writes numbers into one buffer; what `text` returns is valid until its next call."""

    def __init__(self):
        self._buf = bytearray(_SIZE)
        view = memoryview(self._buf)
        self._tails = [view[at:] for at in range(_SIZE)]

    def text(self, value, decimals, unit=None):
        """The view of value / 10**decimals as plain text: (2153, 2) is 21.53, (-5, 2) is -0.05, (7, 0) is 7.

        The unit does not show: plain text has none.
        """
        at = self._digits(-value if value < 0 else value, decimals)
        if value < 0:
            at -= 1
            self._buf[at] = 45  # -
        return self._tails[at]

    def _digits(self, value, decimals):
        # From the right, at least one digit before the point: `decimals` counts down and the point comes at 0.
        buf = self._buf
        at = _SIZE
        while value or decimals >= 0:
            at -= 1
            buf[at] = 48 + value % 10
            value //= 10
            decimals -= 1
            if decimals == 0:
                at -= 1
                buf[at] = 46  # .
        return at
