"""The hardware watchdog: restarts a node whose loop has stopped. Once started nothing can stop it, only feed it."""

import machine

# The longest the chips can wait that cannot wait for hours: STM32 (IWDG), RP2350, RP2040.
_LIMITS_MS = (32_000, 16_000, 8_388)


class Watchdog:
    """seconds: how long the loop may be silent; 0 for no watchdog. `ms`: what the chip could do of it."""

    def __init__(self, seconds):
        self.ms = seconds * 1000
        self._wdt = self._start() if seconds else None

    @property
    def running(self):
        return self._wdt is not None

    def feed(self):
        if self._wdt:
            self._wdt.feed()

    def _start(self):
        for limit in _LIMITS_MS:
            try:
                return machine.WDT(timeout=self.ms)
            except ValueError:  # longer than this chip can wait
                self.ms = min(self.ms, limit)
        return machine.WDT(timeout=self.ms)
