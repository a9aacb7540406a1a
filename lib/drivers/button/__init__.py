"""A button: ON while it is pressed, and what presses mean together: click, double, long.

What is told is told as early as it is certain. A press that lasts is `long` while it is still held. A second press that
begins within double_ms of the first one's end makes `double`, at once. A click waits for neither where there is none to
wait for: without `double` it is told with the release, without `long` too with the press itself.
Times are counted between the ends of the contact's own changes, so that no debounce time is part of them.
"""

from drivers import const
from drivers.bounce import Bounce, ticks_diff
from drivers.thing import put

# Where it is.
_UP = const(0)
_DOWN = const(1)  # pressed, since _at
_AGAIN = const(2)  # released, at _at: a second press may follow
_OVER = const(3)  # pressed, and what that means is told


class Button(Bounce):
    """A contact at a machine.Pin. pull: "up", "down" or "none"; active_low: ON while the pin is low; debounce: ms.

    events: whether presses are events too; double_ms: how soon a second press must come; long_ms: how long a press is
    long. Of the two 0 means that there is no such event.
    """

    def __init__(
        self, pin, pull="up", active_low=True, debounce=30, events=True, double_ms=300, long_ms=800
    ):  # cold: once a button
        more = ("double_ms", double_ms, 2000), ("long_ms", long_ms, 10_000)
        Bounce.__init__(self, pin, pull, active_low, debounce, more)
        self._events = events
        self._double = double_ms
        self._long = long_ms
        self._state = _OVER if self._level else _UP  # held at the start: no press
        self._at = 0
        self._told = b""

    def poll(self):
        level = self._level
        left = Bounce.poll(self)
        if self._events:
            if level != self._level:
                self._changed()
            elif level == self._seen:  # else it may be released in time, which is not believed yet
                self._wait()
        return left

    def event(self, buf):
        """Writes the name of what has happened since the last call; how many bytes, 0: nothing has."""
        told = self._told
        self._told = b""
        return put(buf, 0, told)

    def _wait(self):
        if self._state == _DOWN:
            if self._long and ticks_diff(self._now, self._at) >= self._long:
                self._tell(b"long", _OVER)
        elif self._state == _AGAIN and ticks_diff(self._now, self._at) >= self._double:
            self._tell(b"click", _UP)

    def _changed(self):
        if self._level:
            self._begin()
        elif self._state != _DOWN:
            self._state = _UP
        elif self._long and ticks_diff(self._since, self._at) >= self._long:
            self._tell(b"long", _UP)
        elif self._double:
            self._state = _AGAIN
            self._at = self._since
        else:
            self._tell(b"click", _UP)

    def _begin(self):
        # A press.
        if self._state == _AGAIN:
            if ticks_diff(self._since, self._at) < self._double:
                return self._tell(b"double", _OVER)
            self._told = b"click"  # too late for a double, and nobody has looked in between
        if not self._double | self._long:
            return self._tell(b"click", _OVER)
        self._state = _DOWN
        self._at = self._since

    def _tell(self, what, state):
        self._told = what
        self._state = state


driver = Button
