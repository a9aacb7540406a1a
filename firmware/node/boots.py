"""How the node came up: why it started, and how many starts in a row went wrong. Loaded twice a life, then forgotten.

A start counts as failed until the node has run for a minute, said goodbye or gone to sleep; so a crash, a watchdog and
a reset or power cut before that all count. The count lives in RTC memory where the chip has one that nothing else uses,
else in a file, which is written once per start and removed once it is good.
"""

import os
import sys

import machine

from . import lazy

_FILE = "boots"
_MARK = b"boots"
LIMIT = 5  # failed starts in a row, after which only network, broker, log and commands run


def begin(log):
    """Count this start as failed until `proven`. True when so many failed before that the node runs in safe mode."""
    why, failed = lazy.once("cause", "cause"), _read()
    log.info("node", "started: %s" % why)
    if sys.platform == "rp2" and "memory" in os.listdir():  # wakes of a sleeper look like a watchdog, which it has not
        return False
    if why == "deep sleep":  # it went to sleep by itself, so all was well
        _write(0)
        return False
    if failed < LIMIT:
        _write(failed + 1)
        return False
    log.error("node", "%d starts in a row failed: safe mode, without sensors, actuators and discovery" % failed)
    return True


def proven():
    """This start was a good one."""
    _write(0)


def _memory():
    # The RTC's memory, when it is there and nobody else keeps something in it.
    try:
        memory = machine.RTC().memory
        found = memory()
    except (AttributeError, OSError):
        return None
    return memory if not found or found[: len(_MARK)] == _MARK else None


def _read():
    memory = _memory()
    try:
        if memory:
            return (memory() + b"\0" * 6)[len(_MARK)]
        with open(_FILE) as file:
            return int(file.read())
    except (OSError, ValueError):
        return 0


def _write(count):
    memory = _memory()
    if memory:
        if count or memory():
            return memory(_MARK + bytes((count,)) if count else b"")
        return None
    try:
        if not count:
            return os.remove(_FILE)
        with open(_FILE, "w") as file:
            file.write(str(count))
    except OSError:  # not there, or a flash that is full: no reason not to run
        pass
