"""A cover with a motor for two directions behind two relays: a blind, an awning, a garage door. Position by time.

Both relays are never on together, and a motor that turns is given a pause before it turns the other way. Where the
cover is follows from how long it has moved; at either end it moves a little longer, so an error does not grow. After a
start it is unknown where the cover stands: it is taken for half open until it has been to an end.
"""

from drivers import const
from drivers.flat import NUMBER, Flat
from drivers.thing import LONG_MS, put, put_number, ticks_diff, ticks_ms

_STEP_MS = const(50)
_CLOSED = const(0)  # position, in hundredths of a percent
_OPEN = const(10_000)
_STILL = const(0)
_UP = const(1)
_DOWN = const(-1)
_NAMES = {_UP: b"opening", _DOWN: b"closing"}


class Cover:
    """A cover at two machine.Pins: the relay that opens it, the one that closes it.

    active_low: a relay is on while its pin is low. open_time, close_time: s from one end to the other; pause: ms
    between two directions; beyond: ms that it moves on at an end.
    """

    def __init__(
        self, pins, active_low=False, open_time=30, close_time=30, pause=500, beyond=2000
    ):  # cold: once a cover
        for name, value, least, most in (
            ("open_time", open_time, 1, 600),
            ("close_time", close_time, 1, 600),
            ("pause", pause, 100, 5000),
            ("beyond", beyond, 0, 10000),
        ):
            if not least <= value <= most:
                raise ValueError("%s: expected %d to %d, found %r" % (name, least, most, value))
        self._low = 1 if active_low else 0
        self._up, self._down = pins
        for pin in pins:
            pin.init(pin.OUT, value=self._low)
        self._times = (open_time * 1000, close_time * 1000)
        self._pause = pause
        self._beyond = beyond
        self._flat = Flat()
        self._at = self._goal = self._from = 5_000
        self._way = _STILL  # which relay is on
        self._since = ticks_ms()  # when it went on, or the last one off
        self._rests = False  # between two directions
        self._warm = False  # one was on within the pause; a tick of days ago is never compared

    def set(self, payload):
        """OPEN, CLOSE, STOP, or a table with a position (0 closed, 100 open)."""
        if payload and payload[0] == 123:  # {
            self._go_to(self._position(payload))
        elif payload == b"OPEN":
            self._go_to(_OPEN)
        elif payload == b"CLOSE":
            self._go_to(_CLOSED)
        elif payload == b"STOP":
            self.safe()
        else:
            self._bad("expected OPEN, CLOSE, STOP or a position")

    def _position(self, payload):
        flat = self._flat
        goal = -1
        flat.open(payload)
        while flat.next():
            if flat.key_is(b"position"):
                if flat.kind != NUMBER or not 0 <= flat.number <= 100_000:
                    self._bad("position: expected a number from 0 to 100")
                goal = (flat.number + 500) // 1000 * 100
        return goal if goal >= 0 else self._bad("expected a position")

    def _bad(self, expected):  # cold: only for a bad command
        raise ValueError(expected)

    def state(self, buf):
        at = put(buf, 0, b'{"state":"')
        at = put(buf, at, self._word())
        at = put(buf, at, b'","position":')
        at = put_number(buf, at, self._percent())
        return put(buf, at, b"}")

    def _percent(self):
        # While it moves, where it goes: one message at the beginning and one at the end, not one for each step.
        return (self._at if self._way == _STILL and not self._rests else self._goal) // 100

    def _word(self):
        way = self._wanted() if self._rests else self._way
        if way != _STILL:
            return _NAMES[way]
        # Not "stopped" in between: Home Assistant would make of it what the position before it was.
        return b"closed" if self._at <= _CLOSED else b"open"

    def poll(self):
        """A step of what it does; milliseconds until the next."""
        if self._warm:
            left = self._pause - ticks_diff(ticks_ms(), self._since)
            if left > 0:
                return left
            self._warm = False
        if self._rests:
            self._rests = False
            self._start(self._wanted())
        if self._way == _STILL:
            return LONG_MS
        return self._move(ticks_diff(ticks_ms(), self._since))

    def safe(self):
        """Stops at once."""
        if self._way != _STILL:
            self._move(ticks_diff(ticks_ms(), self._since))
        self._halt()
        self._goal = self._at

    # Moving

    def _go_to(self, goal):
        if self._way != _STILL:
            self._move(ticks_diff(ticks_ms(), self._since))
        self._goal = goal
        way = self._wanted()
        if way == self._way and not self._rests:
            if way == _STILL:
                return
            self._start(way)  # on the same way: counts from here
        elif self._way != _STILL or self._rests:
            self._halt()
            self._rests = True
        else:
            self._rest_or_start(way)

    def _rest_or_start(self, way):
        if self._warm:
            self._rests = True
        else:
            self._start(way)

    def _wanted(self):
        # At an end it may stand a little further than it is thought to be: it is always worth going there.
        if self._goal == _OPEN:
            return _UP
        if self._goal == _CLOSED:
            return _DOWN
        return _UP if self._goal > self._at else _DOWN if self._goal < self._at else _STILL

    def _start(self, way):
        self._from = self._at
        self._since = ticks_ms()
        self._warm = False
        self._way = way
        self._up.value(self._low ^ (way == _UP))
        self._down.value(self._low ^ (way == _DOWN))

    def _halt(self):
        self._up.value(self._low)
        self._down.value(self._low)
        if self._way != _STILL:
            self._since = ticks_ms()
            self._warm = True
        self._way = _STILL
        self._rests = False

    def _move(self, ms):
        # Where it is after so long on its way; off when it is there.
        span = self._times[self._way == _DOWN]
        gone = min(ms, span) * 100 // (span // 100)
        at = self._from + gone if self._way == _UP else self._from - gone
        self._at = min(max(at, _CLOSED), _OPEN)
        if self._is_there(ms, span):
            if not self._ends():
                self._at = self._goal
            self._halt()
            return self._pause
        return _STEP_MS

    def _is_there(self, ms, span):
        left = self._goal - self._from if self._way == _UP else self._from - self._goal
        needed = left * (span // 100) // 100
        return ms >= (needed + self._beyond if self._ends() else needed)

    def _ends(self):
        return self._goal == _OPEN or self._goal == _CLOSED


driver = Cover
