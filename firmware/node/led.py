"""The status LED: tells somebody on the ladder what the node is at. A pattern is a round of milliseconds, on and off in
turn.
"""

import machine
from micropython import const

_LOOK_MS = const(500)
_IDENTIFY_MS = const(10_000)

PATTERNS = {
    "joining": (100, 900),  # no network yet
    "offline": (100, 150, 100, 1650),  # a network, no broker
    "ok": (30, 4970),
    "fault": (100, 150, 100, 150, 100, 1400),  # a fault in config.json: the last good one is used
    "safe": (1000, 1000),  # after too many failed starts
    "portal": (500, 200, 100, 200),  # nothing is set up yet: join its Wi-Fi
    "identify": (80, 80),
}


class Led:
    """A part of the station. It looks at the others by itself; show() is for what only a person can ask."""

    def __init__(self, station):
        self._station = station
        self._clock = station.clock
        entry = station.settings["led"]
        self._off = 1 if entry["active_low"] else 0
        self._pin = machine.Pin(entry["pin"], machine.Pin.OUT, value=self._off)
        self._due = self._until = self._clock.ticks_ms()
        self._asked = False
        self.pattern = None
        self._round = None
        self._at = 0

    def poll(self):
        """One step when it is time for one."""
        now = self._clock.ticks_ms()
        self._look(now)
        left = self._clock.ticks_diff(self._due, now)
        if left > 0:
            return left if left < _LOOK_MS else _LOOK_MS
        return self._step(now)

    def show(self, pattern):
        """Ten seconds of this pattern."""
        self._until = self._clock.ticks_add(self._clock.ticks_ms(), _IDENTIFY_MS)
        self._asked = True
        self._begin(pattern)

    def stop(self):
        self._pin.value(self._off)

    def _look(self, now):
        if self._asked and self._clock.ticks_diff(self._until, now) <= 0:
            self._asked = False
        if not self._asked:
            self._begin(self._state())

    def _state(self):
        station = self._station
        if not station.network.up():
            return "joining"
        if not station.client.connected:
            return "offline"
        if station.settings["safe"]:
            return "safe"
        return "fault" if station.settings["faults"] else "ok"

    def _begin(self, pattern):
        if pattern is not self.pattern:
            self.pattern = pattern
            self._round = PATTERNS[pattern]
            self._at = 0
            self._due = self._clock.ticks_ms()

    def _step(self, now):
        ms = self._round[self._at]
        self._pin.value(self._off if self._at & 1 else 1 - self._off)
        self._at = (self._at + 1) % len(self._round)
        self._due = self._clock.ticks_add(now, ms)
        return ms if ms < _LOOK_MS else _LOOK_MS


def make(station):
    station.led = Led(station)
    return station.led
