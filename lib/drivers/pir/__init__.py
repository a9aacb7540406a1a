"""A motion sensor with a digital output: a PIR (HC-SR501, AM312), or a radar with such an output.

Its output goes high for each motion, mostly for moments. ON begins with it and lasts until nothing has moved for the
hold time. A PIR settles for up to a minute after it has got power, and its output means nothing then (HC-SR501 data
sheet, notes: initialisation of about a minute).
"""

from drivers.bounce import Bounce, ticks_diff
from drivers.thing import OFF, ON, put


class Pir(Bounce):
    """An output at a machine.Pin. hold, warm_up: s; debounce: ms."""

    def __init__(self, pin, pull="down", active_low=False, debounce=100, hold=30, warm_up=60):  # cold: once a sensor
        Bounce.__init__(self, pin, pull, active_low, debounce, (("hold", hold, 3600), ("warm_up", warm_up, 300)))
        self._hold = hold * 1000
        self._warm_up = warm_up * 1000
        self._on = False
        self._at = self._now  # of the start; of the last motion from then on

    def state(self, buf):
        return put(buf, 0, ON if self._on else OFF)

    def poll(self):
        left = Bounce.poll(self)
        self._settle()
        return left

    def _settle(self):
        if self._warm_up:
            if ticks_diff(self._now, self._at) < self._warm_up:
                return
            self._warm_up = 0
        if self._level:
            self._on = True
            self._at = self._now
        elif self._on and ticks_diff(self._now, self._at) >= self._hold:
            self._on = False


driver = Pir
