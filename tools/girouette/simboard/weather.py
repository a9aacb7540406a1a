"""The weather around a simulated board: a pure function of time, so the same seed and hour always give the same day.

A day's curve (coldest at five, warmest at fifteen, air drier as it warms) plus slow fronts. No sensor lives here:
this is the truth, before any chip measures it.
"""

import math
import random
import time
from typing import NamedTuple

_DAY = 24 * 3600.0
_FRONTS = (1.0, 2.7, 6.1)  # days; periods that never meet, so no two days are alike


class Truth(NamedTuple):
    """Temperature in °C, relative humidity in %, air pressure in hPa."""

    temperature: float
    humidity: float
    pressure: float


class Weather:
    """What the air is like now. `speed` = 600 plays a day in 144 seconds; `hour` is the time of day at the start.

    `clock` () -> seconds is for tests that own the time.
    """

    def __init__(self, seed: int = 1, speed: float = 1.0, hour: float = 8.0, clock=time.monotonic):
        draw = random.Random(seed)
        self.phases = [draw.uniform(0, math.tau) for _ in _FRONTS]
        self.speed = speed
        self._offset = hour * 3600
        self._clock = clock
        self._begin = clock()
        self._fixed: dict[str, float] = {}

    def set(self, **quantities: float):
        """Fix quantities (temperature, humidity, pressure) at a value until `resume`."""
        unknown = set(quantities) - set(Truth._fields)
        if unknown:
            raise ValueError(f"the weather has no {', '.join(sorted(unknown))}; it has {', '.join(Truth._fields)}")
        self._fixed.update(quantities)

    def resume(self):
        """Let the daily curve go on."""
        self._fixed.clear()

    def now(self) -> Truth:
        natural = self.at(self._offset + (self._clock() - self._begin) * self.speed)
        return natural._replace(**self._fixed)

    def at(self, seconds: float) -> Truth:
        """The weather without fixed quantities, `seconds` after the first midnight."""
        day = seconds / _DAY
        front = sum(math.sin(math.tau * day / period + p) for period, p in zip(_FRONTS, self.phases, strict=True)) / 3
        warmth = _warmth(day % 1.0 * 24)
        temperature = 14 + 6 * warmth + 4 * front
        humidity = min(98.0, max(20.0, 62 - 18 * warmth - 10 * front))
        return Truth(temperature, humidity, 1013.25 - 12 * front - 0.8 * warmth)


def _warmth(hour: float) -> float:
    """-1 at five in the morning, +1 at three in the afternoon, smooth in between: ten hours up, fourteen down."""
    if 5 <= hour <= 15:
        return -math.cos(math.pi * (hour - 5) / 10)
    return math.cos(math.pi * ((hour - 15) % 24) / 14)
