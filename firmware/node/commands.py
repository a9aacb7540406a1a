"""Commands to the node itself, on `<base>/<name>/cmd/<word>`. Always loaded, so here is only what waits for
one: hear.py takes it, obey.py runs a module of cmd/, and all are forgotten again.

A command runs in the loop's own turn, not inside the client.
"""

import gc

from . import lazy


class Commands:
    """A part of the station. waiting: [(word, payload)]; ear: the hear.Ear that is in the middle of a long message."""

    def __init__(self, station):
        self.station = station
        self.waiting = []
        self.ear = None
        self.before = 0  # of a topic, the characters before the word; 0: not subscribed yet

    def online(self):
        """Subscribe, with the first connection: what it loads finds more room than while the station is made."""
        if not self.before:
            self._listen()

    def poll(self):
        """Run one command, if there is one."""
        if not self.before and self.station.client.connected:
            self._listen()
        if not self.waiting:
            return 60_000
        lazy.once("obey", "run", self)
        return 0

    def _listen(self):  # cold: once
        wanted = self.station.broker.beside("cmd/+")
        gc.collect()
        try:
            self.station.client.subscribe(wanted, 1, self._heard, stream=True)
        except MemoryError:  # readings go on without commands, and there may be room at the next turn
            return
        self.station.client.on_oversize = self._oversize
        self.before = len(wanted) - 1

    def _heard(self, message):
        if not self.ear:
            self.ear = lazy.once("hear", "Ear", self)
        self.ear.take(message)

    def _oversize(self, topic, length):
        lazy.once("hear", "oversize", self, topic, length)


def make(station):
    return Commands(station)
