"""The station: joins the parts that config.json asks for and turns them, one short step after the other, for years."""

import gc
import sys
import time

import machine

from . import sensors
from .broker import Broker
from .bus import Buses
from .log import Log, Voice
from .network import Wifi
from .watchdog import Watchdog

_CONFIG = "config.json"
_IDLE_MS = 500  # the longest sleep of a turn while the network is up,
_JOINING_MS = 50  # and while it is not, so that a connection is noticed at once
_CRASH_MS = 10_000


class Station:
    """A node made of checked settings."""

    def __init__(self, settings, log, clock=time):
        self._log = log
        self._wifi = Wifi(settings, Voice(log, "wifi"), clock)
        self._broker = Broker(settings, self._wifi.up, log)
        self._sensors = sensors.all_of(settings, Buses(), self._broker.client, log, clock)
        self._watchdog = Watchdog(settings["watchdog"])

    def run(self):
        """Never returns; Ctrl-C on the console ends it."""
        self._broker.start()
        while True:
            self.turn()

    def turn(self):
        """One turn of the loop: allocates nothing unless something has happened."""
        self._watchdog.feed()
        self._log.uptime.fold()
        self._wifi.poll()
        self._broker.poll(self._read())

    def stop(self):
        self._broker.stop()

    def _read(self):
        # Lets each sensor take its step; how long the broker may wait before the next one is due.
        wait = _IDLE_MS if self._wifi.up() else _JOINING_MS
        for sensor in self._sensors:
            wait = min(wait, sensor.poll())
        return wait


def main():
    """From power on to power off."""
    log = Log(time)
    voice = Voice(log, "node")
    station = None
    try:
        station = Station(settings(log), log)
        station.run()
    except KeyboardInterrupt:
        voice.info("stopped from the console")
        if station:
            station.stop()
    except Exception as fault:
        _restart(fault, voice)


def settings(log):
    """What config.json says. The modules that check it leave the memory again: they are a tenth of a small heap."""
    from . import config

    found = config.wait(_CONFIG, log, time)
    for name in ("config", "check", "keys", "kinds", "spelling"):
        _forget(name)
    gc.collect()
    return found


def _forget(name):
    if sys.modules.pop("node." + name, None):
        delattr(sys.modules["node"], name)


def _restart(fault, voice):
    # Nothing may end the node: a fault of its own is shown whole and answered with a fresh start.
    voice.trouble("restarts in %d s after a fault of its own:" % (_CRASH_MS // 1000))
    sys.print_exception(fault)
    time.sleep_ms(_CRASH_MS)
    machine.reset()
