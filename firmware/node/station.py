"""The station: joins the parts that config.json asks for and turns them, one short step after the other, for years.

A turn never waits longer than the next part, the network or the watchdog allows. What the parts do is theirs: each has
poll(), one step when it is time for one, which returns the milliseconds until the next; it may have online(), called
after every CONNACK, and stop(). A module whose settings are not asked for is not loaded.
"""

import gc
import os
import time

import machine

from . import sensors
from .broker import Broker
from .bus import Buses
from .network import Network
from .watchdog import Watchdog

_IDLE_MS = 500  # the longest sleep of a turn while the network is up,
_JOINING_MS = 50  # and while it is not, so that a connection is noticed at once
_LONG_MS = 60_000


def _introduces(settings):
    # In a wake from deep sleep the broker still has what the first one told it. The file: announce.py.
    if settings["sleep"] and machine.reset_cause() == machine.DEEPSLEEP_RESET:
        return False
    return settings["discovery"] or "announced" in os.listdir()


# (module, whether these settings ask for it): each has make(station), which returns what has poll(). In this order.
_OPTIONAL = (
    ("discovery", _introduces),
    ("wall", lambda settings: settings["time"] or settings["payload"] == "json"),
    ("things", lambda settings: settings["actuators"] or settings["inputs"]),
)


class Station:
    """A node made of checked settings; what its parts need of each other they find here.

    reads=False: without the sensors.
    """

    def __init__(self, settings, log, clock=time, reads=True):
        self.settings = settings
        self.log = log
        self.clock = clock
        self.buses = Buses()
        self.network = Network(settings, log, clock)
        self.broker = Broker(settings, self.network, log, self._online)
        self.client = self.broker.client
        self.wall = None
        self.parts = []
        for name, asked in _OPTIONAL:
            if asked(settings):
                self.parts.append(_loaded(name).make(self))
        if reads:
            self.parts += sensors.all_of(settings, self.buses, self.client, log, clock, self.wall)
        self._watchdog = Watchdog(settings["watchdog"])
        self.broker.tell(["config.json: " + fault for fault in settings["faults"]])

    def run(self):
        """Never returns; Ctrl-C on the console ends it."""
        self.start()
        while True:
            self.turn()

    def start(self):
        self.broker.start()

    def turn(self):
        """One turn of the loop: allocates nothing unless something has happened."""
        self._watchdog.feed()
        self.log.uptime.fold()
        free = self._work()
        self.network.poll(free, self.client.connected)
        self.broker.poll(min(free, _IDLE_MS if self.network.up() else _JOINING_MS))

    def stop(self):
        for part in self.parts:
            if hasattr(part, "stop"):
                part.stop()
        self.broker.stop()

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


def _loaded(name):  # cold: once a part
    gc.collect()
    return __import__("node." + name, None, None, ("make",))
