"""Actuators that are after a start what they were before: their states wait in a file (states.py).

Nothing here knows a part: a state as a driver says it is a command that it obeys. What a shutdown makes of an actuator
is not kept, so that after a restart it is what it was; the safe state of a lost broker is one like any other.
Loaded with the first such actuator.
"""

from micropython import const

from . import lazy
from .log import Voice
from .things import Actuator

_REST_S = const(5)  # what changes together is written together
_EACH_S = const(600)  # from one write to the next in the long run, which flash bears for decades
_AHEAD_S = const(7200)  # and so much of it may be used up at once


class Keeper:
    """What all of them share. states: {name: bytes}, as they are now."""

    def __init__(self, log):  # cold: once
        self._uptime = log.uptime
        self._voice = Voice(log, "states")
        self._due = 0  # when it is time to write, in seconds; 0: nothing has changed
        self._used = 0  # until when the writes so far would have lasted, in seconds
        self.states = {}
        self.written = lazy.once("states", "read")
        if self.written is None:
            self.written = {}
            self._due = _REST_S
            log.warn("states", "the file is damaged: what should be as it was begins off")

    def changed(self, name, state):
        self.states[name] = state
        if not self._due:
            self._due = max(self._uptime.seconds + _REST_S, self._used - _AHEAD_S)

    def poll(self):
        if self._due and self._uptime.seconds >= self._due:
            self.write()

    def write(self):  # cold: after a change
        """Now, unless the file says the same."""
        self._due = 0
        if self.states == self.written:
            return
        now = self._uptime.seconds
        self._used = max(self._used, now) + _EACH_S
        try:
            lazy.once("states", "write", self.states)
            self.written = self.states.copy()
            self._voice.well("written again")
        except (OSError, MemoryError) as fault:  # no reason not to run
            self._due = now + _EACH_S
            self._voice.trouble("cannot be written (%s): is the flash full?" % (str(fault) or repr(fault)))


class Restored(Actuator):
    def __init__(self, driver, topic, entry, name, text, station):  # cold: once an actuator
        super().__init__(driver, topic, entry, name, text, station)
        if not hasattr(station, "keep"):
            station.keep = Keeper(station.log)
        self._keep = station.keep
        try:
            if name in self._keep.written:
                driver.set(self._keep.written[name])
        except Exception as fault:  # the name was another part's before
            self._log.warn(name, "cannot be as it was: %s" % (str(fault) or repr(fault)))
        self._state = self._keep.states[name] = bytes(self._view())

    def stop(self):
        self._look()
        self._keep.write()
        super().stop()

    def _step(self):
        self._look()
        self._keep.poll()
        return super()._step()  # which may raise, while the outbox is full

    def _look(self):
        state = self._view()
        if state != self._state:
            self._state = bytes(state)
            self._keep.changed(self.name, self._state)

    def _view(self):
        return self._text.view(self.driver.state(self._text.buf))


make = Restored
