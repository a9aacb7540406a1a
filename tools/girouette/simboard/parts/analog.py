"""What gives a voltage: a probe in the soil, and the weather meter's wind vane with its resistors.

The vane from its data sheet (SparkFun DS-15901): a resistance for each of 16 directions, here with 10 kΩ to 3.3 V.
"""

import math

from .pinned import PinPart

_SUPPLY = 3.3
_PULL_UP = 10_000.0
# Ohms, clockwise from north; half way between two contacts both are closed.
_OHMS = (
    33_000, 6_570, 8_200, 891, 1_000, 688, 2_200, 1_410, 3_900, 3_140, 16_000, 14_120, 120_000, 42_120, 64_900, 21_880,
)  # fmt: skip


class Analog(PinPart):
    """A voltage at the pin. It falls and rises slowly, as a pot plant dries and is watered, unless `fixed` is set."""

    name = "analog"

    def __init__(self, **options):
        self.fixed: float | None = None
        self.open_volts = 3.3  # what the converter reads with the wire off
        super().__init__(**options)

    def wire(self, pin):
        pin(self.pin).source = self.volts

    @property
    def truth(self) -> float:
        return 1.8 + 0.5 * math.sin(self.clock() / 600) if self.fixed is None else self.fixed

    def volts(self) -> float:
        if not self.present:
            return self.open_volts
        if not self.stuck:
            self._felt = self.truth + self.noise * self._random.gauss(0, 0.001)
        return self._felt

    def power_up(self):
        self._felt = self.truth


class WindVane(PinPart):
    """A vane in `direction`, degrees; it veers slowly unless that is set."""

    name = "wind_vane"

    def __init__(self, **options):
        self.fixed: float | None = None
        self.shorted = False
        super().__init__(**options)

    def wire(self, pin):
        pin(self.pin).source = self.volts

    @property
    def direction(self) -> float:
        return (225 + 60 * math.sin(self.clock() / 900)) % 360 if self.fixed is None else self.fixed

    @direction.setter
    def direction(self, degrees: float):
        self.fixed = degrees

    def short(self):
        """Its two wires touch."""
        self.shorted = True

    def release(self):
        super().release()
        self.shorted = False

    def volts(self) -> float:
        if self.shorted:
            return 0.0
        if not self.present:
            return _SUPPLY
        if not self.stuck:
            self._at = self._position()
        ohms = _OHMS[self._at]
        return _SUPPLY * ohms / (ohms + _PULL_UP) + self.noise * self._random.gauss(0, 0.002)

    def power_up(self):
        self._at = self._position()

    def _position(self) -> int:
        return round(self.direction / 22.5) % 16


MODELS = {"analog": Analog, "wind_vane": WindVane}
