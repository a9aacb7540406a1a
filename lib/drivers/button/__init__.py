"""A button, a switch, a reed contact, a float: whatever opens and closes a contact at one pin.

The pin is looked at often and believed once it has been the same for the debounce time, so neither bouncing nor a spike
on a long wire counts. What presses mean together (click, double, long) would be told from here on.
"""

from drivers.thing import OFF, ON, put, ticks_diff, ticks_ms

_LOOK_MS = 10


class Button:
    """A contact at a machine.Pin. pull: "up", "down" or "none"; active_low: ON while the pin is low; debounce: ms."""

    def __init__(self, pin, pull="up", active_low=True, debounce=30):  # cold: once a button
        if pull not in ("up", "down", "none"):
            raise ValueError('pull: expected "up", "down" or "none", found %r' % pull)
        if not 0 <= debounce <= 1000:
            raise ValueError("debounce: expected 0 to 1000 ms, found %r" % debounce)
        pin.init(pin.IN, None if pull == "none" else getattr(pin, "PULL_" + pull.upper()))
        self._pin = pin
        self._low = 1 if active_low else 0
        self._debounce = debounce
        self._seen = self._level = self._look()
        self._since = ticks_ms()

    def state(self, buf):
        return put(buf, 0, ON if self._level else OFF)

    def poll(self):
        """Looks at the pin; milliseconds until the next look."""
        now = ticks_ms()
        seen = self._look()
        if seen != self._seen:
            self._seen = seen
            self._since = now
        if seen != self._level and ticks_diff(now, self._since) >= self._debounce:
            self._level = seen
        return _LOOK_MS

    def _look(self):
        return self._pin.value() ^ self._low


driver = Button
