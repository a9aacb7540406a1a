"""BMP180 at register level, from Bosch's data sheet (BST-BMP180-DS000-09).

One conversion at a time, of the temperature or of the pressure, begun by a write to ctrl_meas. No driver code here.
"""

import random
import struct
from typing import NamedTuple

from . import I2cPart, Nak

ID, RESET, CTRL_MEAS, DATA, CALIBRATION = 0xD0, 0xE0, 0xF4, 0xF6, 0xAA
RUNNING, TEMPERATURE, PRESSURE = 0x20, 0x2E, 0x34
_RESET_WORD = 0xB6
_START = 0.010  # seconds after power-on before it answers
_TEMPERATURE_MS, _PRESSURE_MS = 4.5, (4.5, 7.5, 13.5, 25.5)  # at most (table 8)
_NOISE_C, _NOISE_PA = 0.03, (6.0, 5.0, 4.0, 3.0)  # RMS


class Calibration(NamedTuple):
    """The words of the EEPROM by their names."""

    ac1: int
    ac2: int
    ac3: int
    ac4: int
    ac5: int
    ac6: int
    b1: int
    b2: int
    mb: int
    mc: int
    md: int

    def registers(self) -> bytes:
        return struct.pack(">hhhHHHhhhhh", *self)


EXAMPLE = Calibration(408, -72, -14383, 32741, 32757, 23153, 6190, 4, -32768, -8711, 2868)  # data sheet, 3.5


def b5(cal: Calibration, ut: int) -> float:
    """1/160 °C."""
    x1 = (ut - cal.ac6) * cal.ac5 / 2**15
    return x1 + cal.mc * 2**11 / (x1 + cal.md)


def pressure(cal: Calibration, up: int, oss: int, b5: float) -> float:
    """Pa, by the data sheet's formula in real numbers."""
    b6 = b5 - 4000
    b3 = (cal.ac1 * 4 + cal.b2 * b6 * b6 / 2**23 + cal.ac2 * b6 / 2**11) * 2**oss / 4
    b4 = cal.ac4 * (32768 + (cal.ac3 * b6 / 2**13 + cal.b1 * b6 * b6 / 2**28) / 4) / 2**15
    p = (up - b3) * (50000 / 2**oss) * 2 / b4
    return p + (3038 * (p / 256) ** 2 / 65536 - 7357 * p / 65536 + 3791) / 16


def _raw(function, wanted: float, low: int, high: int) -> int:
    """The raw value from which a rising function says what is wanted."""
    while low < high:
        middle = (low + high) // 2
        if function(middle) < wanted:
            low = middle + 1
        else:
            high = middle
    return low


class Bmp180(I2cPart):
    """Temperature and pressure, one after the other. Faults are methods."""

    name = "bmp180"
    addresses = (0x77,)
    chip_id = 0x55

    def __init__(self, *where, calibration=EXAMPLE, **options):
        self.calibration = calibration
        self._id = self.chip_id
        self._random = random.Random(180)
        super().__init__(*where, **options)

    def become(self, chip_id: int | None):
        """Answer with another chip id; None: the own one again."""
        self._id = self.chip_id if chip_id is None else chip_id

    def power_up(self):
        self.data = b"\x80\x00\x00"
        self._ctrl = 0
        self._pointer = 0
        self._answers_at = self.clock() + (_START if hasattr(self, "_done_at") else 0)
        self._done_at = None

    def write(self, data: bytes):
        """A register address, then its value."""
        self.answer()
        if data:
            self._pointer = data[0]
        if len(data) > 2:
            raise Nak  # one register at a time
        if len(data) == 2:
            self._write_register(*data)

    def read(self, n: int) -> bytes:
        self.answer()
        self._settle()
        start, self._pointer = self._pointer, (self._pointer + n) & 0xFF
        return bytes(self._read_register((start + i) & 0xFF) for i in range(n))

    def answer(self):
        super().answer()
        if self.clock() < self._answers_at:
            raise Nak  # it is starting

    def conversion_ms(self) -> float:
        """The longest the conversion that was asked for last takes."""
        return _TEMPERATURE_MS if self._ctrl & 0x1F == 0x0E else _PRESSURE_MS[self._ctrl >> 6]

    def _read_register(self, register: int) -> int:
        if register == ID:
            return self._id
        if register == CTRL_MEAS:
            return self._ctrl
        if CALIBRATION <= register < CALIBRATION + 22:
            return self.calibration.registers()[register - CALIBRATION]
        if DATA <= register < DATA + 3:
            return self.data[register - DATA]
        return 0

    def _write_register(self, register: int, value: int):
        if register == RESET and value == _RESET_WORD:
            self.power_up()
        elif register == CTRL_MEAS and (value == TEMPERATURE or value & 0x3F == PRESSURE):
            self._ctrl = value
            self._done_at = self.clock() + self.conversion_ms() / 1000
        else:
            raise Nak  # no such command

    def _settle(self):
        if self.hung or self._done_at is None or self.clock() < self._done_at:
            return
        self._done_at = None
        self._ctrl &= ~RUNNING
        if not self.stuck:
            self.data = self._convert()

    def _convert(self) -> bytes:
        truth, oss = self.weather.now(), self._ctrl >> 6
        celsius = truth.temperature
        if self._ctrl & 0x1F == 0x0E:
            celsius += self.noise * self._random.gauss(0, _NOISE_C)
        # B5 falls where X1 + MD is below 0: below the lowest temperature, which is at no raw value of use.
        lowest = int(self.calibration.ac6 - self.calibration.md * 2**15 / self.calibration.ac5) + 1
        ut = _raw(lambda raw: b5(self.calibration, raw), celsius * 160, max(0, lowest), 0xFFFF)
        if self._ctrl & 0x1F == 0x0E:
            return ut.to_bytes(2, "big") + b"\x00"
        pascal = truth.pressure * 100 + self.noise * self._random.gauss(0, _NOISE_PA[oss])
        fine = b5(self.calibration, ut)
        up = _raw(lambda raw: pressure(self.calibration, raw, oss, fine), pascal, 0, (1 << 16 + oss) - 1)
        return (up << 8 - oss).to_bytes(3, "big")


MODELS = {"bmp180": Bmp180}
