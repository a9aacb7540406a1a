"""From power on to power off: read config.json, make the station of it, run it; restart after a fault of the firmware.

What is needed for one of these steps only is imported for it and leaves the memory again.
"""

import gc
import sys
import time

import machine

from .log import Log, Voice

_CRASH_MS = 10_000


def main():
    """What main.py calls; returns only after Ctrl-C."""
    log = Log(time)
    voice = Voice(log, "node")
    station = None
    try:
        station = make(log)
        station.run()
    except KeyboardInterrupt:
        voice.info("stopped from the console")
        if station:
            station.stop()
    except Exception as fault:
        _restart(fault, voice)


def make(log):
    """The Station that config.json asks for, or the last good one; waits while there is none that can be."""
    fault, last = None, True
    while True:
        found = settings(log, fault, last)
        # One after the other: an import inside an import inside an import takes C stack, of which a chip has little,
        # and what an import leaves behind, collected at once, breaks up a small heap less.
        import leanmqtt  # noqa: F401

        gc.collect()
        from .parts import Unfit

        maker = _maker(found)
        gc.collect()
        try:
            made = maker(found, log)
        except Unfit as unfit:
            fault, last = str(unfit), not found["faults"]
        else:
            return _proven(made, found["faults"])


def _maker(found):
    if found["sleep"]:
        from .sleeper import Sleeper

        return Sleeper
    from .station import Station

    return Station


def settings(log, fault=None, last=True):
    """What config.json says; after a fault in using it, what the last good one or a repaired one says."""
    from . import config

    found = config.load(log, time, fault, last)
    for name in ("config", "check", "keys", "kinds", "spelling"):  # a tenth of a small heap
        _forget(name)
    gc.collect()
    return found


def _proven(station, faults):
    if not faults:
        from . import keep

        keep.keep()
        _forget("keep")
        gc.collect()
    return station


def _forget(name):
    if sys.modules.pop("node." + name, None):
        delattr(sys.modules["node"], name)


def _restart(fault, voice):
    # Nothing may end the node: a fault of its own is shown whole and answered with a fresh start.
    voice.trouble("restarts in %d s after a fault of its own:" % (_CRASH_MS // 1000))
    sys.print_exception(fault)
    time.sleep_ms(_CRASH_MS)
    machine.reset()
