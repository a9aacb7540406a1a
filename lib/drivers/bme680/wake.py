"""Checks a BME680's options, and wakes it a step at a time: who it is, a reset, its calibration. Loaded meanwhile."""

from drivers import const
from drivers.bmp280 import signed
from drivers.pinned import one_of, within

_ID = const(0xD0)
_VARIANT = const(0xF0)
_RESET = const(0xE0)
_CHIP = const(0x61)
_RESET_WORD = const(0xB6)
_START_MS = const(10)  # twice what Bosch's code waits after a reset

_FILTERS = (0, 1, 3, 7, 15, 31, 63, 127)

# A measurement, from Bosch's code: 1963 us for each sample, 477 us for each of nine switchings, and the wake-up
_SAMPLE_US = const(1963)
_SWITCH_US = const(477)


def configure(d, oversampling, filter, target, time_ms):  # cold: once a part
    """The options of the driver d; ValueError names the one that is wrong."""
    over = (1, 2, 4, 8, 16)
    d._osrs = over.index(one_of("oversampling", oversampling, over)) + 1
    d._filter = _FILTERS.index(one_of("filter", filter, _FILTERS))
    d._target = within("heater_temperature", target, 200, 400)
    d._gas_wait = _duration(within("heater_time", time_ms, 20, 4032))
    heating = (d._gas_wait & 63) << 2 * (d._gas_wait >> 6)
    d._longest = (3 * oversampling * _SAMPLE_US + 9 * _SWITCH_US) // 1000 + 3 + heating
    d.calibration = [0] * 26
    d.high = 0


def _duration(ms):
    # Six bits, and how often they are multiplied by four (data sheet, 5.3.3.3), rounded up.
    factor = 0
    while ms > 63:
        ms = ms + 3 >> 2
        factor += 1
    return factor << 6 | ms


def step(d):
    """The next step of the driver d: milliseconds until the one after it, or until its first reading is ready."""
    if not d._tries:
        return _identify(d)
    return _finish(d)


def _identify(d):
    d._bus.readfrom_mem_into(d._address, _ID, d._byte)
    if d._byte[0] != _CHIP:
        d._fail(d._byte[0])
    d._put(_RESET, _RESET_WORD)
    d._tries = 1
    return _START_MS


def _finish(d):
    d._bus.readfrom_mem_into(d._address, _VARIANT, d._byte)
    d.high = d._byte[0] & 1
    _calibrate(d)
    if d.calibration[0] in (0, 0xFFFF) or d.calibration[3] in (0, 0xFFFF):
        d._fail("calibration")
    d._same = d._cold = 0
    d._ambient = 25
    return d._woken()


def _calibrate(d):
    # Where the words lie: data sheet, table 11 to 15.
    raw = bytearray(41)
    d._bus.readfrom_mem_into(d._address, 0x8A, memoryview(raw)[:24])
    d._bus.readfrom_mem_into(d._address, 0xE1, memoryview(raw)[24:38])
    d._bus.readfrom_mem_into(d._address, 0x00, memoryview(raw)[38:41])
    _air(d.calibration, raw)
    _water(d.calibration, raw, 24)
    _plate(d.calibration, raw, 24)
    d._bus.readfrom_mem_into(d._address, 0x04, d._byte)
    d.calibration[25] = ((d._byte[0] >> 4) ^ 8) - 8


def _air(cal, raw):
    cal[0] = signed(raw, 32) & 0xFFFF
    cal[1] = signed(raw, 0)
    cal[2] = _byte(raw, 2) << 4
    cal[3] = signed(raw, 4) & 0xFFFF
    cal[4] = signed(raw, 6)
    cal[5] = _byte(raw, 8)
    cal[6] = signed(raw, 10)
    cal[7] = signed(raw, 12)
    cal[8] = _byte(raw, 15)
    cal[9] = _byte(raw, 14)
    cal[10] = signed(raw, 18)
    cal[11] = signed(raw, 20)
    cal[12] = raw[22]


def _water(cal, raw, at):
    cal[13] = raw[at + 2] << 4 | raw[at + 1] & 15
    cal[14] = raw[at] << 4 | raw[at + 1] >> 4
    for i in range(5):
        cal[15 + i] = _byte(raw, at + 3 + i)
    cal[18] &= 0xFF  # H6 has no sign


def _plate(cal, raw, at):
    cal[20] = _byte(raw, at + 12)
    cal[21] = signed(raw, at + 10)
    cal[22] = _byte(raw, at + 13)
    cal[23] = raw[40] >> 4 & 3
    cal[24] = _byte(raw, 38)


def _byte(raw, at):
    return (raw[at] ^ 0x80) - 0x80
