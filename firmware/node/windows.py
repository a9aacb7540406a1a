"""The last readings of a quantity, and what counts of them: median, mean, least or greatest. Allocates nothing."""


class Window:
    """The last `size` values; a subclass says what counts of them."""

    def __init__(self, size):  # cold: once
        self._all = [0] * size
        self._size = self._at = 0

    def clear(self):
        self._size = self._at = 0

    def of(self, value):
        self._all[self._at] = value
        self._at = (self._at + 1) % len(self._all)
        self._size = min(self._size + 1, len(self._all))
        return self._counts(value)


class Median(Window):
    KEY = "median"

    def __init__(self, size):  # cold: once
        super().__init__(size)
        self._sorted = [0] * size

    def _counts(self, value):
        n = self._size
        for i in range(n):
            value = self._all[i]
            j = i
            while j and self._sorted[j - 1] > value:
                self._sorted[j] = self._sorted[j - 1]
                j -= 1
            self._sorted[j] = value
        return self._sorted[n // 2] if n & 1 else (self._sorted[n // 2 - 1] + self._sorted[n // 2]) // 2


class Average(Window):
    KEY = "average"

    def _counts(self, value):
        # Of what they differ from this one, since their sum may not fit.
        n = self._size
        more = n // 2
        for i in range(n):
            more += self._all[i] - value
        return value + more // n


class Lowest(Window):
    KEY = "min"

    def _counts(self, value):
        for i in range(self._size):
            value = min(value, self._all[i])
        return value


class Highest(Window):
    KEY = "max"

    def _counts(self, value):
        for i in range(self._size):
            value = max(value, self._all[i])
        return value


KINDS = (Median, Average, Lowest, Highest)  # a reading goes through them in this order
