"""What parts have that are at pins of their own, without a bus: a supply, and the faults of every part.

A subclass says in `wire` what it does to which pin. No driver and no board lives here.
"""

import random
import time
from collections.abc import Callable

from ..weather import Weather


class PinPart:
    """noise scales the part's own noise, 0 for exact values; clock () -> seconds."""

    name = ""  # the `type` of config.json
    wires = ("pin",)  # the keys of its entry there that say where it is
    pin = 34

    def __init__(self, *, noise: float = 1.0, clock=time.monotonic, **where):
        unknown = set(where) - set(self.wires)
        if unknown:
            raise TypeError(f"a {self.name} has no {', '.join(sorted(unknown))}")
        for key, value in where.items():
            setattr(self, key, value)
        self.weather = Weather()
        self.noise = noise
        self.clock = clock
        self.present, self.stuck, self.hung = True, False, False
        self._random = random.Random(self.name)
        self.power_up()

    def wire(self, pin: Callable):
        """Connects it; pin(number or name) -> PinModel."""
        raise NotImplementedError

    # Faults, on command

    def unplug(self):
        """Its wire is off."""
        self.present = False

    def plug(self):
        """It is back, fresh from power-on."""
        self.present = True
        self.power_up()

    def stick(self):
        """What it says never changes again."""
        self.stuck = True

    def hang(self):
        """It does nothing more."""
        self.hung = True

    def release(self):
        """Ends `stick` and `hang`, and whatever else a part may have."""
        self.stuck = self.hung = False

    def power_up(self):
        """As after power-on."""
