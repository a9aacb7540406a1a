# `time` with a chip's habits: whole seconds since 2000 (RP2: since 1970, a big integer there too), eight fields instead
# of nine, and ticks that wrap at 2**30 ms on 64-bit MicroPython too. The ticks and the sleeps are MicroPython's own;
# nothing here allocates that does not on a chip.

import utime
from utime import sleep, sleep_ms, sleep_us, ticks_cpu, ticks_us

from _board import ask, call

_PERIOD_MASK = const(0x3FFFFFFF)
_HALF = const(0x20000000)
_EPOCH = 946684800  # 2000-01-01 in seconds since 1970

_ticks = utime.ticks_ms
_add = utime.ticks_add
_start = 0
_before_2000 = 0  # what the port's epoch counts before 2000


def begin(before_2000):
    """Ticks go on from where the host says: at 0 after a cold start, wherever they were after a soft reset."""
    global _start, _before_2000
    _before_2000 = before_2000
    _start = ticks_diff(ask("ticks"), _ticks())


def ticks_ms():
    return _add(_ticks(), _start) & _PERIOD_MASK


def ticks_add(ticks, delta):
    return _add(ticks, delta) & _PERIOD_MASK


def ticks_diff(a, b):
    # Sign extension of 30 bits without ever needing a 31st.
    return ((a - b & _PERIOD_MASK) ^ _HALF) - _HALF


def time():
    return call(10) + _before_2000


def time_ns():
    return time() * 1000000000


def gmtime(seconds=None):
    if seconds is None:
        seconds = time()
    return utime.gmtime(seconds - _before_2000 + _EPOCH)[:8]


localtime = gmtime


def mktime(fields):
    return int(utime.mktime(tuple(fields[:8]) + (0,))) - _EPOCH + _before_2000
