"""The parts that can be wired to a simulated board, each modelled from its data sheet, not from its driver.

A module here holds models and nothing of a bus, a pin or a driver. It names them: MODELS = {"bme280": Bme280}, by the
`type` of config.json, so a new part needs no entry anywhere else.
"""

import importlib
import pkgutil
import time
from functools import lru_cache

from ..weather import Weather


class Nak(Exception):
    """The part does not answer on the bus, or not to what it was sent."""


class Model:
    """What all parts have: a supply, the faults of every part. A subclass says what it knows.

    noise scales the part's own noise, 0 for exact values; clock () -> seconds. What it measures comes from `weather`,
    and from attributes of its own for what the weather does not have.
    """

    name = ""  # the `type` of config.json
    wires = ()  # the keys of its entry there that say where it is

    def __init__(self, *, noise=1.0, clock=time.monotonic):
        self.weather = Weather()
        self.noise = noise
        self.clock = clock
        self.present, self.stuck, self.hung = True, False, False
        self.power_up()

    # Faults, on command

    def unplug(self):
        """The part is gone from the bus."""
        self.present = False

    def plug(self):
        """It is back, fresh from power-on."""
        self.present = True
        self.power_up()

    def stick(self):
        """Conversions end, but what is read never changes again."""
        self.stuck = True

    def hang(self):
        """No conversion ends."""
        self.hung = True

    def release(self):
        """Ends `stick` and `hang`, and whatever else a part may have."""
        self.stuck = self.hung = False

    # The part itself

    def power_up(self):
        """As after power-on."""


class I2cPart(Model):
    """A part on an I2C bus."""

    wires = ("scl", "sda", "address")
    addresses = (0,)  # the first is the usual one

    def __init__(self, scl=22, sda=21, address=None, **options):
        self.scl, self.sda = scl, sda
        self.address = self.addresses[0] if address is None else address
        super().__init__(**options)

    def write(self, data: bytes):
        """A write transfer; Nak where the part refuses it."""
        raise NotImplementedError

    def read(self, n: int) -> bytes:
        """A read transfer of n bytes; Nak where the part has nothing to give."""
        raise NotImplementedError

    def answer(self):
        """Nak while it is unplugged."""
        if not self.present:
            raise Nak


@lru_cache
def models() -> dict[str, type]:
    """The class of each part that there is a model of, by the `type` of config.json."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        found |= getattr(importlib.import_module(f"{__name__}.{module.name}"), "MODELS", {})
    return found


def wired(config: dict) -> list:
    """A model for each part of a configuration that there is a model of, wired as it says."""
    found = []
    for entry in (*config.get("sensors", ()), *config.get("actuators", ()), *config.get("inputs", ())):
        kind = models().get(entry["type"])
        if kind:
            where = {key: entry[key] for key in kind.wires if key in entry}
            if "address" in where:
                where["address"] = int(where["address"], 16)
            found.append(kind(**where))
    return found
