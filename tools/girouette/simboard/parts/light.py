"""Light sensors at the level of their commands and registers: BH1750FVI (ROHM) and VEML7700 (Vishay), from their data
sheets.

A model takes bytes from the bus and gives bytes back. No bus, no pin and no driver code lives here.
"""

import math
import random

from . import I2cPart, Nak


class LightPart(I2cPart):
    """What the two have in common. `lux` is the truth, None for a day that begins at eight in the morning."""

    rms = 0.002  # noise, as a part of the light

    def __init__(self, *where, **options):
        self.lux = None
        self._random = random.Random(23)
        super().__init__(*where, **options)

    def seen(self) -> float:
        """The light now, in lx, as the part sees it."""
        return self.light() * max(0.0, 1 + self.noise * self._random.gauss(0, self.rms))

    def light(self) -> float:
        if self.lux is not None:
            return self.lux
        hour = 8 + self.clock() / 3600
        return 0.3 + 60_000 * max(0.0, math.sin((hour - 6) / 12 * math.pi)) ** 2


class Bh1750(LightPart):
    """Commands of one byte; two bytes to read, at any time."""

    name = "bh1750"
    addresses = (0x23, 0x5C)

    def power_up(self):
        self.on = False
        self.mtreg = 69
        self._mode = None
        self._done_at = None
        self._result = 0

    def write(self, data: bytes):
        self.answer()
        self._settle()
        for command in data:
            self._command(command)

    def _command(self, command: int):
        if command in (0x00, 0x01):
            self.on = command == 0x01
            self._mode = self._done_at = None
        elif command == 0x07:
            self._result = 0 if self.on else self._result  # not accepted in power down mode
        elif command in (0x10, 0x11, 0x13, 0x20, 0x21, 0x23):
            self.on = True
            self._mode = command
            self._done_at = self.clock() + self.measuring_ms() / 1000
        elif command & 0xF8 == 0x40:
            self.mtreg = self.mtreg & 0x1F | (command & 7) << 5
        elif command & 0xE0 == 0x60:
            self.mtreg = self.mtreg & 0xE0 | command & 0x1F
        else:
            raise Nak

    def measuring_ms(self) -> float:
        """The longest a measurement takes."""
        return (24 if self._mode & 3 == 3 else 180) * self.mtreg / 69

    def read(self, n: int) -> bytes:
        self.answer()
        self._settle()
        return self._result.to_bytes(2, "big")[:n].ljust(n, b"\xff")

    def _settle(self):
        if self.hung or self._done_at is None or self.clock() < self._done_at:
            return
        if not self.stuck:
            self._result = self._counts()
        if self._mode & 0x20:  # one time: power down follows
            self.on = False
            self._mode = self._done_at = None

    def _counts(self) -> int:
        counts = self.seen() * 1.2 * self.mtreg / 69
        if self._mode & 3 == 1:
            counts *= 2
        if self._mode & 3 == 3:
            counts = counts // 4 * 4
        return min(0xFFFF, round(counts))


def _uncorrected(lux: float) -> float:
    """What the counts of a VEML7700 say of this light: the inverse of the application note's formula."""
    low, high = 0.0, 40_000.0
    for _ in range(60):
        x = (low + high) / 2
        if (((6.0135e-13 * x - 9.3924e-9) * x + 8.1488e-5) * x + 1.0023) * x < lux:
            low = x
        else:
            high = x
    return low


class Veml7700(LightPart):
    """Registers of 16 bits, low byte first. It integrates again and again, and says nothing of when it is done."""

    name = "veml7700"
    addresses = (0x10,)
    _gains = (1, 2, 1 / 8, 1 / 4)
    _times = {12: 25, 8: 50, 0: 100, 1: 200, 2: 400, 3: 800}  # ms
    slowness = 1.1  # of its oscillator

    def __init__(self, *where, **options):
        self.id = 0xC481
        super().__init__(*where, **options)

    def become(self, number: int | None):
        """Answer with another id; None: the own one again."""
        self.id = 0xC481 if number is None else number

    def power_up(self):
        self.registers = [0x0001, 0, 0, 0, 0, 0, 0]
        self._pointer = 0
        self._since = self.clock()
        self._ended = 0  # integrations since then

    def write(self, data: bytes):
        self.answer()
        if not data:  # a scan of the bus
            return
        if data[0] > 7 or len(data) not in (1, 3) or (len(data) == 3 and data[0] > 3):
            raise Nak
        self._pointer = data[0]
        if len(data) == 3:
            self._settle()
            self.registers[self._pointer] = data[1] | data[2] << 8
            if self._pointer == 0:
                self._since, self._ended = self.clock(), 0

    def read(self, n: int) -> bytes:
        self.answer()
        self._settle()
        value = self.id if self._pointer == 7 else self.registers[self._pointer]
        return value.to_bytes(2, "little")[:n].ljust(n, b"\xff")

    def integration_ms(self) -> float:
        """The longest it may take."""
        return self._times[self.registers[0] >> 6 & 15] * self.slowness

    def _settle(self):
        if self.registers[0] & 1 or self.hung:  # shut down: the last result stays
            return
        ended = int((self.clock() - self._since - 0.0025) * 1000 / self.integration_ms() + 1e-6)
        if ended > self._ended:
            self._ended = ended
            self._integrate()

    def _integrate(self):
        if self.stuck:
            return
        sensitivity = self._gains[self.registers[0] >> 11 & 3] / 2 * self._times[self.registers[0] >> 6 & 15] / 800
        self.registers[4] = min(0xFFFF, round(_uncorrected(self.seen()) / 0.0042 * sensitivity))


MODELS = {"bh1750": Bh1750, "veml7700": Veml7700}
