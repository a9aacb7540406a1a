"""Wakes an SCD30, a step at a time: who it is, its settings, and whether it measures. Loaded meanwhile.

The part keeps its settings, and that it measures, when it has no power, in a memory that wears: so they are looked at
first, and told only what is otherwise. After power-on it answers to nothing for up to 2 s.
"""

from drivers import const, release
from drivers.scd4x import damaged, wake, word

send, set_word = wake.send, wake.set_word
release(wake)

_VERSION = b"\xd1\x00"
_READY = b"\x02\x02"
_INTERVAL = const(0x4600)
_ALTITUDE = const(0x5102)
_OFFSET = const(0x5403)
_START = const(0x0010)

_SECONDS = const(2)  # between two measurements
_POWER_MS = const(2002)
_REPLY_MS = const(5)

# In d._tries; from _SETTINGS to _ASK each setting has two steps: it is asked for, and looked at
_KNOCK, _IDENTIFY, _SETTINGS = 1, 2, 3
_ASK, _ANSWER, _ASK_AGAIN, _ANSWER_AGAIN, _BEGIN = 9, 10, 11, 12, 13


def step(d):
    """The next step of the driver d: milliseconds until the one after it, or until its first reading is ready."""
    at = d._tries
    if at <= _KNOCK:
        return _knock(d, at)
    d._tries = at + 1
    if at == _IDENTIFY:
        _identify(d)
    elif at < _ASK:
        _setting(d, at - _SETTINGS)
    elif at < _BEGIN:
        return _look(d, at)
    else:
        set_word(d, _START, 0)  # without a pressure of its own, so with the altitude
        return d._begun()
    return _REPLY_MS


def _knock(d, at):
    try:
        send(d, _VERSION)
    except OSError:
        if at == _KNOCK:
            raise
        d._tries = _KNOCK
        return _POWER_MS
    d._tries = _IDENTIFY
    return _REPLY_MS


def _identify(d):
    _answer(d)  # any version will do
    d._changed = False


def _setting(d, i):
    command = (_INTERVAL, _ALTITUDE, _OFFSET)[i >> 1]
    wanted = (_SECONDS, d._altitude, d._offset)[i >> 1]
    if not i & 1:
        send(d, bytes((command >> 8, command & 0xFF)))
    elif _answer(d) != wanted:
        set_word(d, command, wanted)
        d._changed = True


def _look(d, at):
    # Does it measure? Asked twice, more than an interval apart.
    if at in (_ASK, _ASK_AGAIN):
        send(d, _READY)
        return _REPLY_MS
    if _answer(d) and not d._changed:
        return d._begun()
    if d._changed:
        d._tries = _BEGIN
    return _SECONDS * 1000 + 200 if d._tries == _ASK_AGAIN else _REPLY_MS


def _answer(d):
    buf = bytearray(3)
    d._bus.readfrom_into(d._address, buf)
    if damaged(buf):
        d._fail("crc")
    return word(buf, 0)
