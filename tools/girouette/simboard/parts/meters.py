"""Electrical meters at register level, from TI's data sheets: INA219 (SBOS448G), ADS1115 (SBAS444E).

What they measure is an attribute, in volts and amperes. Both have 16-bit registers with the high byte first, behind a
pointer that a write sets. No driver code here.
"""

import math
import random

from . import I2cPart, Nak


class Registers(I2cPart):
    """Words behind a pointer. A subclass says what a register reads, and what a write to it does."""

    resets: dict[int, int] = {}

    def __init__(self, *where, **options):
        self._random = random.Random(219)
        super().__init__(*where, **options)

    def power_up(self):
        self.words = dict(self.resets)
        self._pointer = 0
        self._done_at = None

    def write(self, data: bytes):
        self.answer()
        if len(data) not in (0, 1, 3):
            raise Nak
        if data:
            if data[0] not in self.resets:
                raise Nak
            self._pointer = data[0]
        if len(data) == 3:
            self.store(data[0], int.from_bytes(data[1:], "big"))

    def read(self, n: int) -> bytes:
        self.answer()
        self.settle()
        return (self.fetch(self._pointer).to_bytes(2, "big") * n)[:n]

    def fetch(self, register: int) -> int:
        return self.words[register]

    def store(self, register: int, value: int):
        self.words[register] = value

    def settle(self):
        """Lets a conversion end that is due by now."""
        if self.hung or self._done_at is None or self.clock() < self._done_at:
            return
        self.ended()

    def ended(self):
        raise NotImplementedError

    def noisy(self, value: float, rms: float) -> int:
        return round(value + self.noise * self._random.gauss(0, rms))


class Ina219(Registers):
    """`volts` at the load, `amperes` through a shunt of `ohms`."""

    name = "ina219"
    addresses = tuple(range(0x40, 0x50))
    resets = {0: 0x399F, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0}

    def __init__(self, *where, **options):
        self.volts, self.amperes, self.ohms = 12.0, 0.4, 0.1
        super().__init__(*where, **options)

    def power_up(self):
        super().power_up()
        self._begin()

    def store(self, register: int, value: int):
        if register == 0 and value & 0x8000:
            self.power_up()
        elif register == 0:
            self.words[0] = value
            self.words[2] &= ~2
            self._begin()
        elif register == 5:
            self.words[5] = value & ~1
        # the others are read only

    def fetch(self, register: int) -> int:
        if register == 3:
            self.words[2] &= ~2
        return self.words[register]

    def _begin(self):
        self._done_at = self.clock() + self.conversion_ms() / 1000 if self.words[0] & 3 else None

    def conversion_ms(self) -> float:
        """The longest the two conversions take that the mode asks for."""
        config = self.words[0]
        return sum(self._converter(config >> at & 15) for at, bit in ((7, 2), (3, 1)) if config & bit)

    @staticmethod
    def _converter(code: int) -> float:
        if code & 8:
            return 0.586 * (1 << (code & 7))
        return (0.093, 0.163, 0.304, 0.586)[code & 3]

    def ended(self):
        if not self.stuck:
            self._convert()
        self.words[2] |= 2
        self._done_at = self.clock() if self.words[0] & 4 else None  # continuous: as good as always done

    def _convert(self):
        most = 32000 >> 3 - (self.words[0] >> 11 & 3)
        drop = min(max(self.noisy(self.amperes * self.ohms * 100_000, 1), -most), most)
        top = 8000 if self.words[0] & 0x2000 else 4000
        self.words[1] = drop & 0xFFFF
        self.words[2] = min(max(self.noisy(self.volts * 250, 0.5), 0), top) << 3 | self.words[2] & 2


class Ads1115(Registers):
    """`volts` at A0 to A3."""

    name = "ads1115"
    addresses = (0x48, 0x49, 0x4A, 0x4B)
    resets = {0: 0, 1: 0x8583, 2: 0x8000, 3: 0x7FFF}
    _full = (6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256)
    _pairs = ((0, 1), (0, 3), (1, 3), (2, 3), (0, None), (1, None), (2, None), (3, None))

    def __init__(self, *where, **options):
        self.volts = [0.5, 1.0, 1.5, 2.0]
        super().__init__(*where, **options)

    def store(self, register: int, value: int):
        if register == 0:
            return  # read only
        if register == 1:
            begins = value & 0x8000 and value & 0x100 and self._done_at is None
            self.words[1] = value | 0x8000 if self._done_at is None else value & 0x7FFF
            if begins:
                self.words[1] &= 0x7FFF
                self._done_at = self.clock() + self.conversion_ms() / 1000
            return
        self.words[register] = value

    def conversion_ms(self) -> float:
        """Its clock is a tenth slow, which it may be."""
        return 1100 / (8, 16, 32, 64, 128, 250, 475, 860)[self.words[1] >> 5 & 7] + 0.025

    def ended(self):
        self._done_at = None
        self.words[1] |= 0x8000
        if not self.stuck:
            plus, minus = self._pairs[self.words[1] >> 12 & 7]
            volts = self.volts[plus] - (self.volts[minus] if minus is not None else 0)
            counts = self.noisy(math.floor(volts / self._full[self.words[1] >> 9 & 7] * 32768 + 0.5), 0.5)
            self.words[0] = min(max(counts, -32768), 32767) & 0xFFFF


MODELS = {"ina219": Ina219, "ads1115": Ads1115}
