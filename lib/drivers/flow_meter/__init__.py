"""A flow meter with pulses, as for water: what flows, and what has flowed since the start."""

from drivers import const
from drivers.clock import ticks_ms
from drivers.pinned import within
from drivers.pulses import Counting, thousandfold

_TENTHS = const(100_000_000)  # beyond it the total begins anew


# Conversion


def flow(n, ms, per_litre):
    """0.01 L/min, of up to 10**6 pulses in ms; per_litre in tenths of a pulse."""
    return thousandfold(n * 100, ms) * 600 // per_litre


class FlowMeter(Counting):
    """Pulses at a machine.Pin. per_litre: tenths of a pulse; debounce: ms."""

    quantities = (("flow", "L/min", 2), ("volume", "L", 1))

    _name = "the flow meter"
    _folder = "flow_meter"
    _most = 2000

    def __init__(self, pin, pull="up", debounce=0, per_litre=4500):  # cold: once a sensor
        self._per_litre = within("per_litre", per_litre, 100, 100_000)
        super().__init__(pin, pull, debounce)
        self._tenths = 0

    def start(self):
        """Nothing has to be waited for, unless it was just asked: there is no flow without a time."""
        return 0 if ticks_ms() != self._since else 1000

    def read(self, values):
        """Fill `values`. Raises SensorError."""
        self.take()
        if not self.ms:
            return False
        self._tenths = self.added(self._tenths, 100, self._per_litre) % _TENTHS
        values[0] = self._flow(self.n, self.ms)
        values[1] = self._tenths
        return True

    def _flow(self, n, ms):
        while n > 1_000_000:
            n >>= 1
            ms >>= 1
        return flow(n, ms, self._per_litre)


driver = FlowMeter
