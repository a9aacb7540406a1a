"""An anemometer with cups and a reed contact: the mean wind of some time, and its strongest gust.

A gust is the highest mean of three seconds (WMO-No. 8, chapter 5). So a reading lasts as long as its window: it is
taken in steps of a second, which `read` answers with False, and the last three of them are at hand.
"""

from drivers import const
from drivers.pinned import within
from drivers.pulses import Counting

_STEP_MS = const(1000)
_LATE_MS = const(2000)  # a step that took longer is no part of a gust


# Conversion


def speed(n, ms, per_hertz):
    """0.01 m/s, of n pulses in ms; per_hertz is mm/s at one pulse a second."""
    n *= per_hertz
    return n // ms * 100 + n % ms * 100 // ms


class Anemometer(Counting):
    """Cups that close a contact at a machine.Pin. window: s, whose mean is a reading; per_hertz: mm/s; debounce: ms."""

    quantities = (("wind_speed", "m/s", 2), ("wind_gust", "m/s", 2))

    _name = "the anemometer"
    _folder = "anemometer"
    _most = 250

    def __init__(self, pin, pull="up", debounce=3, window=60, per_hertz=667):  # cold: once a sensor
        self._window = within("window", window, 3, 600) * _STEP_MS
        self._per_hertz = within("per_hertz", per_hertz, 10, 3000)
        super().__init__(pin, pull, debounce)
        self._steps = [0, 0, 0]  # pulses in each of the last three
        self._times = [0, 0, 0]
        self._restart()

    def _restart(self):
        self._sum = self._took = self._gust = self._fresh = 0

    def start(self):
        """A step of a reading: milliseconds until the next."""
        if not self._took:  # what came between two readings is in neither
            self.take()
        return _STEP_MS

    def read(self, values):
        """Fill `values`; False until the window is over. Raises SensorError."""
        self.take()
        self._sum += self.n
        self._took += self.ms
        if self.ms:
            self._remember()
        if self._took < self._window:
            return False
        values[0] = speed(self._sum, self._took, self._per_hertz)
        values[1] = max(self._gust, values[0])
        self._restart()
        return True

    def _remember(self):
        steps, times = self._steps, self._times
        steps[0] = steps[1]
        steps[1] = steps[2]
        steps[2] = self.n
        times[0] = times[1]
        times[1] = times[2]
        times[2] = self.ms
        self._fresh = 0 if self.ms > _LATE_MS else self._fresh + 1
        if self._fresh >= 3:
            self._blow(steps[0] + steps[1] + steps[2], times[0] + times[1] + times[2])

    def _blow(self, n, ms):
        gust = speed(n, ms, self._per_hertz)
        if gust > self._gust:
            self._gust = gust


driver = Anemometer
