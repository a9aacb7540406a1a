"""The pulse of the node: worst turn of the loop, least free heap, and when it is time to call this start a good one or
to publish the diagnostics. Always loaded, so it is small: what follows from a time being up is loaded for it.
"""

import gc

from micropython import const

from . import lazy

_LOOK_MS = const(10_000)  # from one look at the heap to the next: on a chip with much memory it takes milliseconds
_GOOD_S = const(60)  # a loop that turns for so long is alive
_AGAIN_S = const(1_800)  # in safe mode: until another start is tried


class Vitals:
    """A part of the station. due: the diagnostics are, as soon as no reading waits. loop_ms: the longest the loop has
    been busy; heap_low: the least that was free, garbage counted as used; both since they were published."""

    def __init__(self, station):
        self._station = station
        self._clock = station.clock
        self._every = station.settings["diagnostics"]
        self._next = self._every  # when diagnostics are due again, in seconds of uptime
        self.due = self._every > 0  # the first ones tell why it started
        self._good = False
        self._from = self._looked = self._clock.ticks_ms()
        self._planned = 0
        self.safe = station.settings["safe"]
        self.heap_low = gc.mem_free()
        self.loop_ms = 0

    def poll(self):
        """The first part of a turn: how much longer than planned was the pause before it?"""
        now = self._clock.ticks_ms()
        self._busy(self._clock.ticks_diff(now, self._from) - self._planned)
        self._from = now
        if self._clock.ticks_diff(now, self._looked) >= _LOOK_MS:
            self._looked = now
            self._look()
        if self._every and self._station.log.uptime.seconds >= self._next:
            self._next += self._every
            self.due = True
        if self.due and self._station.client.connected and not self._station.client.pending:
            self._publish()
        return _LOOK_MS

    def rest(self, ms):
        """The loop has done its work and waits at most that long."""
        now = self._clock.ticks_ms()
        self._busy(self._clock.ticks_diff(now, self._from))
        self._from = now
        self._planned = ms

    def _busy(self, ms):
        if ms > self.loop_ms:
            self.loop_ms = ms

    def _look(self):
        free = gc.mem_free()
        if free < self.heap_low:
            self.heap_low = free
        seconds = self._station.log.uptime.seconds
        if not self._good and seconds >= _GOOD_S:
            self._good = True
            lazy.once("boots", "proven")
        if self.safe and seconds >= _AGAIN_S:
            self._station.restart()  # perhaps everything works again

    def _publish(self):  # cold: once in minutes
        self.due = False
        try:
            lazy.once("diagnostics", "publish", self._station)
        except MemoryError:  # no reason to stop: the next ones may find room
            lazy.forget("diagnostics")
