"""Drivers of analog inputs on a model, with the converters that chips have."""

import pytest
from drivers import SensorError


class Adc:
    """Relative to its supply, as on an RP2 or STM32."""

    def __init__(self, volts, supply=3.3):
        self.volts, self.supply = volts, supply
        self.broken = False

    def read_u16(self):
        if self.broken:
            raise OSError(116)
        return round(min(max(self.volts() / self.supply, 0.0), 1.0) * 65535)


class Calibrated(Adc):
    """An ESP32's: it knows microvolts."""

    def read_uv(self):
        return round(min(max(self.volts(), 0.0), 3.3) * 1_000_000)


def reading(sensor) -> list[int]:
    values = [0] * len(sensor.quantities)
    assert sensor.start() == 0
    assert sensor.read(values)
    return values


def error(sensor) -> str:
    with pytest.raises(SensorError) as caught:
        reading(sensor)
    return str(caught.value)
