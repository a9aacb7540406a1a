"""Wakes an AHT20, and what is built on it, a step at a time: a reset, its status, its initialization if it wants one.

Loaded meanwhile.
"""

from drivers import const

_RESET = b"\xba"

_BUSY = const(0x80)
_CALIBRATED = const(0x08)

_RESET_MS = const(22)  # 20 ms by the data sheet, 5.5
_AGAIN_MS = const(12)  # after an initialization 10 ms, 5.4
_TRIES = const(10)


def step(d):
    """The next step of the driver d: milliseconds until the one after it, or until its first reading is ready."""
    if not d._tries:
        d._bus.writeto(d._address, _RESET)
        d._tries = _TRIES
        return _RESET_MS
    status = bytearray(1)
    d._bus.readfrom_into(d._address, status)
    status = status[0]
    if status & (_BUSY | _CALIBRATED) == _CALIBRATED:
        d._same = 0
        return d._woken()
    return _again(d, status)


def _again(d, status):
    d._tries -= 1
    if not d._tries:
        d._fail(status if status in (0x00, 0xFF) else "starting" if status & _BUSY else "calibration")
    if not status & _BUSY:
        _initialize(d)
    return _AGAIN_MS


def _initialize(d):
    # Another type of the family refuses the command, and then it is its status that tells.
    try:
        d._bus.writeto(d._address, d._initialize)
    except OSError:
        pass
