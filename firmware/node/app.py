"""From power on to power off: start.py makes the station of config.json, here it runs; restart after a fault of the
firmware. What is needed for one of these steps only is imported for it and leaves the memory again.
"""

import gc
import sys
import time

import machine
from micropython import const

from . import lazy
from .log import Log

_CRASH_S = const(10)
_OFTEN = const(4096)  # bytes until the next collection: what stays lies closer together, and a small heap lasts longer


def main():
    """What main.py calls; returns only for a person at the console."""
    gc.threshold(_OFTEN)
    log = Log(time)
    station = None
    try:
        safe = lazy.once("boots", "begin", log)
        station = make(log, safe)
        station.run()
    except KeyboardInterrupt:
        lazy.load("upkeep").interrupted(station, log)
    except Exception as fault:
        _restart(fault, log, station)


def make(log, safe=False):
    """The Station that config.json asks for, or the last good one; waits while there is none that can be."""
    station = lazy.once("start", "make", log, safe)
    if not (station.settings["faults"] or station.settings["trial"]):
        try:
            lazy.once("keep", "keep")
        except OSError as fault:  # a full flash: no reason not to run
            log.warn("config", "cannot keep a copy of config.json (errno %s): is the flash full?" % fault)
    return station


def _restart(fault, log, station):
    # Nothing may end the node: a fault of its own is shown whole and answered with a fresh start.
    try:
        gc.collect()
        sys.print_exception(fault)
        log.error("node", "restarts in %d s after a fault of its own" % _CRASH_S)
        if station:
            station.calm()  # a pump must not run on meanwhile
        for _ in range(_CRASH_S):
            if getattr(station, "watchdog", None):
                station.watchdog.feed()
            time.sleep(1)
    finally:  # whatever fails here: memory may be what is missing
        machine.reset()
