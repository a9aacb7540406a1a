"""What closes a contact, or pulls a line low, once for each turn, tip, litre or watt-hour: pulses at a pin.

A reed contact bounces when it closes and when it opens (SparkFun's weather meter kit, DS-15901: a magnet passes a reed
switch); a Hall sensor (YF-S201) and an S0 output (IEC 62053-31: 30 ms at least) do not. No driver code here.
"""

import math

from .pinned import PinPart


class ContactPart(PinPart):
    """Pulses at `rate` in Hz; a subclass says how that follows from what it measures. `count`: how many there were."""

    low_s = 0.03  # how long the line is low, at most half of a period
    bounces: tuple[float, ...] = ()  # after an edge, when the line goes the other way and back

    def __init__(self, **options):
        self.count = 0
        self._phase = 0.0
        super().__init__(**options)

    def wire(self, pin):
        pin(self.pin).train = self.train

    @property
    def rate(self) -> float:
        raise NotImplementedError

    def train(self, since: float, until: float):
        """(time, level) of each edge between the two, in order."""
        rate = self.rate if self.present and not self.hung else 0.0
        if rate <= 0:
            return []
        begin, self._phase = self._phase, self._phase + (until - since) * rate
        low = min(self.low_s * rate, 0.5)
        found = []
        for pulse in range(math.floor(begin), math.floor(self._phase) + 1):
            for at, level in ((pulse + 0.25, 0), (pulse + 0.25 + low, 1)):
                if begin <= at < self._phase:
                    when = since + (at - begin) / rate
                    found += [(when, level), *self._bounced(when, level)]
                    self.count += 1 - level
        return sorted(found)

    def _bounced(self, when: float, level: int):
        for i, after in enumerate(self.bounces):
            yield when + after, level ^ (1 - i % 2)


class RainGauge(ContactPart):
    """`rain` in mm/h into a bucket that tips every 0.2794 mm."""

    name = "rain_gauge"
    per_tip = 0.2794
    bounces = (0.0008, 0.0015, 0.003, 0.004)

    def __init__(self, **options):
        self.rain = 12.0
        super().__init__(**options)

    @property
    def rate(self) -> float:
        return self.rain / 3600 / self.per_tip


class Anemometer(ContactPart):
    """`wind` in m/s at cups that close the contact once a second at 2.4 km/h."""

    name = "anemometer"
    per_hertz = 2.4 / 3.6
    bounces = (0.0005, 0.0009)

    def __init__(self, **options):
        self.wind: float | None = None
        super().__init__(**options)

    @property
    def rate(self) -> float:
        wind = 4 + 2 * math.sin(self.clock() / 40) + math.sin(self.clock() / 7) if self.wind is None else self.wind
        return wind / self.per_hertz


class FlowMeter(ContactPart):
    """`flow` in L/min through a YF-S201 that gives 450 pulses a litre."""

    name = "flow_meter"
    per_litre = 450

    def __init__(self, **options):
        self.flow = 6.0
        super().__init__(**options)

    @property
    def rate(self) -> float:
        return self.flow / 60 * self.per_litre


class EnergyMeter(ContactPart):
    """`watts` at an S0 output with 1000 pulses a kWh."""

    name = "energy_meter"
    per_kwh = 1000

    def __init__(self, **options):
        self.watts = 750.0
        super().__init__(**options)

    @property
    def rate(self) -> float:
        return self.watts * self.per_kwh / 3_600_000


MODELS = {part.name: part for part in (RainGauge, Anemometer, FlowMeter, EnergyMeter)}
