"""A small greenhouse, as it really is before any part measures it: sun, air, vapour and soil, and what fan and pump do.

Balances of first order over minutes: the sun heats, the walls and the fan lose; plants give vapour, air from outside
takes it; soil dries, faster than a real one so that there is something to see. Nothing of a board lives here.
"""

import math

from girouette.simboard.weather import Truth

_SUN = 0.5  # K a minute, of full sun
_WALLS, _VENTS = 0.022, 0.045  # the part of the difference to outside that is lost in a minute; the second: by the fan
_PLANTS = 0.32  # hPa of vapour a minute, of full sun
_DRYING, _WATERING = 0.24, 2.0  # % a minute
_STEP = 0.25  # minutes
_GLASS_LUX = 46_000  # of full sun


def saturation(celsius: float) -> float:
    """The pressure of vapour at 100 %, in hPa (Magnus)."""
    return 6.112 * math.exp(17.62 * celsius / (243.12 + celsius))


class House:
    """Stands in for the Weather of the parts in it. `outside` () -> Truth is that around it.

    temperature in °C, vapour in hPa, soil in % of what it can hold.
    """

    def __init__(self, outside):
        self._outside = outside
        self.minutes = 0.0
        self.temperature, self.vapour, self.soil = 26.3, 19.0, 34.0

    @property
    def sun(self) -> float:
        """From 0.6 behind a thin cloud to 1."""
        return 0.8 + 0.14 * math.sin(self.minutes / 6.5 + 1) + 0.06 * math.sin(self.minutes / 1.7)

    @property
    def lux(self) -> float:
        return _GLASS_LUX * self.sun

    def now(self) -> Truth:
        humidity = min(99.0, 100 * self.vapour / saturation(self.temperature))
        return Truth(self.temperature, humidity, self._outside().pressure)

    def go_on(self, minutes: float, fan: float, pump: float):
        """Lets time pass. fan: its speed, pump: whether it runs; 0.0 to 1.0."""
        while minutes > 0:
            step = min(minutes, _STEP)
            self._step(step, fan, pump)
            minutes -= step

    def _step(self, minutes: float, fan: float, pump: float):
        outside = self._outside()
        vapour_outside = outside.humidity / 100 * saturation(outside.temperature)
        lost = _WALLS + _VENTS * fan
        self.temperature += minutes * (_SUN * self.sun - lost * (self.temperature - outside.temperature))
        self.vapour += minutes * (_PLANTS * self.sun - lost * (self.vapour - vapour_outside))
        self.soil += minutes * (_WATERING * pump - _DRYING * self.sun)
        self.soil = max(5.0, min(self.soil, 100.0))
        self.minutes += minutes
