"""Sensirion's carbon dioxide sensors at the level of their commands: SCD4x and SCD30, from their data sheets and from
"Interface Description Sensirion SCD30 Sensor Module".

A model takes bytes from the bus and gives bytes back. No bus, no pin and no driver code lives here.
"""

import math
import random
import struct

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


class Co2Part(I2cPart):
    """What the two have in common: commands of 16 bits, words with checksums, measurements at an interval.

    `co2` is the truth in ppm, None for a room that people come to and leave.
    """

    boot_s = 0.0  # after power-on the part answers to nothing for so long
    reply_s = 0.0  # from a command to its answer; until then the part does not acknowledge
    rms = (0.0, 0.0, 0.0)  # noise of CO2, temperature and humidity

    def __init__(self, *where, **options):
        self.co2 = None
        self.corrupted = False
        self._random = random.Random(62)
        super().__init__(*where, **options)

    def corrupt(self):
        """Answers come with a wrong checksum."""
        self.corrupted = True

    def release(self):
        super().release()
        self.corrupted = False

    def power_up(self):
        self._boots_until = self.clock() + self.boot_s
        self._busy_until = 0.0
        self._since = None  # when the running measurement was begun
        self._taken = 0  # the number of the last measurement that was read
        self._answer = None
        self._air = (0.0, 0.0, 0.0)
        self._air_of = 0
        self._held = None

    # The bus

    def write(self, data: bytes):
        self.answer()
        if not data:  # a scan of the bus
            return
        if len(data) not in (2, 5) or self.clock() < self._busy_until:
            raise Nak
        if len(data) == 5 and crc8(data[2:4]) != data[4]:
            raise Nak
        word = int.from_bytes(data[2:4], "big") if len(data) == 5 else None
        self._answer = None
        self.command(int.from_bytes(data[:2], "big"), word)

    def read(self, n: int) -> bytes:
        self.answer()
        if self._answer is None or self.clock() < self._busy_until or n > len(self._answer):
            raise Nak
        answer, self._answer = self._answer[:n], None
        return answer[:-1] + bytes([answer[-1] ^ 0x10]) if self.corrupted else answer

    def answer(self):
        super().answer()
        if self.clock() < self._boots_until:
            raise Nak

    def command(self, command: int, word: int | None):
        """What a command does; Nak where it is not known or not allowed."""
        raise NotImplementedError

    def reply(self, answer: bytes):
        """This is what the next read gives."""
        self._busy_until = self.clock() + self.reply_s
        self._answer = answer

    # Measurements

    def measurement(self, period: float) -> int:
        """How many have been made since the measurement was begun."""
        if self._since is None or self.hung:
            return self._taken
        return int((self.clock() - self._since) / period + 1e-6)

    def sampled(self, number: int) -> tuple[float, float, float]:
        """CO2, temperature and humidity of a measurement, as the part felt them."""
        if number != self._air_of:
            self._air_of = number
            self._air = self._feel()
        return self._air

    def _feel(self) -> tuple[float, float, float]:
        air = self.weather.now()
        co2 = self._room() if self.co2 is None else self.co2
        felt = zip((co2, air.temperature, air.humidity), self.rms, strict=True)
        co2, celsius, rh = (value + self.noise * self._random.gauss(0, rms) for value, rms in felt)
        return max(0.0, co2), celsius, min(100.0, max(0.0, rh))

    def _room(self) -> float:
        """People come and go: 420 to 1300 ppm in the course of two hours."""
        return 860 - 440 * math.cos(self.clock() / 7200 * math.tau)


class Scd4x(Co2Part):
    """SCD40, SCD41, SCD43."""

    name = "scd4x"
    addresses = (0x62,)
    boot_s = 0.9
    reply_s = 0.001
    rms = (1.5, 0.02, 0.05)
    serial = (0xF896, 0x9F07, 0x3BBE)
    period = 5.0

    def power_up(self):
        super().power_up()
        self.altitude, self.offset = 0, round(4 * 65535 / 175)  # words; the offset is 4 °C ex works
        self.asleep = False

    def sleep(self):
        """As after power_down: only wake_up is understood."""
        self.asleep = True

    def command(self, command: int, word: int | None):
        if self.asleep:
            self.asleep = command != 0x36F6
            self._busy_until = self.clock() + (0 if self.asleep else 0.02)
            raise Nak
        if command == 0x3F86:
            self._since = None
            self._busy_until = self.clock() + 0.5
        elif command == 0xE4B8:
            self.reply(framed(0x8006 if self.measurement(self.period) > self._taken else 0x8000))
        elif command == 0xEC05:
            self._take()
        elif self._since is not None:
            raise Nak
        else:
            self._idle(command, word)

    def _idle(self, command: int, word: int | None):
        """What is understood only while nothing is measured."""
        if command == 0x21B1 and word is None:
            self._since, self._taken, self._air_of = self.clock(), 0, 0
        elif command == 0x3682:
            self.reply(framed(*self.serial))
        elif command == 0x2427 and word is not None:
            self.altitude = word
            self._busy_until = self.clock() + 0.001
        elif command == 0x241D and word is not None:
            self.offset = word
            self._busy_until = self.clock() + 0.001
        else:
            raise Nak

    def _take(self):
        """A measurement can be read once; without one the part does not acknowledge."""
        number = self.measurement(self.period)
        if number <= self._taken:
            raise Nak
        self._taken = number
        self.reply(self._frame(*self.sampled(number)))

    def _frame(self, co2: float, celsius: float, rh: float) -> bytes:
        if self.stuck and self._held:
            return self._held
        words = (co2, (celsius + 45) * 65535 / 175, rh * 65535 / 100)
        self._held = framed(*(min(65535, max(0, round(word))) for word in words))
        return self._held


class Scd30(Co2Part):
    """SCD30: floats, and settings that outlive a loss of power."""

    name = "scd30"
    addresses = (0x61,)
    boot_s = 1.9
    reply_s = 0.003
    rms = (1.5, 0.02, 0.05)
    version = 0x0342

    def __init__(self, *where, **options):
        self.settings = {0x4600: 2, 0x5102: 0, 0x5403: 0}  # interval, altitude, temperature offset
        self.measures = False  # kept too
        self.writes = self.begun = 0  # how often it was told so
        super().__init__(*where, **options)

    def power_up(self):
        super().power_up()
        if self.measures:
            self._since = self._boots_until

    def command(self, command: int, word: int | None):
        if command == 0xD100:
            self.reply(framed(self.version))
        elif command == 0x0202:
            self.reply(framed(int(self.measurement(self.settings[0x4600]) > self._taken)))
        elif command == 0x0300:
            self._take()
        elif command == 0x0010 and (word == 0 or word is not None and 700 <= word <= 1400):
            self.measures = True
            self.begun += 1
            self._since, self._taken, self._air_of = self.clock(), 0, 0
        elif command == 0x0104:
            self.measures, self._since = False, None
        elif command in self.settings:
            self._set(command, word)
        else:
            raise Nak

    def _set(self, command: int, word: int | None):
        if word is None:
            self.reply(framed(self.settings[command]))
        elif command == 0x4600 and not 2 <= word <= 1800:
            raise Nak
        else:
            self.settings[command] = word
            self.writes += 1

    def _take(self):
        number = self.measurement(self.settings[0x4600])
        self._taken = number
        self.reply(self._frame(*self.sampled(number)))

    def _frame(self, *felt: float) -> bytes:
        if self.stuck and self._held:
            return self._held
        self._held = framed(*struct.unpack(">6H", struct.pack(">3f", *felt)))
        return self._held


MODELS = {"scd4x": Scd4x, "scd30": Scd30}
