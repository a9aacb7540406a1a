"""Relays of which one at most is on: the two ways of a motor, two sources of one load. Loaded with the first of them.

Such a relay has a Locked between its driver and the node, a driver too. Which groups make sense is locked.py's.
"""

from micropython import const

_ON = b"ON"
_OFF = b"OFF"
_MOST_MS = const(120_000)  # longer than any pause; ticks of days ago are never compared


class Locked:
    """A driver that goes on when all others of its group have been off for its `interlock_wait`.

    groups: {word: its members}, of this node; text: what a driver writes its state into.
    """

    def __init__(self, driver, entry, groups, text, clock):  # cold: once a relay
        self._driver = driver
        self._buf = text.buf
        self._clock = clock
        self._wait = entry["interlock_wait"]
        self._group = groups.setdefault(entry["interlock"], [])
        self._group.append(self)
        self._wanted = False  # it was told to go on, and waits
        self._was = False  # on, when it was looked at last
        self._warm = False  # it was on not long ago: until _since
        self._since = 0
        self.state = driver.state

    def set(self, payload):
        """The last command of a group counts: who waits to go on waits no longer."""
        if payload == _ON and not self._is_on():
            for other in self._group:
                if other is not self:
                    other.give_way()
            self._wanted = True
            self.poll()
        else:
            self._driver.set(payload)
            self._wanted = False
            self._look()

    def poll(self):
        left = self._driver.poll()
        self._look()
        if self._wanted:
            rest = self._rest()
            if rest > 0:
                return min(left, rest)
            self._wanted = False
            self._driver.set(_ON)
            left = self._driver.poll()
        return left

    def safe(self):
        """What waits to go on does not."""
        self._wanted = False
        self._driver.safe()
        self._look()

    def give_way(self):
        """Off, for another."""
        self._wanted = False
        if self._is_on():
            self._was = True
            self._driver.set(_OFF)
        self._look()

    def _is_on(self):
        return self._buf.find(_ON, 0, self._driver.state(self._buf)) >= 0

    def _look(self):
        on = self._is_on()
        if on or self._was:
            self._since = self._clock.ticks_ms()
            self._warm = True
        elif self._warm and self._clock.ticks_diff(self._clock.ticks_ms(), self._since) > _MOST_MS:
            self._warm = False
        self._was = on

    def _rest(self):
        # Milliseconds for which the others have not been off yet.
        rest = 0
        now = self._clock.ticks_ms()
        for other in self._group:
            if other is not self and other._warm:
                rest = max(rest, self._wait - self._clock.ticks_diff(now, other._since))
        return rest


make = Locked
