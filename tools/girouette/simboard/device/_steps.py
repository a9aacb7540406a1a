# A board whose time goes on only while it waits, as far as the host says: loaded only then, in place of what waits and
# counts in `time` and `select`. The other side of it is steps.py on the host. Nothing here allocates that does not on a
# chip. A wait of no time takes a millisecond: a loop that turns until a moment has come is to get there.
#
# What a node does in each of its turns does not wait for the host, so that a week of turns is cheap: a watchdog is fed
# without an answer, and the answer to a wait tells which interfaces are connected. No time passes up to the next wait.

import select
import sys
import time

import _board
import machine
import network
from _board import call

_MASK = const(0x3FFFFFFF)
_LONGEST = const(60000)

_TOLD = const(4)  # in the second byte of an answer: that of a wait, with what is connected, from the next bit on
_FEED = b"\x25\0\0\0\0\0\0\0"  # a question without an answer

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


def _feed(watchdog):
    if _board._left:  # Ctrl-C broke off a question: its answer has to be read first
        call(9)
    else:
        _board._to_host.write(_FEED)


def _is_connected(interface):
    # As long as the last answer is that of a wait: any other question may have changed it.
    h = _board._head
    if h[0] == 0 and h[1] & _TOLD:
        return h[1] & 2 * _TOLD << interface._unit != 0
    return call(7, interface._unit) == 1


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
    machine.WDT.feed = _feed
    network._Interface.isconnected = _is_connected
    sys.modules["select"] = sys.modules["uselect"] = sys.modules[__name__]
