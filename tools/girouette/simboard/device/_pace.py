# A board whose time goes `rate` times as fast as the host's: loaded only then, in place of what waits and counts in
# `time` and `select`. The other side of it is pace.py on the host. Nothing here allocates that does not on a chip; the
# timeouts of blocking sockets and asyncio's ticks stay the host's.

import select
import sys
import time

import utime

_MASK = const(0x3FFFFFFF)

_rate = 1
_chunk = 1  # microseconds of the host that are counted at once: times the rate they are a small integer
_last = 0  # the host's microseconds up to which is counted
_ms = 0
_us = 0  # below a millisecond
_ticks = utime.ticks_us
_diff = utime.ticks_diff


def ticks_ms():
    global _last, _ms, _us
    now = _ticks()
    left = _diff(now, _last)
    _last = now
    while left > 0:
        step = left if left < _chunk else _chunk
        left -= step
        _us += step * _rate
        _ms = _ms + _us // 1000 & _MASK
        _us %= 1000
    return _ms


def ticks_us():
    return ticks_ms() % 1000000 * 1000 + _us


def sleep_ms(ms):
    if ms > 0:
        utime.sleep_ms(ms // _rate)
        utime.sleep_us(ms % _rate * 1000 // _rate)


def sleep(seconds):
    utime.sleep(seconds / _rate)


def sleep_us(us):
    utime.sleep_us(us // _rate)


def _scaled(ms):
    # poll() counts in whole milliseconds of the host; less than one is slept instead.
    if 0 < ms < _rate:
        sleep_ms(ms)
    return ms if ms <= 0 else ms // _rate


class poll:
    def __init__(self):
        self._poll = p = _poll()
        self.register = p.register
        self.unregister = p.unregister
        self.modify = p.modify

    def poll(self, timeout=-1):
        return self._poll.poll(_scaled(timeout))

    def ipoll(self, timeout=-1, flags=0):
        return self._poll.ipoll(_scaled(timeout), flags)


_poll = select.poll
POLLIN, POLLOUT, POLLERR, POLLHUP = select.POLLIN, select.POLLOUT, select.POLLERR, select.POLLHUP


def begin(rate, ticks):
    """From now on; `ticks` is what ticks_ms begins with."""
    global _rate, _chunk, _last, _ms
    _rate, _chunk = rate, 0x3FFFF000 // rate
    _last, _ms = _ticks(), ticks
    for name in ("ticks_ms", "ticks_us", "sleep", "sleep_ms", "sleep_us"):
        setattr(time, name, globals()[name])
    sys.modules["select"] = sys.modules["uselect"] = sys.modules[__name__]
