"""The station: joins the parts that config.json asks for and turns them, one short step after the other, for years.

A turn never waits longer than the next part, the network or the watchdog allows. What the parts do is theirs: each has
poll(), one step when it is time for one, which returns the milliseconds until the next; it may have online(), called
after every CONNACK, and stop(). Which parts there are is assembly.py's.
"""

import time

import machine
from micropython import const

from . import lazy
from .broker import Broker
from .network import Network
from .vitals import Vitals

_IDLE_MS = const(500)  # the longest sleep of a turn while the network is up,
_JOINING_MS = const(50)  # and while it is not, so that a connection is noticed at once
_LONG_MS = const(60_000)


class Station:
    """A node made of checked settings; what its parts need of each other they find here.

    reads=False: without the sensors.
    """

    def __init__(self, settings, log, clock=time, reads=True):
        self.settings = settings
        self.log = log
        self.clock = clock
        self.network = Network(settings, log, clock)
        self.broker = Broker(settings, self.network, log, self._online)
        self.client = self.broker.client
        self.wall = self.led = self.buses = None
        self.vitals = Vitals(self)
        self.parts = [self.vitals]
        lazy.once("assembly", "join", self, reads)
        self.watchdog = lazy.once("watchdog", "start", settings["watchdog"], log)

    def run(self):
        """Never returns; Ctrl-C on the console ends it."""
        self.start()
        while True:
            self.turn()

    def start(self):
        self.broker.start()

    def turn(self):
        """One turn of the loop: allocates nothing unless something has happened."""
        if self.watchdog:
            self.watchdog.feed()
        self.log.uptime.fold()
        free = self._work()
        self.network.poll(free, self.client.connected)
        free = min(free, _IDLE_MS if self.network.up() else _JOINING_MS)
        self.vitals.rest(free)
        self.broker.poll(free)

    def stop(self):
        self.calm()
        self.broker.stop()

    def calm(self):
        """Leaves nothing switched on that should not be."""
        for part in self.parts:
            if hasattr(part, "stop"):
                part.stop()

    def restart(self):  # cold: the end of a life
        """Says goodbye and starts anew: a start that went well. Does not return."""
        try:
            lazy.once("boots", "proven")
            self.stop()
        finally:
            machine.reset()

    def _online(self):
        for part in self.parts:
            if hasattr(part, "online"):
                part.online()

    def _work(self):
        # Lets each part take its step; for how many milliseconds none is due then.
        free = _LONG_MS
        for part in self.parts:
            free = min(free, part.poll())
        return free
