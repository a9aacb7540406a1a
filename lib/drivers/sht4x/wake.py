"""Wakes an SHT4x, a step at a time: a reset, its serial number. Loaded meanwhile."""

from drivers import const
from drivers.sht3x import damaged

_RESET = b"\x94"
_SERIAL = b"\x89"

_PAUSE_MS = const(4)  # a reset takes 1 ms; for the serial number the data sheet names no time

_ASKED = const(2)  # in d._tries


def step(d):
    """The next step of the driver d: milliseconds until the one after it, or until its first reading is ready."""
    at = d._tries
    if at == _ASKED:
        return _finish(d)
    d._bus.writeto(d._address, (_RESET, _SERIAL)[at])
    d._tries = at + 1
    return _PAUSE_MS


def _finish(d):
    serial = bytearray(6)
    d._bus.readfrom_into(d._address, serial)
    if serial[0] in (0x00, 0xFF) and all(byte == serial[0] for byte in serial):
        d._fail(serial[0])
    if damaged(serial):
        d._fail("other")
    d._same = 0
    return d._woken()


def silence(d):
    """Why the part of the driver d did not acknowledge."""
    try:
        d._bus.writeto(d._address, b"")
    except OSError:
        return "lost"
    return "busy" if d._awake else "other"
