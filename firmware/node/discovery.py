"""When the node introduces itself: after each connection, and when Home Assistant says that it has started.

How is told by one module for each convention, homeassistant.py and homie.py: steps(station, states) is a generator of
milliseconds to wait. It is loaded for the purpose and forgotten; in between nothing of it is in memory. Where no
convention is asked for any more, what an earlier one left at the broker is cleared.
"""

import random

from micropython import const

from . import lazy
from .log import Voice

_LONG_MS = const(60_000)
_SPREAD_MS = const(10_000)  # not all nodes of a house at once
_RETRY_MS = const(30_000)


def make(station):
    """The part of the station; made before the sensors."""
    if station.settings["discovery"] == "homie":
        for entry in station.settings["sensors"]:
            entry["retain"] = True  # all values of a Homie device are
    return Discovery(station)


class Discovery:
    """`busy` while something is still to be announced."""

    def __init__(self, station):
        self._station = station
        self._voice = Voice(station.log, "discovery")
        self._kind = station.settings["discovery"]
        self._steps = None
        self._due = 0
        self._states = True  # to be sent afterwards: the first time, and when Home Assistant has lost them
        self.busy = False
        if self._kind == "homeassistant" and not station.settings["sleep"]:
            from . import topics

            station.client.subscribe(topics.of_discovery(station.settings, "status"), 1, self._born)

    def online(self):
        """After every CONNACK: what was under way begins anew."""
        self._begin(0)

    def poll(self):
        """One step when it is time for one: milliseconds until the next."""
        if not self.busy or not self._station.client.connected:
            return _LONG_MS
        clock = self._station.clock
        left = clock.ticks_diff(self._due, clock.ticks_ms())
        return left if left > 0 else self._step()

    def _born(self, message):
        # One that is retained says nothing new: the node has introduced itself when it subscribed.
        if message.payload_is(b"online") and not message.retain:
            self._states = True
            self._begin(random.getrandbits(16) % _SPREAD_MS)

    def _begin(self, ms):
        self._steps = None
        self.busy = True
        self._wait(ms)

    def _wait(self, ms):
        clock = self._station.clock
        self._due = clock.ticks_add(clock.ticks_ms(), ms)
        return ms

    def _step(self):  # cold: while the node introduces itself
        try:
            if self._steps is None:
                self._steps = lazy.load(self._kind or "announce").steps(self._station, self._states)
            return self._wait(next(self._steps))
        except StopIteration:
            self._states = self.busy = False
            self._voice.well("introduced")
            left = _LONG_MS
        except (MemoryError, OSError) as fault:  # the parts go on working without
            self._voice.trouble("cannot introduce the node: %s" % (fault or repr(fault)))
            left = self._wait(_RETRY_MS)
        self._steps = None
        lazy.forget("homeassistant", "homie", "entities", "announce")
        lazy.once("tidy", "up")  # the tables of the drivers were asked for the quantities
        return left
