"""A driver on a register model, on CPython, with a clock that the test owns. No MicroPython and no board here."""

import math

import pytest
from girouette.simboard import Weather
from girouette.simboard.parts import Nak


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


class Rig:
    """`driver` from drivers.<part> on a model of class `model`."""

    def __init__(self, driver, model, noise=0.0, **options):
        self.clock = Clock()
        self.weather = Weather(clock=self.clock)
        self.part = model(clock=self.clock, noise=noise)
        self.part.weather = self.weather
        self.bus = Bus(self.part)
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
