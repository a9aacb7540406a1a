"""The hardware watchdog: restarts a node whose loop has stopped. Once started nothing can stop it, only feed it."""

import machine

# The longest the chips can wait that cannot wait for hours: STM32 (IWDG), RP2350, RP2040.
_LIMITS_MS = (32_000, 16_000, 8_388)


def start(seconds, log):
    """A machine.WDT that waits so long, or as long as the chip can; None for 0 seconds."""
    if not seconds:
        return None
    log.watched = True  # before it is: whoever interrupts from here on is bitten soon
    ms = seconds * 1000
    for limit in _LIMITS_MS:
        try:
            return machine.WDT(timeout=ms)
        except ValueError:  # longer than this chip can wait
            ms = min(ms, limit)
    return machine.WDT(timeout=ms)
