"""An electricity meter with an S0 output, or a light that blinks: power, and energy since the start.

Power is that of the time between pulses: at 100 W a meter with 1000 a kWh blinks every 36 s, so counting them would say
0 or 360 W. While the next one keeps waiting power falls to what it can be at most; after an hour it is 0.
"""

from drivers import const
from drivers.clock import ticks_diff, ticks_ms
from drivers.pinned import within
from drivers.pulses import Counting, thousandfold

_OVER_MS = const(3_600_000)
_WATT_HOURS = const(1_000_000_000)  # a gigawatt-hour: beyond it the total begins anew
_FEW = const(100)  # pulses of which a product is small


# Conversion


def power(n, ms, per_kwh):
    """0.1 W, of up to 100 pulses in ms."""
    return thousandfold(36_000_000 // per_kwh * n, ms)


class EnergyMeter(Counting):
    """Pulses at a machine.Pin. per_kwh: pulses; debounce: ms."""

    quantities = (("power", "W", 1), ("energy", "kWh", 3))

    _name = "the energy meter"
    _folder = "energy_meter"
    _most = 20  # an S0 output gives 17 (30 ms on, 30 ms off: IEC 62053-31); the hum of the mains is 50

    def __init__(self, pin, pull="up", debounce=10, per_kwh=1000):  # cold: once a sensor
        self._per_kwh = within("per_kwh", per_kwh, 40, 100_000)
        super().__init__(pin, pull, debounce)
        self._wh = self._power = 0
        self._last = ticks_ms()
        self._runs = False  # whether there was a pulse within the hour

    def read(self, values):
        """Fill `values`. Raises SensorError."""
        self.take()
        if self.n:
            self._wh = self.added(self._wh, 1000, self._per_kwh) % _WATT_HOURS
            self._pulsed()
        else:
            self._wait(ticks_diff(ticks_ms(), self._last))
        values[0] = self._power
        values[1] = self._wh
        return True

    def _pulsed(self):
        last = self._pulses.last
        n, ms = self.n, ticks_diff(last, self._last) if self._runs else self.ms
        if self._runs or n > 1:
            while n > _FEW:
                n >>= 1
                ms >>= 1
            self._power = power(n, max(ms, 1), self._per_kwh)
        self._last = last
        self._runs = True

    def _wait(self, since):
        if since >= _OVER_MS:
            self._runs = False
        if not self._runs:
            self._power = 0
        elif since > 0:
            self._power = min(self._power, power(1, since, self._per_kwh))


driver = EnergyMeter
