"""Puts readings into their places on the displays: "{air.temperature}" in a display's `text` is the last one.

A display is an actuator whose driver has places() and place(i, text). Where a sensor is silent, its place says so.
"""

from micropython import const

from .source import Source
from .text import Decimal

_LOOK_MS = const(500)
_NOTHING = b"--"


def make(station):
    """The part that fills the displays of these settings."""
    return Shown(station)


class Shown:
    def __init__(self, station):  # cold: once
        self._clock = station.clock
        decimal = Decimal()
        sensors = {part.name: part for part in station.parts if hasattr(part, "read_now")}
        sources = {}
        self._places = []
        for thing in [part for part in station.parts if hasattr(part, "named")][0].displays():
            names = thing.places()
            for i in range(len(names)):
                name, _, quantity = names[i].partition(".")
                if name not in sources:
                    sources[name] = Source(sensors[name], station.clock)
                self._places.append(Place(thing, i, sources[name], quantity, decimal))

    def poll(self):
        now = self._clock.ticks_ms()
        for place in self._places:
            place.look(now)
        return _LOOK_MS


class Place:
    """Place i of a display, where a quantity of a source is shown."""

    def __init__(self, display, i, source, quantity, decimal):  # cold: once a place
        self._display = display
        self._i = i
        self._source = source
        self._at = [known[0] for known in source.quantities].index(quantity)
        self._decimals = source.quantities[self._at][2]
        self._decimal = decimal
        self._shown = 0  # the reading that is

    def look(self, now):
        source = self._source
        source.listen(now)
        if source.silent:
            if self._shown >= 0:
                self._shown = -1
                self._display.place(self._i, _NOTHING)
        elif source.known and source.count != self._shown:
            self._shown = source.count
            self._display.place(self._i, self._decimal.text(source.values[self._at], self._decimals))
