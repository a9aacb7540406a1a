"""A driver on the model of its part, on CPython, with a clock that the test owns. No MicroPython and no board here."""

import math
import sys

import pytest
from girouette.simboard import Weather, lines
from girouette.simboard.parts import Nak
from girouette.simboard.parts.lines import OneWirePart, PulsePart


class Clock:
    """Seconds, as far as `pass_ms` has moved them."""

    def __init__(self):
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def pass_ms(self, ms: float):
        self.now += ms / 1000


class Bus:
    """The calls of machine.I2C that drivers use, in front of the models."""

    def __init__(self, *parts):
        self.parts = {part.address: part for part in parts}
        self.answers_left = math.inf  # so many transfers are answered, the rest is not

    def readfrom_mem_into(self, address, register, buf):
        buf[:] = self._do(self._part(address, bytes([register])).read, len(buf))

    def writeto_mem(self, address, register, buf):
        self._part(address, bytes([register]) + bytes(buf))

    def writeto(self, address, buf):
        self._part(address, bytes(buf))

    def readfrom_into(self, address, buf):
        buf[:] = self._do(self._answering(address).read, len(buf))

    def _part(self, address, data):
        part = self._answering(address)
        self._do(part.write, data)
        return part

    def _answering(self, address):
        self.answers_left -= 1
        if self.answers_left < 0 or address not in self.parts:
            raise OSError(19)
        return self.parts[address]

    def _do(self, transfer, *args):
        try:
            return transfer(*args)
        except Nak:
            raise OSError(19) from None


class OneWire:
    """The calls of onewire.OneWire that drivers use, in front of the models on a pin."""

    def __init__(self, *parts):
        self.parts = list(parts)
        self._wire = lines.OneWire(self.parts)
        self.answers_left = math.inf  # after so many calls the wire is high and nobody pulls it

    def reset(self):
        return bool(self._answered() and self._wire.reset())

    def readbit(self):
        return self._wire.read(1) if self._answered() else 1

    def writebit(self, bit):
        if self._answered():
            self._wire.write(bit, 1)

    def readbyte(self):
        return self._wire.read(8) if self._answered() else 255

    def writebyte(self, byte):
        assert 0 <= byte <= 255
        if self._answered():
            self._wire.write(byte, 8)

    def _answered(self) -> bool:
        self.answers_left -= 1
        return self.answers_left >= 0


class Pulses:
    """A pin with a model, and what machine.dht_readinto() does with it."""

    def __init__(self, part):
        self.parts = [part]
        self.answers_left = math.inf
        self.frames = 0

    def readinto(self, buf):
        self.frames += 1
        self.answers_left -= 1
        buf[:] = lines.dht(self.parts if self.answers_left >= 0 else [])


def bus_of(part):
    """What a driver takes first."""
    return (OneWire if isinstance(part, OneWirePart) else Pulses if isinstance(part, PulsePart) else Bus)(part)


class Rig:
    """`driver` from drivers.<part> on a model of class `model`; `wiring` is the model's, `patch(module, name, value)`
    gives the driver's modules what a board would."""

    def __init__(self, driver, model, noise=0.0, wiring=None, patch=setattr, **options):
        self.clock = Clock()
        self.weather = Weather(clock=self.clock)
        self.part = model(clock=self.clock, noise=noise, **(wiring or {}))
        self.part.weather = self.weather
        self.bus = bus_of(self.part)
        given = {
            "ticks_ms": lambda: int(self.clock.now * 1000 + 1e-6),
            "dht_readinto": lambda pin, buf: pin.readinto(buf),
        }
        for module in {sys.modules[kind.__module__] for kind in driver.__mro__}:
            for name in given.keys() & vars(module).keys():
                patch(module, name, given[name])
        self.sensor = driver(self.bus, **options)
        self.values = [0] * len(self.sensor.quantities)

    def turn(self) -> bool:
        """One start, the wait it asked for, one read."""
        self.clock.pass_ms(self.sensor.start())
        return self.sensor.read(self.values)

    def reading(self) -> dict:
        """Turns until there is a reading, at most three."""
        for _ in range(3):
            if self.turn():
                return dict(zip((q[0] for q in self.sensor.quantities), self.values, strict=True))
        raise AssertionError("three turns and no reading")

    def error(self) -> str:
        """What the sensor says is wrong, within three turns."""
        from drivers import SensorError

        with pytest.raises(SensorError) as caught:
            for _ in range(3):
                self.turn()
        return str(caught.value)
