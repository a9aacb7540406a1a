"""How the node came up: why it started, and how many starts in a row went wrong. Loaded twice a life, then forgotten.

A start counts as failed until the node has run for a minute, said goodbye or gone to sleep; so a crash, a watchdog and
a reset before that all count. The count is a slot of memory.py: in RTC memory, or in a file that a start writes twice.
"""

import sys

from . import lazy

_SLOT = "boots"
_SLEEPS = "sleep"  # sleeper.py's slot
LIMIT = 5  # failed starts in a row, after which only network, broker, log and commands run


def begin(log):
    """Count this start as failed until `proven`. True when so many failed before that the node runs in safe mode."""
    why, slots = lazy.once("cause", "cause"), lazy.once("memory", "Memory").slots
    log.info("node", "started: %s" % why)
    if sys.platform == "rp2" and _SLEEPS in slots:  # its wakes look like a watchdog, which a sleeper there has not
        return False
    failed = slots.get(_SLOT, b"\0")[0]
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


def _write(count):
    memory = lazy.once("memory", "Memory")
    memory.slots.pop(_SLOT, None)
    if count:
        memory.slots[_SLOT] = bytes((count,))
    try:
        memory.save()
    except (OSError, ValueError):  # a flash or a memory that is full: no reason not to run
        pass
