"""The station: joins the parts that config.json asks for and turns them, one short step after the other, for years.

A turn never waits longer than the next sensor, the network or the watchdog allows. What the parts do is theirs.
"""

import time

from . import sensors
from .broker import Broker
from .bus import Buses
from .log import Voice
from .network import Wifi
from .watchdog import Watchdog

_IDLE_MS = 500  # the longest sleep of a turn while the network is up,
_JOINING_MS = 50  # and while it is not, so that a connection is noticed at once
_LONG_MS = 60_000


class Station:
    """A node made of checked settings."""

    def __init__(self, settings, log, clock=time):
        self._uptime = log.uptime
        self._wifi = Wifi(settings, Voice(log, "wifi"), clock)
        self._broker = Broker(settings, self._wifi, log)
        self._sensors = sensors.all_of(settings, Buses(), self._broker.client, log, clock)
        self._watchdog = Watchdog(settings["watchdog"])
        self._broker.tell(["config.json: " + fault for fault in settings["faults"]])

    def run(self):
        """Never returns; Ctrl-C on the console ends it."""
        self.start()
        while True:
            self.turn()

    def start(self):
        self._broker.start()

    def turn(self):
        """One turn of the loop: allocates nothing unless something has happened."""
        self._watchdog.feed()
        self._uptime.fold()
        free = self._read()
        self._wifi.poll(free)
        self._broker.poll(min(free, _IDLE_MS if self._wifi.up() else _JOINING_MS))

    def stop(self):
        self._broker.stop()

    def _read(self):
        # Lets each sensor take its step; for how many milliseconds none is due then.
        free = _LONG_MS
        for sensor in self._sensors:
            free = min(free, sensor.poll())
        return free
