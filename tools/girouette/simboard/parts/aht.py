"""Aosong's AHT20 and AHT10 at the level of their commands, from their data sheets.

A model takes bytes from the bus and gives bytes back; what it measures comes from a Weather. No bus, no pin and no
driver code lives here.
"""

import random

from . import I2cPart, Nak

BUSY, CALIBRATED = 0x80, 0x08
_TEMPERATURE_RMS, _HUMIDITY_RMS = 0.01, 0.024  # °C and %: the resolution that the data sheet names


def crc8(data: bytes) -> int:
    """Polynomial 0x31, from 0xFF."""
    crc = 0xFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x31 if crc & 0x80 else crc << 1) & 0xFF
    return crc


def _bits(value: float) -> int:
    """20 of them."""
    return min(0xFFFFF, max(0, round(value)))


class Aht20(I2cPart):
    """AHT20: a status that is the first byte of every read, then the measurement, then its checksum."""

    name = "aht20"
    addresses = (0x38,)
    boot_s = 0.04
    reset_s = 0.02
    measuring_s = 0.08
    idle = 0x10  # what the status says beside the two bits that mean something
    initialize = 0xBE
    has_checksum = True

    def __init__(self, *where, **options):
        self.corrupted = False
        self.calibrated = True
        self.needs_initialization = False  # until it gets it, after power-on
        self._random = random.Random(38)
        super().__init__(*where, **options)

    def corrupt(self):
        """Data comes with a wrong checksum."""
        self.corrupted = True

    def release(self):
        super().release()
        self.corrupted = False

    def power_up(self):
        self._ready_at = self.clock() + self.boot_s
        self._done_at = None  # when the measurement or the initialization ends that goes on
        self._measures = False
        self._data = bytes(5)
        self._held = False
        self._initialized = not self.needs_initialization

    def write(self, data: bytes):
        self.answer()
        if not data:
            return
        if data[0] == 0xBA:
            self.power_up()
            self._ready_at = self.clock() + self.reset_s
        elif data[0] == 0x71 and len(data) == 1:
            pass
        elif self.status() & BUSY:
            raise Nak
        elif data == b"\xac\x33\x00":
            self._measures, self._done_at = True, self.clock() + self.measuring_s
        elif data == bytes([self.initialize, 0x08, 0x00]):
            self._measures, self._done_at = False, self.clock() + 0.01
            self._initialized = True
        else:
            raise Nak

    def read(self, n: int) -> bytes:
        self.answer()
        frame = bytes([self.status()]) + self._data
        if self.has_checksum:
            frame += bytes([crc8(frame) ^ (0x10 if self.corrupted else 0)])
        return frame.ljust(n, b"\xff")[:n]

    def answer(self):
        super().answer()
        if self.clock() < self._ready_at:
            raise Nak

    def status(self) -> int:
        """The status byte."""
        self._settle()
        calibrated = CALIBRATED if self.calibrated and self._initialized else 0
        return self.idle | calibrated | (BUSY if self._done_at is not None else 0)

    def _settle(self):
        if self._done_at is None or self.hung or self.clock() < self._done_at:
            return
        self._done_at = None
        if self._measures and not (self.stuck and self._held):
            self._convert()

    def _convert(self):
        air = self.weather.now()
        celsius = air.temperature + self.noise * self._random.gauss(0, _TEMPERATURE_RMS)
        rh = air.humidity + self.noise * self._random.gauss(0, _HUMIDITY_RMS)
        both = _bits(rh / 100 * 0x100000) << 20 | _bits((celsius + 50) / 200 * 0x100000)
        self._data = both.to_bytes(5, "big")
        self._held = True


class Aht10(Aht20):
    """AHT10: no checksum, another command to initialize."""

    name = "aht10"
    addresses = (0x38, 0x39)
    boot_s = 0.02
    measuring_s = 0.075
    initialize = 0xE1
    has_checksum = False


MODELS = {"aht20": Aht20, "aht10": Aht10}
