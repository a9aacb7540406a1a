"""Wakes an HTU21D, a step at a time: a reset, then its user register, which must be as after a reset. Loaded meanwhile.

The family has no number that all of its parts tell: what they have in common is what this register says then, 12 bits
of humidity, 14 of temperature, no heater (data sheets: HTU21D(F), user register; SHT21, 5.6; Si7021-A20, 6.1).
"""

from drivers import const

_RESET = b"\xfe"
_REGISTER = b"\xe7"

_RESET_MS = const(17)  # 15 ms by the data sheets

_SET_UP = const(0x85)  # resolution and heater
_LOW = const(0x40)  # the supply is

_DONE = const(1)  # in d._tries: the reset


def step(d):
    """The next step of the driver d: milliseconds until the one after it, or until its first reading is ready."""
    if not d._tries:
        d._bus.writeto(d._address, _RESET)
        d._tries = _DONE
        return _RESET_MS
    found = register(d)
    if found in (0x00, 0xFF):
        d._fail(found)
    if found & _SET_UP:
        d._fail("other")
    if found & _LOW:
        d._fail("weak")
    d._half = False
    d._same = 0
    return d._woken()


def register(d):
    """What the user register of the driver d's part says."""
    found = bytearray(1)
    d._bus.writeto(d._address, _REGISTER)
    d._bus.readfrom_into(d._address, found)
    return found[0]


def silence(d):
    """Why the part of the driver d did not acknowledge."""
    try:
        d._bus.writeto(d._address, b"")
    except OSError:
        return "lost"
    if not d._awake:
        return "other"
    try:
        register(d)
    except OSError:
        return "busy"
    return "supply"  # it has time to talk about itself, so it does not measure
