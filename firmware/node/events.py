"""Inputs that tell events, such as a click: each is one message, not retained, on the topic of the input with /event.

An event is for now and waits for nobody: without a broker only rules hear of it, and what a connection could not
deliver is taken back when there is another, so that a click of an hour ago opens no door. How: unheard.py.
Loaded with the first such input.
"""

from . import lazy
from .things import Thing


class Teller(Thing):
    """log and client are the station's; topic: of the events; pending: whether this connection was given one."""

    def __init__(self, driver, topic, entry, name, text, station):  # cold: once an input
        from . import parts, topics

        super().__init__(driver, topic, entry, name, text, station)
        settings = station.settings
        homie = settings["discovery"] == "homie"
        self.log = station.log
        self.client = station.client
        self.topic = topics.of_thing(settings, entry, name, "event").encode()
        self.pending = False
        self._qos = 0 if settings["store"] else entry["qos"]  # the file is for what waits
        names = parts.events(entry)
        self.waiting = []  # who is told
        self._names = [name.encode() for name in names]
        self._texts = self._names if homie else [('{"event_type":"%s"}' % name).encode() for name in names]

    def tell(self, hear):
        """hear(name) is called with each event from now on; name is bytes."""
        self.waiting.append(hear)

    def online(self):
        super().online()
        if self.pending:
            self.pending = False
            lazy.once("unheard", "withdraw", self)

    def _step(self):
        left = super()._step()
        n = self.driver.event(self._text.buf)
        if n:
            self._heard(self._text.view(n))
        return left

    def _heard(self, word):
        at = 0
        while word != self._names[at]:
            at += 1
        for hear in self.waiting:
            hear(self._names[at])
        if self.client.connected:
            self.client.publish(self.topic, self._texts[at], self._qos)
            self.pending = True
        else:
            lazy.once("unheard", "lost", self, self._names[at])
