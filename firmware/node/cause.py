"""Why the chip started, in words. Chips differ in what they can tell."""

import machine

_CAUSES = (
    ("PWRON_RESET", "power on"),
    ("HARD_RESET", "reset"),
    ("WDT_RESET", "watchdog"),
    ("DEEPSLEEP_RESET", "deep sleep"),
    ("SOFT_RESET", "soft reset"),
)


def cause():
    """Why it started, in words."""
    found = machine.reset_cause()
    for name, words in _CAUSES:
        if found == getattr(machine, name, None):
            return words
    return "cause %s" % found
