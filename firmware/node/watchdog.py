"""The hardware watchdog: restarts a node whose loop has stopped. Once started nothing can stop it, only feed it."""

import machine

_LEAST_OF_ALL_PORTS_MS = 8_388  # the longest an RP2040 can wait


class Watchdog:
    """seconds: how long the loop may be silent; 0 for no watchdog."""

    def __init__(self, seconds):
        self._wdt = _start(seconds * 1000) if seconds else None

    def feed(self):
        if self._wdt:
            self._wdt.feed()


def _start(ms):
    try:
        return machine.WDT(timeout=ms)
    except ValueError:  # longer than this chip can wait
        return machine.WDT(timeout=_LEAST_OF_ALL_PORTS_MS)
