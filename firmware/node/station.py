"""The station: joins the parts that config.json asks for and turns them, one short step after the other, for years.

A turn never waits longer than the next part, the network or the watchdog allows. What the parts do is theirs: each has
poll(), one step when it is time for one, which returns the milliseconds until the next; it may have online(), called
after every CONNACK, and stop(). A module whose settings are not asked for is not loaded.
"""

import os
import time

import machine

from . import lazy, sensors
from .broker import Broker
from .bus import Buses
from .network import Network
from .vitals import Vitals
from .watchdog import Watchdog

_IDLE_MS = 500  # the longest sleep of a turn while the network is up,
_JOINING_MS = 50  # and while it is not, so that a connection is noticed at once
_LONG_MS = 60_000


def _introduces(settings):
    # In a wake from deep sleep the broker still has what the first one told it, and in safe mode what is not running is
    # not gone. The file: announce.py.
    if settings["safe"] or settings["sleep"] and machine.reset_cause() == machine.DEEPSLEEP_RESET:
        return False
    return settings["discovery"] or "announced" in os.listdir()


# (module, whether these settings ask for it): each has make(station), which returns what has poll(). In this order.
_OPTIONAL = (
    ("discovery", _introduces),
    ("wall", lambda settings: settings["time"] or settings["payload"] == "json"),
    ("led", lambda settings: settings["led"]),
    ("things", lambda settings: settings["actuators"] or settings["inputs"]),
    ("trial", lambda settings: settings["trial"]),
    ("commands", lambda settings: settings["commands"]),
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
        self.led = self.wall = None
        self.vitals = Vitals(self)
        self.parts = [self.vitals]
        for name, asked in _OPTIONAL:
            if asked(settings):
                self.parts.append(lazy.load(name).make(self))
        if reads:
            self.parts += sensors.all_of(settings, self.buses, self.client, log, clock, self.wall)
        self.watchdog = Watchdog(settings["watchdog"])

    def run(self):
        """Never returns; Ctrl-C on the console ends it."""
        self.start()
        while True:
            self.turn()

    def start(self):
        self.broker.start()

    def turn(self):
        """One turn of the loop: allocates nothing unless something has happened."""
        self.watchdog.feed()
        self.log.uptime.fold()
        free = self._work()
        self.network.poll(free, self.client.connected)
        free = min(free, _IDLE_MS if self.network.up() else _JOINING_MS)
        self.vitals.rest(free)
        self.broker.poll(free)

    def stop(self):
        for part in self.parts:
            if hasattr(part, "stop"):
                part.stop()
        self.broker.stop()

    def restart(self):  # cold: the end of a life
        """Says goodbye and starts anew: a start that went well. Does not return."""
        try:
            lazy.load("boots").proven()
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
