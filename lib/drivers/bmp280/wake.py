"""Wakes a BMP280, and what is built on it, a step at a time: who it is, a reset, its calibration. Loaded meanwhile."""

from drivers import const

from . import signed

_ID = const(0xD0)
_RESET = const(0xE0)
_STATUS = const(0xF3)
_CALIBRATION = const(0x88)

_IM_UPDATE = const(1)
_RESET_WORD = const(0xB6)

_START_MS = const(3)  # the part copies its calibration within 2 ms
_START_TRIES = const(20)


def step(d):
    """The next step of the driver d: milliseconds until the one after it, or until its first reading is ready."""
    if not d._tries:
        return _identify(d)
    if d._get(_STATUS) & _IM_UPDATE:
        d._tries -= 1
        if not d._tries:
            d._fail("starting")
        return _START_MS
    return _finish(d)


def _identify(d):
    found = d._get(_ID)
    if found not in d._ids:
        d._fail(found)
    d._put(_RESET, _RESET_WORD)
    d._tries = _START_TRIES
    return _START_MS


def _finish(d):
    d._calibrate()
    if d.calibration[0] in (0, 0xFFFF) or d.calibration[3] in (0, 0xFFFF):
        d._fail("calibration")
    d._same = 0
    return d._woken()


def calibrate(d):
    """Read d's calibration: T1, T2, T3, P1, ..., P9, and the one byte of H1."""
    raw = bytearray(26)
    d._bus.readfrom_mem_into(d._address, _CALIBRATION, raw)
    for i in range(12):
        d.calibration[i] = signed(raw, 2 * i)
    for i in (0, 3):  # T1 and P1 have no sign
        d.calibration[i] &= 0xFFFF
    d.calibration[12] = raw[25]
