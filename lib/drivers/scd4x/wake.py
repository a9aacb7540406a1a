"""Wakes an SCD4x, a step at a time: stop it, ask for its number, set it up, begin. Loaded meanwhile.

After a reset of the board the part may still be measuring, and then refuses nearly everything; so it is stopped first.
It may also be asleep, or just have got its power: then it answers to nothing for up to a second.
"""

from drivers import const
from drivers.crc import crc8

from . import damaged

_WAKE_UP = b"\x36\xf6"  # not acknowledged, says the data sheet (3.10.4)
_STOP = b"\x3f\x86"
_SERIAL = b"\x36\x82"
_OFFSET = const(0x241D)
_ALTITUDE = const(0x2427)
_START = b"\x21\xb1"

_POWER_MS = const(1002)
_STOP_MS = const(502)
_REPLY_MS = const(3)

_KNOCK, _NUMBER, _FIRST, _SECOND, _BEGIN = 1, 2, 3, 4, 5  # in d._tries


def step(d):
    """The next step of the driver d: milliseconds until the one after it, or until its first reading is ready."""
    at = d._tries
    if at <= _KNOCK:
        return _stop(d, at)
    d._tries = at + 1
    if at == _NUMBER:
        send(d, _SERIAL)
    elif at == _FIRST:
        _identify(d)
        set_word(d, _ALTITUDE, d._altitude)
    elif at == _SECOND:
        set_word(d, _OFFSET, offset(d._offset))
    else:
        send(d, _START)
        return d._begun()
    return _REPLY_MS


def _stop(d, at):
    try:
        send(d, _STOP)
    except OSError:
        if at == _KNOCK:
            raise
        _wake_up(d)
        d._tries = _KNOCK
        return _POWER_MS
    d._tries = _NUMBER
    return _STOP_MS


def _wake_up(d):
    try:
        send(d, _WAKE_UP)
    except OSError:
        pass


def _identify(d):
    number = bytearray(9)
    d._bus.readfrom_into(d._address, number)
    if damaged(number):
        d._fail("crc")


def offset(hundredths):
    """The word of a temperature offset: 65535 / 175 for 1 °C (data sheet 3.6.1)."""
    return hundredths * 13107 // 3500


def send(d, command):
    d._bus.writeto(d._address, command)


def set_word(d, command, value):
    """A command with a word and its checksum."""
    buf = bytearray((command >> 8, command & 0xFF, value >> 8, value & 0xFF, 0))
    buf[4] = crc8(buf, 2, 4)
    send(d, buf)
