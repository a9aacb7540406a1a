"""Sensirion's SHT3x and SHT4x at the level of their commands, from their data sheets (SHT3x-DIS, SHT4x).

A model takes bytes from the bus and gives bytes back; what it measures comes from a Weather. No bus, no pin and no
driver code lives here.
"""

import random

from . import I2cPart, Nak


def crc8(data: bytes) -> int:
    """Polynomial 0x31, from 0xFF."""
    crc = 0xFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x31 if crc & 0x80 else crc << 1) & 0xFF
    return crc


def framed(*words: int) -> bytes:
    """Each word with its checksum."""
    return b"".join(raw + bytes([crc8(raw)]) for raw in (word.to_bytes(2, "big") for word in words))


class ShtPart(I2cPart):
    """What the two have in common: commands, answers with checksums, and no acknowledge where there is no answer."""

    boot_s = 0.001  # from power-on and from a reset on
    measuring_s: dict[int, float] = {}  # the longest time, by command
    rms = (0.01, 0.03)  # noise of temperature and humidity

    def __init__(self, *where, **options):
        self.corrupted = False
        self._random = random.Random(44)
        super().__init__(*where, **options)

    def corrupt(self):
        """Answers come with a wrong checksum."""
        self.corrupted = True

    def release(self):
        super().release()
        self.corrupted = False

    def power_up(self):
        self._ready_at = self.clock() + self.boot_s
        self._done_at = None  # when the measurement ends that goes on
        self._answer = None
        self._held = None

    def write(self, data: bytes):
        self.answer()
        if data:
            self.command(data)

    def read(self, n: int) -> bytes:
        """The answer to the last command, once; beyond its end the bus is at rest."""
        self.answer()
        self._settle()
        if self._answer is None:
            raise Nak
        answer, self._answer = self._answer.ljust(n, b"\xff")[:n], None
        return answer[:2] + bytes([answer[2] ^ 0x10]) + answer[3:] if self.corrupted else answer

    def answer(self):
        super().answer()
        if self.clock() < self._ready_at:
            raise Nak

    def command(self, data: bytes):
        """What a command does; Nak where it is not known or not allowed."""
        raise NotImplementedError

    def measure(self, command: int):
        self._answer = None
        self._done_at = self.clock() + self.measuring_s[command]

    def measures(self) -> bool:
        """Whether a measurement goes on."""
        self._settle()
        return self._done_at is not None

    def _settle(self):
        if self._done_at is not None and self.clock() >= self._done_at and not self.hung:
            self._done_at = None
            self._answer = self._frame()

    def _frame(self) -> bytes:
        if not self.stuck or self._held is None:
            air = self.weather.now()
            truth = zip((air.temperature, air.humidity), self.rms, strict=True)
            self._held = framed(*self.words(*(v + self.noise * self._random.gauss(0, rms) for v, rms in truth)))
        return self._held

    def words(self, celsius: float, rh: float) -> tuple[int, int]:
        """The raw values of what was felt."""
        raise NotImplementedError


def _word(value: float) -> int:
    return min(65535, max(0, round(value)))


class Sht3x(ShtPart):
    """SHT30, SHT31, SHT35: commands of 16 bits, a status register."""

    name = "sht3x"
    addresses = (0x44, 0x45)
    measuring_s = {0x2400: 0.0155, 0x240B: 0.0065, 0x2416: 0.0045}

    def power_up(self):
        super().power_up()
        self.status = 0x8010  # an alert is pending, a reset was detected
        self.periodic = False

    def measure_periodically(self):
        """As after a command that another program sent: only a few are understood now."""
        self.periodic = True

    def command(self, data: bytes):
        if len(data) != 2:
            return  # half a command: nothing comes of it
        command = int.from_bytes(data, "big")
        if command == 0x3093:
            self.periodic, self._done_at = False, None
        elif self.periodic or self.measures():
            raise Nak
        elif command == 0x30A2:
            self.power_up()
            self._ready_at = self.clock() + 0.0015
        elif command == 0xF32D:
            self._answer = framed(self.status)
        elif command == 0x3041:
            self.status &= ~0x8C10
        elif command in self.measuring_s:
            self.measure(command)
        else:
            self.status |= 2
            self._answer = None

    def words(self, celsius: float, rh: float) -> tuple[int, int]:
        return _word((celsius + 45) * 65535 / 175), _word(rh * 65535 / 100)


class Sht4x(ShtPart):
    """SHT40, SHT41, SHT43, SHT45: commands of 8 bits, a serial number."""

    name = "sht4x"
    addresses = (0x44, 0x45, 0x46)
    measuring_s = {0xFD: 0.0083, 0xF6: 0.0045, 0xE0: 0.0017}
    serial = (0x0D20, 0x6101)

    def command(self, data: bytes):
        if self.measures() or len(data) != 1 or data[0] not in (0x94, 0x89, *self.measuring_s):
            raise Nak
        self._answer = None
        if data[0] == 0x94:
            self.power_up()
        elif data[0] == 0x89:
            self._answer = framed(*self.serial)
        else:
            self.measure(data[0])

    def words(self, celsius: float, rh: float) -> tuple[int, int]:
        return _word((celsius + 45) * 65535 / 175), _word((rh + 6) * 65535 / 125)


MODELS = {"sht3x": Sht3x, "sht4x": Sht4x}
