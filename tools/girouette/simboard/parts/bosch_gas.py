"""BME680 and BME688 at register level, from Bosch's data sheets (BST-BME680-DS001, BST-BME688-DS000).

The conversions are the data sheet's in double precision, with their inverse: what a part would deliver in a given air.
What gas there is is an attribute, `ohms`: the resistance of the hot plate. No driver code here.
"""

import random
import struct
from typing import NamedTuple

from .bosch import BoschPart
from .compensation import inverse

ID, VARIANT, RESET, STATUS = 0xD0, 0xF0, 0xE0, 0x1D
CTRL_GAS_0, CTRL_GAS_1, CTRL_HUM, CTRL_MEAS, CONFIG = 0x70, 0x71, 0x72, 0x74, 0x75
RES_HEAT, GAS_WAIT = 0x5A, 0x64
NEW, GAS_MEASURING, MEASURING, VALID, STABLE = 0x80, 0x40, 0x20, 0x20, 0x10
_RESET_WORD = 0xB6
_WRITABLE = {CTRL_GAS_0, CTRL_GAS_1, CTRL_HUM, CTRL_MEAS, CONFIG, *range(0x50, 0x6E)}
_START = 0.002  # seconds until the NVM is copied
_HOT_MS = 20  # what the plate needs at least (data sheet, 3.3.5: 20 to 30 ms)
_HOT = range(180, 421)  # °C: 200 to 400, and a few steps of the register beyond
_NOISE = (0.005, 0.02, 0.2, 0.002)  # RMS: °C, %, Pa, and of the resistance its part
_K1 = (0, 0, 0, 0, 0, -1, 0, -0.8, 0, 0, -0.2, -0.5, 0, -1, 0, 0)  # percent
_K2 = (0, 0, 0, 0, 0.1, 0.7, 0, -0.8, -0.1, 0, 0, 0, 0, 0, 0, 0)


class Calibration(NamedTuple):
    """By the names of the data sheet: T1 to T3, P1 to P10, H1 to H7, G1 to G3, and three words without a number."""

    t: tuple[int, ...]
    p: tuple[int, ...]
    h: tuple[int, ...]
    g: tuple[int, ...]
    heat_range: int
    heat_value: int
    switching: int

    def registers(self) -> dict[int, bytes]:
        """What lies where: the first register, and the bytes from there on."""
        t1, t2, t3 = self.t
        p1, p2, p3, p4, p5, p6, p7, p8, p9, p10 = self.p
        h1, h2, h3, h4, h5, h6, h7 = self.h
        g1, g2, g3 = self.g
        return {
            0x00: struct.pack("<b", self.heat_value),
            0x02: bytes([self.heat_range << 4]),
            0x04: bytes([(self.switching & 15) << 4]),
            0x8A: struct.pack("<hbxHhbxhhbbxxhhB", t2, t3, p1, p2, p3, p4, p5, p7, p6, p8, p9, p10),
            0xE1: bytes([h2 >> 4, (h2 & 15) << 4 | h1 & 15, h1 >> 4]),
            0xE4: struct.pack("<bbbBbHhbb", h3, h4, h5, h6, h7, t1, g2, g1, g3),
        }


# pimoroni/bme680-python, tests/conftest.py: read out of a part
REAL = Calibration(
    (26041, 26469, 3),
    (36673, -10515, 88, 7310, -129, 30, 46, -3177, -2379, 30),
    (676, 1029, 0, 45, 20, 120, -100),
    (-30, -24754, 18),
    1,
    48,
    0,
)


def t_fine(cal: Calibration, raw: int) -> float:
    """1/5120 °C."""
    t1, t2, t3 = cal.t
    return (raw / 16384 - t1 / 1024) * t2 + (raw / 131072 - t1 / 8192) ** 2 * t3 * 16


def pressure(cal: Calibration, raw: int, fine: float) -> float:
    """Pa."""
    p1, p2, p3, p4, p5, p6, p7, p8, p9, p10 = cal.p
    v = fine / 2 - 64000
    offset = (v * v * p6 / 131072 + v * p5 * 2) / 4 + p4 * 65536
    slope = (1 + (p3 * v * v / 16384 + p2 * v) / 524288 / 32768) * p1
    p = (1048576 - raw - offset / 4096) * 6250 / slope
    return p + (p9 * p * p / 2**31 + p * p8 / 32768 + (p / 256) ** 3 * p10 / 131072 + p7 * 128) / 16


def humidity(cal: Calibration, raw: int, celsius: float) -> float:
    """%, clipped to 0 to 100."""
    h1, h2, h3, h4, h5, h6, h7 = cal.h
    v = raw - (h1 * 16 + h3 / 2 * celsius)
    v *= h2 / 262144 * (1 + h4 / 16384 * celsius + h5 / 1048576 * celsius**2)
    return min(100.0, max(0.0, v + (h6 / 16384 + h7 / 2097152 * celsius) * v * v))


def resistance(cal: Calibration, adc: int, step: int) -> float:
    """Ohms, as a BME680 measures in range `step`."""
    v = (1340 + 5 * cal.switching) * (1 + _K1[step] / 100)
    return 1 / ((1 + _K2[step] / 100) * 0.000000125 * (1 << step) * ((adc - 512) / v + 1))


def resistance_high(adc: int, step: int) -> float:
    """Ohms, as a BME688 does."""
    return 1_000_000 * (262144 >> step) / (4096 + 3 * (adc - 512))


def plate(cal: Calibration, res_heat: int, ambient: float) -> float:
    """°C of the plate at a heater setting: the data sheet's formula for it (3.3.5), turned round."""
    g1, g2, g3 = cal.g
    v1, v2 = g1 / 16 + 49, g2 / 32768 * 0.0005 + 0.00235
    v5 = (res_heat / 3.4 + 25) * (4 + cal.heat_range) * (1 + cal.heat_value * 0.002) / 4
    return ((v5 - g3 / 1024 * ambient) / v1 - 1) / v2


class Bme680(BoschPart):
    """Air and gas in one forced measurement. Faults are methods; `cold`: its plate does not get hot."""

    name = "bme680"
    addresses = (0x76, 0x77)
    chip_id = 0x61
    variant = 0

    def __init__(self, *where, calibration=REAL, **options):
        self.calibration = calibration
        self.ohms = 60_000.0
        self.cold = False
        self._random = random.Random(680)
        super().__init__(*where, **options)

    def release(self):
        super().release()
        self.cold = False

    def power_up(self):
        self.registers = bytearray(256)
        self.registers[0x1F:0x27] = b"\x80\x00\x00\x80\x00\x00\x80\x00"
        self._pointer = 0
        self._ready_at = self.clock() + _START
        self._done_at = None

    def _read_register(self, register: int) -> int:
        if register == ID:
            return self._id
        if register == VARIANT:
            return self.variant
        if register == STATUS:
            running = MEASURING | GAS_MEASURING if self._done_at is not None else 0
            return self.registers[STATUS] & NEW | running
        if self.clock() >= self._ready_at:
            for first, words in self.calibration.registers().items():
                if first <= register < first + len(words):
                    return words[register - first]
        return self.registers[register]

    def _write_register(self, register: int, value: int):
        if register == RESET and value == _RESET_WORD:
            self.power_up()
        elif register in _WRITABLE:
            self.registers[register] = value
            if register == CTRL_MEAS and value & 3 == 1:
                self.registers[STATUS] &= ~NEW
                self._done_at = self.clock() + self.conversion_ms() / 1000

    def conversion_ms(self) -> float:
        """How long a measurement with the present settings takes, the heater's time included."""
        ctrl = self.registers[CTRL_MEAS]
        samples = sum((1 << code) >> 1 for code in (ctrl >> 5, ctrl >> 2 & 7, self.registers[CTRL_HUM] & 7))
        return (samples * 1963 + 477 * 4 + 500) / 1000 + (self.heating_ms() + 477 * 5 / 1000) * self._runs_gas()

    def _runs_gas(self) -> bool:
        return bool(self.registers[CTRL_GAS_1] & (0x20 if self.variant else 0x10))

    def heating_ms(self) -> int:
        """What gas_wait of the chosen set point says."""
        wait = self.registers[GAS_WAIT + self._point()]
        return (wait & 63) << 2 * (wait >> 6)

    def _point(self) -> int:
        return self.registers[CTRL_GAS_1] & 15

    def _settle(self):
        if self.hung or self._done_at is None or self.clock() < self._done_at:
            return
        self._done_at = None
        self.registers[CTRL_MEAS] &= ~3
        self.registers[STATUS] |= NEW
        self.registers[0x1E] = self.registers[0x1E] + 1 & 0xFF
        if not self.stuck:
            self._convert()

    def _convert(self):
        cal, truth = self.calibration, self.weather.now()
        celsius, percent, pascal = (
            value + self.noise * self._random.gauss(0, rms)
            for value, rms in zip((truth[0], truth[1], truth[2] * 100), _NOISE, strict=False)
        )
        t = inverse(lambda raw: t_fine(cal, raw) / 5120, celsius, 0, 0xFFFFF, rising=True)
        fine = t_fine(cal, t)
        p = inverse(lambda raw: pressure(cal, raw, fine), pascal, 0, 0xFFFFF, rising=False)
        h = inverse(lambda raw: humidity(cal, raw, celsius), percent, 0, 0xFFFF, rising=True)
        self.registers[0x1F:0x27] = (p << 4).to_bytes(3, "big") + (t << 4).to_bytes(3, "big") + h.to_bytes(2, "big")
        self._smell(celsius)

    def _smell(self, ambient: float):
        at = 0x2C if self.variant else 0x2A
        ohms = self.ohms * (1 + self.noise * self._random.gauss(0, _NOISE[3]))
        self.registers[at : at + 2] = self._gas(ohms, self._flags(ambient)).to_bytes(2, "big")

    def _flags(self, ambient: float) -> int:
        if not self._runs_gas():
            return 0
        hot = plate(self.calibration, self.registers[RES_HEAT + self._point()], ambient)
        off = self.cold or self.registers[CTRL_GAS_0] & 8 or self.heating_ms() < _HOT_MS or round(hot) not in _HOT
        return VALID if off else VALID | STABLE

    def _gas(self, ohms: float, flags: int) -> int:
        """The two registers, in the range whose counts are nearest to the middle."""

        def counts(step: int) -> int:
            return inverse(lambda adc: self._ohms(adc, step), ohms, 0, 1023, rising=False)

        step = min(range(16), key=lambda step: abs(counts(step) - 512))
        return counts(step) << 6 | flags | step

    def _ohms(self, adc: int, step: int) -> float:
        return resistance_high(adc, step) if self.variant else resistance(self.calibration, adc, step)


class Bme688(Bme680):
    """The variant with another converter for the gas; wired by a test, since config.json knows one part of both."""

    name = "bme688"
    variant = 1


MODELS = {"bme680": Bme680}
