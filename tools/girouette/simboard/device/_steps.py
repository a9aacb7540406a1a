# A board whose time goes on only while it waits, as far as the host says: loaded only then, in place of what waits and
# counts in `time` and `select`. The other side of it is steps.py on the host. Nothing here allocates that does not on a
# chip. A wait of no time takes a millisecond: a loop that turns until a moment has come is to get there.

import select
import sys
import time

from _board import call

_MASK = const(0x3FFFFFFF)
_LONGEST = const(60000)

_now = 0
_diff = time.ticks_diff


def ticks_ms():
    return _now


def ticks_us():
    return _now % 1000000 * 1000


def _wait(ms):
    global _now
    _now = call(22, 0, ms if ms < _LONGEST else _LONGEST)


def sleep_ms(ms):
    end = _now + ms & _MASK
    while _diff(end, _now) > 0:
        _wait(_diff(end, _now))


def sleep(seconds):
    sleep_ms(int(seconds * 1000))


def sleep_us(us):
    sleep_ms((us + 999) // 1000)


def _is_ready(poll):
    for _ in poll.ipoll(0):
        return True
    return False


def _until(poll, ms):
    end = _now + (ms or 1) & _MASK
    while not _is_ready(poll) and (ms < 0 or _diff(end, _now) > 0):
        _wait(_LONGEST if ms < 0 else _diff(end, _now))


class poll:
    def __init__(self):
        self._poll = p = _poll()
        self.register = p.register
        self.unregister = p.unregister
        self.modify = p.modify

    def poll(self, timeout=-1):
        _until(self._poll, timeout)
        return self._poll.poll(0)

    def ipoll(self, timeout=-1, flags=0):
        _until(self._poll, timeout)
        return self._poll.ipoll(0, flags)


_poll = select.poll
POLLIN, POLLOUT, POLLERR, POLLHUP = select.POLLIN, select.POLLOUT, select.POLLERR, select.POLLHUP


def begin(ticks):
    """From now on; `ticks` is what ticks_ms begins with."""
    global _now
    _now = ticks
    for name in ("ticks_ms", "ticks_us", "sleep", "sleep_ms", "sleep_us"):
        setattr(time, name, globals()[name])
    sys.modules["select"] = sys.modules["uselect"] = sys.modules[__name__]
