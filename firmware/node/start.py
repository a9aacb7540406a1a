"""From config.json to the Station: read, checked, on trial or not, whole or in safe mode. Forgotten once it runs."""

import gc
import os
import time

from . import Unfit, lazy
from .log import LEVELS, OFF


def make(log, safe):
    """The Station that config.json asks for, or the last good one; waits while there is none that can be."""
    fault, last = None, True
    while True:
        found = settings(log, fault, last)
        found["safe"] = safe
        if safe:
            _bare(found)
        _levels(log, found["log"])
        # One after the other: an import inside an import inside an import takes C stack, of which a chip has little,
        # and what an import leaves behind, collected at once, breaks up a small heap less.
        import leanmqtt  # noqa: F401

        gc.collect()
        maker = _maker(found)
        gc.collect()
        try:
            made = maker(found, log)
        except Unfit as unfit:
            fault, last = str(unfit), not found["faults"]
        else:
            return made


def _introduce(log):
    # A node that was never told a network asks for it by a page of its own; on most chips this does not return.
    try:
        if lazy.once("portal.fresh", "needed"):
            lazy.once("portal.door", "run", log)
    except ImportError:  # built without
        pass


def _maker(found):
    if found["sleep"]:
        from .sleeper import Sleeper

        return Sleeper
    from .station import Station

    return Station


def settings(log, fault=None, last=True):
    """What config.json says; after a fault in using it, what the last good one or a repaired one says.

    Three keys are the node's own: `faults`, why the file cannot be used; `trial`, whether it is on trial; `safe`.
    """
    trial = _trial("start" if fault is None else "running", log)
    from . import config

    found = config.load(log, time, fault, last, False)
    if not found:
        del config  # the portal finds more room without
        lazy.once("tidy", "up")
        _introduce(log)
        from . import config

        found = config.load(log, time, fault, last)
    lazy.once("tidy", "up")  # a tenth of a small heap
    if trial and found["faults"]:
        _trial("lose", log)
        found["faults"] = []
    found["trial"] = trial
    return found


def _levels(log, wanted):
    log.level = LEVELS.index(wanted["level"])
    log.topic = OFF if wanted["topic"] == "off" else LEVELS.index(wanted["topic"])
    log.room = wanted["lines"]
    if log.topic == OFF or not log.room:
        log.ring.clear()
    while len(log.ring) > log.room:
        log.ring.pop(0)


def _bare(settings):
    # Network, broker, log and commands, in which no sensor's or actuator's fault can be.
    settings.update(sensors=[], actuators=[], inputs=[], rules=[], discovery=None, store=False, sleep=None)


def _trial(step, log):
    if "config.trial" not in os.listdir():
        return False
    return lazy.once("trial", step, log) is not False
