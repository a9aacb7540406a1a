"""From power on to power off: read config.json, make the station of it, run it; restart after a fault of the firmware.

What is needed for one of these steps only is imported for it and leaves the memory again.
"""

import gc
import sys
import time

import machine

from . import lazy
from .log import Log

_CRASH_S = 10


def main():
    """What main.py calls; returns only for a person at the console."""
    log = Log(time)
    station = None
    try:
        if _once("upkeep", "asked", log):
            return
        safe = _once("boots", "begin", log)
        station = make(log, safe)
        station.run()
    except KeyboardInterrupt:
        lazy.load("upkeep").interrupted(station, log)
    except Exception as fault:
        _restart(fault, log, station)


def make(log, safe=False):
    """The Station that config.json asks for, or the last good one; waits while there is none that can be."""
    fault, last = None, True
    while True:
        found = settings(log, fault, last)
        found["safe"] = safe
        if safe:
            _bare(found)
        log.use(found["log"])
        # One after the other: an import inside an import inside an import takes C stack, of which a chip has little,
        # and what an import leaves behind, collected at once, breaks up a small heap less.
        import leanmqtt  # noqa: F401

        gc.collect()
        from .parts import Unfit
        from .station import Station

        gc.collect()
        try:
            made = Station(found, log)
        except Unfit as unfit:
            fault, last = str(unfit), not found["faults"]
        else:
            return _proven(made, found)


def settings(log, fault=None, last=True):
    """What config.json says; after a fault in using it, what the last good one or a repaired one says.

    Three keys are the node's own: `faults`, why the file cannot be used; `trial`, whether it is on trial; `safe`.
    """
    trial = _trial("start", log) if fault is None else _trial("running")
    from . import config

    found = config.load(log, time, fault, last)
    lazy.forget("config", "check", "keys", "kinds", "spelling")  # a tenth of a small heap
    if trial and found["faults"]:
        _trial("lose", log)
        found["faults"] = []
    found["trial"] = trial
    return found


def _bare(settings):
    # Network, broker, log and commands, in which no sensor's or actuator's fault can be.
    settings.update(sensors=[], actuators=[], inputs=[], discovery=None, store=False, sleep=None)


def _trial(step, *args):
    import os

    if "config.trial" not in os.listdir():
        return False
    return _once("trial", step, *args) is not False


def _once(name, function, *args):
    result = getattr(lazy.load(name), function)(*args)
    lazy.forget(name)
    return result


def _proven(station, found):
    if not found["faults"] and not found["trial"]:
        _once("keep", "keep")
    else:
        lazy.forget("keep")
    return station


def _restart(fault, log, station):
    # Nothing may end the node: a fault of its own is shown whole and answered with a fresh start.
    log.error("node", "restarts in %d s after a fault of its own:" % _CRASH_S)
    sys.print_exception(fault)
    for _ in range(_CRASH_S):
        if station:
            station.watchdog.feed()
        time.sleep(1)
    machine.reset()
