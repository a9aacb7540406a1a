"""DHT22 (AM2302) and DHT11 as pulses on a wire, from Aosong's data sheets."""

import random

from .lines import PulsePart

_ANSWER = [(1, 30), (0, 80), (1, 80)]  # it waits 20 to 40 us, then pulls and lets go
_BIT_LOW_US, _ZERO_US, _ONE_US = 50, 26, 70
_AWAKE_S = 1.0  # after power-on it is not to be asked


class Dht22(PulsePart):
    """It answers with what it measured when it was asked before.

    Faults beside those of every part: `corrupt` (a bit is lost), `send(frame)` (always these 5 bytes).
    `twos`: negative temperatures in two's complement, as newer parts send them.
    """

    name = "dht22"
    shortest_us = 800  # of the master's low
    pause_s = 2.0
    span = (-40.0, 80.0)

    def __init__(self, *where, twos=False, **options):
        self._random = random.Random(22)
        self.twos, self.fixed, self.corrupted = twos, None, False
        super().__init__(*where, **options)

    def corrupt(self):
        self.corrupted = True

    def send(self, frame: bytes):
        self.fixed = frame

    def release(self):
        super().release()
        self.fixed, self.corrupted = None, False

    def power_up(self):
        self._born = self.clock()
        self._asked = None
        self._measured = None

    def start(self, low_us: float):
        now = self.clock()
        if not self.present or self.hung or low_us < self.shortest_us or now - self._born < _AWAKE_S:
            return None
        if self._asked is not None and now - self._asked < self.pause_s * 0.999:
            return None
        self._asked = now
        if self._measured is None:
            self._measured = self._now()
        frame, self._measured = self._measured, self._measured if self.stuck else self._now()
        return self._pulses(self.fixed or frame)

    def _pulses(self, frame: bytes):
        bits = int.from_bytes(frame, "big") ^ (self.corrupted << 20)
        found = [*_ANSWER]
        for bit in reversed(range(40)):
            found += [(0, _BIT_LOW_US), (1, _ONE_US if bits >> bit & 1 else _ZERO_US)]
        return [*found, (0, _BIT_LOW_US)]

    def _now(self) -> bytes:
        air = self.weather.now()
        celsius = min(max(air.temperature + self.noise * self._random.gauss(0, 0.05), self.span[0]), self.span[1])
        percent = min(max(air.humidity + self.noise * self._random.gauss(0, 0.1), 0.0), 100.0)
        data = self.coded(round(celsius * 10), round(percent * 10))
        return data + bytes([sum(data) & 255])

    def coded(self, celsius: int, percent: int) -> bytes:
        """The four bytes for tenths."""
        magnitude = celsius if celsius >= 0 else celsius & 0xFFFF if self.twos else 0x8000 | -celsius
        return percent.to_bytes(2, "big") + magnitude.to_bytes(2, "big")


class Dht11(Dht22):
    """Whole percent, and tenths of a degree in newer parts."""

    name = "dht11"
    shortest_us = 17_900
    pause_s = 1.0
    span = (-20.0, 60.0)

    def coded(self, celsius: int, percent: int) -> bytes:
        whole, tenths = divmod(abs(celsius), 10)
        return bytes([min(max(round(percent / 10), 5), 95), 0, whole, tenths | 128 * (celsius < 0)])


MODELS = {"dht22": Dht22, "dht11": Dht11}
