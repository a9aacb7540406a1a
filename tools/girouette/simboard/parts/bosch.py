"""BME280 and BMP280 at register level, from Bosch's data sheets (BST-BME280-DS002, BST-BMP280-DS001).

A model takes bytes from the bus and gives bytes back; what it measures comes from a Weather. No bus, no pin and no
driver code lives here.
"""

import random

from ..weather import Truth
from . import I2cPart
from .compensation import REAL, raw_values

ID, RESET, CTRL_HUM, STATUS, CTRL_MEAS, CONFIG, DATA = 0xD0, 0xE0, 0xF2, 0xF3, 0xF4, 0xF5, 0xF7
MEASURING, IM_UPDATE = 8, 1
_RESET_WORD = 0xB6
_NVM_COPY = 0.002  # seconds of im_update after power-on and reset
_STANDBY = (0.0005, 0.0625, 0.125, 0.25, 0.5, 1.0, 0.01, 0.02)
_NOISE = Truth(0.003, 0.02, 0.012)  # RMS, the data sheet's order of magnitude at oversampling x1


def _times(code: int) -> int:
    """Oversampling of a control field: 0 skipped, 1, 2, 4, 8, 16."""
    return (1 << min(code, 5)) >> 1


class BoschPart(I2cPart):
    """Registers behind a pointer: a write is pairs of register and value, a read goes on from the pointer."""

    chip_id = 0x00

    def __init__(self, *where, **options):
        self._id = self.chip_id
        super().__init__(*where, **options)

    def become(self, chip_id: int | None):
        """Answer with another chip id; None: the own one again."""
        self._id = self.chip_id if chip_id is None else chip_id

    def write(self, data: bytes):
        """A write transfer: a register address, then its value, then further such pairs (there is no increment)."""
        self.answer()
        if data:
            self._pointer = data[-1] if len(data) % 2 else data[-2]
        for i in range(0, len(data) - 1, 2):
            self._write_register(data[i], data[i + 1])

    def read(self, n: int) -> bytes:
        """A read transfer from the register pointer on. Data registers cannot change half way (shadowing)."""
        self.answer()
        self._settle()
        start, self._pointer = self._pointer, (self._pointer + n) & 0xFF
        return bytes(self._read_register((start + i) & 0xFF) for i in range(n))


class Bmp280(BoschPart):
    """Pressure and temperature. Faults are methods."""

    name = "bmp280"
    addresses = (0x76, 0x77)
    chip_id = 0x58
    has_humidity = False

    def __init__(self, *where, calibration=REAL, **options):
        self.calibration = calibration
        self._random = random.Random(280)
        super().__init__(*where, **options)

    # The part itself

    def power_up(self):
        """Power-on and soft reset are the same: registers cleared, trimming words copied from the NVM."""
        self.registers = bytearray(256)
        self.registers[DATA : DATA + 8] = b"\x80\x00\x00\x80\x00\x00\x80\x00"
        self._pointer = 0
        self._osrs_h = 0  # what ctrl_hum said when ctrl_meas was last written
        self._ready_at = self.clock() + _NVM_COPY
        self._done_at = None
        self._filtered = None

    def _read_register(self, register: int) -> int:
        copied = self.clock() >= self._ready_at
        if register == ID:
            return self._id
        if register == STATUS:
            return (MEASURING if self._done_at is not None else 0) | (0 if copied else IM_UPDATE)
        if 0x88 <= register <= 0xA1 and copied:
            return self.calibration.low()[register - 0x88]
        if 0xE1 <= register <= 0xE7 and copied and self.has_humidity:
            return self.calibration.high()[register - 0xE1]
        if register >= 0xFD and not self.has_humidity:
            return 0
        return self.registers[register]

    def _write_register(self, register: int, value: int):
        if register == RESET and value == _RESET_WORD:
            self.power_up()
        elif register == CTRL_HUM and self.has_humidity:
            self.registers[CTRL_HUM] = value & 7  # takes effect with the next write of ctrl_meas
        elif register == CONFIG:
            self.registers[CONFIG] = value
        elif register == CTRL_MEAS:
            self.registers[CTRL_MEAS] = value
            self._osrs_h = self.registers[CTRL_HUM] & 7
            self._done_at = self.clock() + self.conversion_ms() / 1000 if value & 3 else None

    def conversion_ms(self) -> float:
        """The longest a conversion with the present settings takes (data sheet 9.1)."""
        ctrl = self.registers[CTRL_MEAS]
        t, p, h = _times(ctrl >> 5), _times(ctrl >> 2 & 7), _times(self._osrs_h)
        return 1.25 + 2.3 * t + (2.3 * p + 0.575 if p else 0) + (2.3 * h + 0.575 if h else 0)

    def _settle(self):
        """Let conversions end that are due by now."""
        now = self.clock()
        if self.hung or self._done_at is None or now < self._done_at:
            return
        self._convert()
        if self.registers[CTRL_MEAS] & 3 == 3:  # normal mode goes on by itself, after a pause
            cycle = self.conversion_ms() / 1000 + _STANDBY[self.registers[CONFIG] >> 5]
            self._done_at += cycle * ((now - self._done_at) // cycle + 1)
        else:  # forced mode ends in sleep mode
            self._done_at = None
            self.registers[CTRL_MEAS] &= 0xFC

    def _convert(self):
        if self.stuck:
            return
        felt = (v + self.noise * self._random.gauss(0, rms) for v, rms in zip(self.weather.now(), _NOISE, strict=True))
        raw_t, raw_p, raw_h = raw_values(self.calibration, Truth(*felt))
        raw_t, raw_p = self._filter(raw_t, raw_p)
        ctrl = self.registers[CTRL_MEAS]
        t, p = self._resolve(raw_t, ctrl >> 5), self._resolve(raw_p, ctrl >> 2 & 7)
        h = raw_h if self._osrs_h else 0x8000
        data = (p << 4).to_bytes(3, "big") + (t << 4).to_bytes(3, "big") + h.to_bytes(2, "big")
        self.registers[DATA : DATA + 8] = data

    def _resolve(self, raw: int, code: int) -> int:
        """A skipped quantity reads 0x80000; without the filter, 16 bits at x1 and one more for each doubling."""
        if code == 0:
            return 0x80000
        lost = 0 if self.registers[CONFIG] >> 2 & 7 else 5 - min(code, 5)
        return raw >> lost << lost

    def _filter(self, raw_t: int, raw_p: int) -> tuple[int, int]:
        """The IIR filter: each new value counts for 1 part in `coefficient`."""
        coefficient = 1 << min(self.registers[CONFIG] >> 2 & 7, 4)
        if self._filtered is None or coefficient == 1:
            self._filtered = (raw_t, raw_p)
        else:
            pairs = zip(self._filtered, (raw_t, raw_p), strict=True)
            self._filtered = tuple((old * (coefficient - 1) + new) / coefficient for old, new in pairs)
        return int(self._filtered[0]), int(self._filtered[1])


class Bme280(Bmp280):
    """Pressure, temperature and humidity."""

    name = "bme280"
    chip_id = 0x60
    has_humidity = True


MODELS = {"bmp280": Bmp280, "bme280": Bme280}
