"""Wakes an SHT3x, a step at a time: end what it may be doing, a reset, its status. Loaded meanwhile.

After a reset of the board the part may still be measuring by itself, and takes a reset only when it does not.
"""

from drivers import const

from . import damaged

_BREAK = b"\x30\x93"
_RESET = b"\x30\xa2"
_STATUS = b"\xf3\x2d"

_PAUSE_MS = const(4)  # a reset takes 1.5 ms, everything else 1 ms

_ASKED = const(3)  # in d._tries


def step(d):
    """The next step of the driver d: milliseconds until the one after it, or until its first reading is ready."""
    at = d._tries
    if at == _ASKED:
        return _finish(d)
    d._bus.writeto(d._address, (_BREAK, _RESET, _STATUS)[at])
    d._tries = at + 1
    return _PAUSE_MS


def _finish(d):
    check(d, bytearray(3))
    d._same = 0
    return d._woken()


def check(d, answer):
    """Read the answer of the driver d's part to what identifies it."""
    d._bus.readfrom_into(d._address, answer)
    if answer[0] in (0x00, 0xFF) and all(byte == answer[0] for byte in answer):
        d._fail(answer[0])
    if damaged(answer):
        d._fail("other")


def silence(d):
    """Why the part of the driver d did not acknowledge."""
    try:
        d._bus.writeto(d._address, b"")
    except OSError:
        return "lost"
    if not d._awake:
        return "other"
    try:
        d._bus.writeto(d._address, _STATUS)
        d._bus.readfrom_into(d._address, bytearray(3))
    except OSError:
        return "busy"
    return "supply"  # it has time to talk about itself, so it does not measure
