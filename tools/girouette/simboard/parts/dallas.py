"""DS18B20, from Maxim's data sheet (19-7487), and what differs in the older DS18S20 (19-5474)."""

import itertools
import random

from .lines import OneWirePart, crc8

CONVERT, READ, WRITE, COPY, RECALL, POWER = 0x44, 0xBE, 0x4E, 0x48, 0xB8, 0xB4
_FULL_S = 0.75  # the longest a conversion of 12 bits takes
_RMS = 0.03


class Ds18b20(OneWirePart):
    """A thermometer with an EEPROM for alarms and resolution. `offset`: °C by which it is warmer than the weather.

    `parasite`: its VDD is at ground, and nothing strong holds the wire while it converts, so no conversion succeeds.
    """

    name = "ds18b20"
    family = 0x28
    serial = "ac410e070000"

    def __init__(self, *where, parasite=False, offset=0.0, **options):
        self.eeprom = bytes.fromhex("4b467f")
        self.parasite, self.offset = parasite, offset
        self._random = random.Random(1820)
        super().__init__(*where, **options)

    def power_up(self):
        super().power_up()
        self.scratchpad = bytearray(b"\x50\x05\x00\x00\x00\xff\x0c\x10")  # 85 °C
        self.scratchpad[2:5] = self.eeprom
        self._done_at = None

    def command(self, command: int):
        self._settle()
        if command == CONVERT:
            self._done_at = self.clock() + self.conversion_s()
            while True:
                yield 1 if self.parasite else self._ended
        elif command == READ:
            pad = bytes(self.scratchpad)
            yield from self._send(pad + bytes([crc8(pad)]))
            yield from itertools.repeat(1)
        elif command == WRITE:
            heard = bytearray()
            for _ in range(3):
                heard.append((yield from self._hear(8)))
            self.written(heard)
        elif command == COPY:
            self.eeprom = bytes(self.scratchpad[2:5])
        elif command == RECALL:
            self.scratchpad[2:5] = self.eeprom
        elif command == POWER:
            yield 0 if self.parasite else 1

    def written(self, data: bytes):
        """Alarms and configuration, of which two bits can be set."""
        self.scratchpad[2:5] = bytes(data[:2]) + bytes([data[2] & 0x60 | 0x1F])

    def conversion_s(self) -> float:
        return _FULL_S / (1 << 3 - (self.scratchpad[4] >> 5 & 3))

    def _ended(self) -> int:
        self._settle()
        return int(self._done_at is None)

    def _settle(self):
        if self._done_at is None or self.hung or self.clock() < self._done_at:
            return
        self._done_at = None
        if not self.parasite and not self.stuck:
            celsius = self.weather.now().temperature + self.offset + self.noise * self._random.gauss(0, _RMS)
            self.converted(max(-55.0, min(celsius, 125.0)))

    def converted(self, celsius: float):
        """Bits below the resolution are undefined: here they are ones."""
        below = (1 << 3 - (self.scratchpad[4] >> 5 & 3)) - 1
        raw = round(celsius * 16) | below
        self.scratchpad[0:2] = (raw & 0xFFFF).to_bytes(2, "little")
        self.scratchpad[6] = 0x10 - (raw & 15)


class Ds18s20(Ds18b20):
    """Half degrees, and the count that was left; no resolution to be set."""

    family = 0x10

    def power_up(self):
        super().power_up()
        self.scratchpad[:] = b"\xaa\x00" + self.eeprom[:2] + b"\xff\xff\x0c\x10"

    def written(self, data: bytes):
        self.scratchpad[2:4] = data[:2]

    def conversion_s(self) -> float:
        return _FULL_S

    def converted(self, celsius: float):
        # whole - 0.25 + (16 - remain) / 16, with the half bit above the cut whole degrees
        whole, sixteenth = divmod(round(celsius * 16) + 4, 16)
        if sixteenth == 0:
            whole, sixteenth = whole - 1, 16
        self.scratchpad[0:2] = (whole * 2 & 0xFFFF).to_bytes(2, "little")
        self.scratchpad[6:8] = bytes([16 - sixteenth, 16])


MODELS = {"ds18b20": Ds18b20}
