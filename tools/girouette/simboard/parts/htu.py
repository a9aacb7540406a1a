"""HTU21D, SHT2x and Si7021 at the level of their commands, from the data sheets of the HTU21D(F), SHT21 and Si7021-A20.

A model takes bytes from the bus and gives bytes back; what it measures comes from a Weather. No bus, no pin and no
driver code lives here.
"""

import random

from . import I2cPart, Nak

_TEMPERATURE, _HUMIDITY = 0xF3, 0xF5
_RMS = {_TEMPERATURE: 0.012, _HUMIDITY: 0.03}  # °C and %
_RESET_S = 0.015


def crc8(data: bytes) -> int:
    """Polynomial 0x31, from 0."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x31 if crc & 0x80 else crc << 1) & 0xFF
    return crc


class Htu21d(I2cPart):
    """An HTU21D at full resolution: one conversion at a time, no acknowledge of a read until it is done.

    `become` makes it another part of the family.
    """

    name = "htu21d"
    addresses = (0x40,)
    kinds = {  # the longest conversions in seconds, and the user register after a reset
        "HTU21D": (0.050, 0.016, 0x02),
        "SHT21": (0.085, 0.029, 0x02),
        "Si7021": (0.0108, 0.0228, 0x3A),
    }

    def __init__(self, *where, **options):
        self.corrupted = self.weak = False
        self.kind = "HTU21D"
        self._random = random.Random(21)
        super().__init__(*where, **options)

    def become(self, kind: str):
        """Another part of the family, fresh from power-on."""
        self.kind = kind
        self.power_up()

    def corrupt(self):
        """Measurements come with a wrong checksum."""
        self.corrupted = True

    def weaken(self):
        """The supply falls below what the part wants."""
        self.weak = True

    def release(self):
        super().release()
        self.corrupted = self.weak = False

    def power_up(self):
        self._ready_at = self.clock() + _RESET_S
        self._command = None  # of the conversion that goes on
        self._done_at = 0.0
        self._answer = None
        self._held = {}
        self.register = self.kinds[self.kind][2]

    def conversion_s(self, command: int) -> float:
        """The longest a conversion takes."""
        return self.kinds[self.kind][0 if command == _TEMPERATURE else 1]

    def write(self, data: bytes):
        self.answer()
        if not data:
            return
        self._settle()
        if data[0] == 0xFE:
            self.power_up()
        elif self._command is not None:
            raise Nak
        elif data[0] in _RMS:
            self._answer, self._command = None, data[0]
            self._done_at = self.clock() + self.conversion_s(data[0])
        elif data[0] == 0xE7:
            self._answer = bytes([self.register | (0x40 if self.weak else 0)])
        elif data[0] == 0xE6 and len(data) == 2:
            self.register = self.register & 0x7A | data[1] & 0x85
        else:
            raise Nak

    def read(self, n: int) -> bytes:
        self.answer()
        self._settle()
        if self._answer is None:
            raise Nak
        answer, self._answer = self._answer.ljust(n, b"\xff")[:n], None
        return answer

    def answer(self):
        super().answer()
        if self.clock() < self._ready_at:
            raise Nak

    def _settle(self):
        if self._command is None or self.hung or self.clock() < self._done_at:
            return
        command, self._command = self._command, None
        if not self.stuck or command not in self._held:
            self._held[command] = self._convert(command)
        raw = self._held[command]
        self._answer = raw + bytes([crc8(raw) ^ (0x10 if self.corrupted else 0)])

    def _convert(self, command: int) -> bytes:
        air = self.weather.now()
        if command == _TEMPERATURE:
            value, status, steps = (self._felt(air.temperature, command) + 46.85) / 175.72, 0, 14
        else:  # the status says which of the two it is
            value, status, steps = (self._felt(air.humidity, command) + 6) / 125, 2, 12
        top = (1 << steps) - 1
        return (min(top, max(0, round(value * (top + 1)))) << 16 - steps | status).to_bytes(2, "big")

    def _felt(self, truth: float, command: int) -> float:
        return truth + self.noise * self._random.gauss(0, _RMS[command])


MODELS = {"htu21d": Htu21d}
