"""A rain gauge with a tipping bucket and a reed contact: rain since the start, and how hard it rains.

The rate is that of the time between the last two tips, and falls as the next one keeps them waiting; an hour after the
last tip it is over.
"""

from drivers import const
from drivers.clock import ticks_diff, ticks_ms
from drivers.pinned import within
from drivers.pulses import Counting

_DRY_MS = const(3_600_000)
_TIPS = const(100_000)  # 28 m of rain: beyond it the total begins anew


# Conversion: per_tip in 0.0001 mm


def fallen(tips, per_tip):
    """0.01 mm."""
    return tips * (per_tip // 100) + tips * (per_tip % 100) // 100


def rate(ms, per_tip):
    """0.1 mm/h, of one tip in so many ms."""
    return per_tip * 3600 // ms


class RainGauge(Counting):
    """A bucket that tips at a machine.Pin. per_tip: 0.0001 mm; debounce: ms."""

    quantities = (("rain", "mm", 2), ("rain_rate", "mm/h", 1))

    _name = "the rain gauge"
    _folder = "rain_gauge"
    _most = 10

    def __init__(self, pin, pull="up", debounce=10, per_tip=2794):  # cold: once a sensor
        self._per_tip = within("per_tip", per_tip, 100, 100_000)
        super().__init__(pin, pull, debounce)
        self._tips = 0
        self._last = ticks_ms()
        self._gap = 0  # between the last two tips, in ms; 0: there was none before, or none for an hour
        self._wet = False

    def read(self, values):
        """Fill `values`. Raises SensorError."""
        self.take()
        if self.n:
            self._tipped()
        self._tips = (self._tips + self.n) % _TIPS
        values[0] = fallen(self._tips, self._per_tip)
        values[1] = self._rate()
        return True

    def _tipped(self):
        # More than one since the last reading: the mean time between them.
        last = self._pulses.last
        if self._wet:
            self._gap = ticks_diff(last, self._last) // self.n + 1
        else:
            self._gap = self.ms // self.n + 1 if self.n > 1 else 0
        self._last = last
        self._wet = True

    def _rate(self):
        if not self._wet:
            return 0
        since = ticks_diff(ticks_ms(), self._last)
        if since >= _DRY_MS:
            self._wet = False
        return rate(max(self._gap, since), self._per_tip) if self._wet and self._gap else 0


driver = RainGauge
