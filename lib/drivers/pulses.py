"""Pulses counted at a pin in an interrupt, and what sensors that count have in common. Nothing of any one part here.

A contact bounces when it closes and when it opens. So a pulse counts only after the line has been at rest for the
debounce time, whichever way it went last; without a debounce time only the falling edge is looked at.
"""

from drivers import const
from drivers.clock import ticks_diff, ticks_ms
from drivers.pinned import Pinned, within

_MASK = const(0x3FFFFFFF)
_LONG_MS = const(0x8000000)  # a day and a half


def thousandfold(n, d):
    """n * 1000 // d, for n and d up to 10**8: long division, a digit at a time."""
    q = n // d
    k = 3
    while k:
        k -= 1
        n = n % d * 10
        q = q * 10 + n // d
    return q


class Pulses:
    """Counts at a machine.Pin. count: pulses so far, modulo 2**30; last: when the last one came, in ticks."""

    def __init__(self, pin, pull="up", debounce=0):  # cold: once a pin
        if pull not in ("up", "down", "none"):
            raise ValueError('pull: expected "up", "down" or "none", found %r' % (pull,))
        self._debounce = within("debounce", debounce, 0, 1000)
        self.count = 0
        self.last = self._moved = ticks_ms()
        pin.init(pin.IN, None if pull == "none" else getattr(pin, "PULL_" + pull.upper()))
        handler, edges = (self._edge, pin.IRQ_FALLING | pin.IRQ_RISING) if debounce else (self._fell, pin.IRQ_FALLING)
        try:
            pin.irq(handler, edges, hard=True)  # counts during a name resolution too
        except TypeError:  # an ESP32 has no such interrupts
            pin.irq(handler, edges)

    def rest(self, now):
        """Keeps the time of the last edge comparable, however long ago it was; to be called now and then."""
        if not 0 <= ticks_diff(now, self._moved) < _LONG_MS:
            self._moved = now - 1000 & _MASK  # longer than any debounce time

    def _fell(self, pin):
        self.last = ticks_ms()
        self.count = self.count + 1 & _MASK

    def _edge(self, pin):
        now = ticks_ms()
        if not pin.value() and ticks_diff(now, self._moved) >= self._debounce:
            self.count = self.count + 1 & _MASK
            self.last = now
        self._moved = now


class Counting(Pinned):
    """A sensor of pulses. take() tells what came since it was asked last."""

    _most = 1000  # pulses a second that no such part gives

    def __init__(self, pin, pull, debounce):  # cold: once a sensor
        self._pulses = Pulses(pin, pull, debounce)
        self._seen = 0
        self._since = ticks_ms()
        self.n = self.ms = 0
        self._rest = 0  # of a total, below one

    def start(self):
        """Nothing has to be waited for."""
        return 0

    def take(self):
        """Sets n, the pulses since the last call, and ms, the time they took. SensorError for a line that rattles."""
        count, now = self._pulses.count, ticks_ms()
        self._pulses.rest(now)
        self.n = count - self._seen & _MASK
        self.ms = ticks_diff(now, self._since)
        self._seen = count
        self._since = now
        if self.n > (self.ms // 1000 + 1) * self._most:
            self._fail("rattles")

    def added(self, total, parts, per):
        """total and what the n pulses come to, of which `per` are `parts`; what is left over counts next time."""
        n = self.n
        while n:  # in turns, so that no product is large: what a whole day lets through may be asked for at once
            turn = min(n, 1_000_000)
            n -= turn
            self._rest += turn * parts
            total += self._rest // per
            self._rest %= per
        return total
