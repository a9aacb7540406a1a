"""The last reading of a sensor, for whoever acts on it or shows it; and whether it is still one."""

from micropython import const

MISSED = 3  # intervals without a reading, after which nothing is known,
_SLACK_MS = const(5_000)  # and what the reading itself may take


class Source:
    """A sensor's last reading, and whether it is still one."""

    def __init__(self, sensor, clock):  # cold: once a sensor
        self.sensor = sensor
        self._clock = clock
        self._since = clock.ticks_ms()
        self.known = self.silent = False
        self.quantities = sensor.tell(self._hear)
        self.values = [0] * len(self.quantities)
        self.count = 0  # of its readings, to be compared only

    def _hear(self, values):
        for i in range(len(values)):
            self.values[i] = values[i]
        self.known = True
        self.silent = False
        self.count = self.count + 1 & 0xFFFF
        self._since = self._clock.ticks_ms()

    def listen(self, now):
        """To be called often: ticks are not for long times."""
        if not self.silent and self._clock.ticks_diff(now, self._since) > self.sensor.interval * MISSED + _SLACK_MS:
            self.silent = True
            self.known = False
