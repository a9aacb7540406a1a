"""What inputs at one pin share: a level that is believed once it has been the same for the debounce time.

The pin is looked at often; neither a bouncing contact nor a spike on a long wire counts. What a change means is the
part's: a subclass compares `_level` before and after poll(). Nothing of any one part lives here.
"""

from drivers import const
from drivers.thing import OFF, ON, put, ticks_diff, ticks_ms

_LOOK_MS = const(10)


class Bounce:
    """An input at a machine.Pin. active_low: whether it is ON while the pin is low; debounce: ms.

    more: (name, value, most) of each further number the part is given, from 0 on.
    """

    def __init__(self, pin, pull, active_low, debounce, more=()):  # cold: once an input
        if pull not in ("up", "down", "none"):
            raise ValueError("pull: expected one of up, down, none, found %r" % pull)
        for name, value, most in (("debounce", debounce, 1000),) + more:
            if not 0 <= value <= most:
                raise ValueError("%s: expected 0 to %d, found %r" % (name, most, value))
        pin.init(pin.IN, None if pull == "none" else getattr(pin, "PULL_" + pull.upper()))
        self._pin = pin
        self._low = 1 if active_low else 0
        self._debounce = debounce
        self._now = self._since = ticks_ms()  # of the last look; since when it is as it was seen last
        self._seen = self._level = self._look()

    def state(self, buf):
        return put(buf, 0, ON if self._level else OFF)

    def poll(self):
        """Looks at the pin; milliseconds until the next look."""
        self._now = ticks_ms()
        seen = self._look()
        if seen != self._seen:
            self._seen = seen
            self._since = self._now
        if seen != self._level and ticks_diff(self._now, self._since) >= self._debounce:
            self._level = seen
        return _LOOK_MS

    def _look(self):
        return self._pin.value() ^ self._low
