"""A sensor whose quantities are changed before anybody sees them: calibrated, filtered, in another unit, told more
seldom; and quantities derived of them. Made of `quantities` in a sensor's entry, around its driver, whose shape it has.

A value goes this way: calibration, median, average or extreme, then what is derived of it, then unit and decimals. All
are whole numbers; a reading allocates nothing. What may be asked for is refined.py's.
"""

import time

from micropython import const

from . import lazy, parts
from .line import Line

_LONG_MS = const(0x1000_0000)  # longer than any time here
_MISSED = const(3)  # intervals without a reading, after which what was before counts no more
_SLACK_MS = const(5_000)
_HEARTBEAT = const(3600)  # s: with delta, so that a value that was lost does not stay away for ever


def wrapped(driver, entry, keys):  # cold: once a sensor
    """The driver with what the entry's `quantities` ask for. keys: drivers/<part>/keys."""
    refined = lazy.load("refined")
    possible = parts.derived(keys)
    own = list(driver.quantities)
    for name in parts.quantities(entry)[len(own) :]:
        own.append((name,) + possible[name])
    made = Refined(driver, entry, own, refined)
    lazy.forget("refined")
    return made


class Refined:
    """`passes` and `sent`: whether a quantity is to be published now, and that it was; `renew`: all of them are."""

    def __init__(self, driver, entry, all_, refined):  # cold: once a sensor
        self._driver = driver
        self._raw = [0] * len(driver.quantities)
        self._inner = [0] * len(all_)
        self._steps = [Quantity(q, entry["quantities"].get(q[0]), entry["interval"], refined) for q in all_]
        self._derived = []
        if len(all_) > len(self._raw):
            from . import deriving

            self._derived = deriving.sources(all_, len(self._raw), self._steps, entry["quantities"])
        self.quantities = tuple([step.quantity for step in self._steps])
        self._interval = self._usual = entry["interval"] * 1000
        self._then = 0
        self._begun = False

    def start(self):
        return self._driver.start()

    def read(self, values):
        if not self._driver.read(self._raw):
            return False
        self._age()
        n = len(self._raw)
        for i in range(n):
            self._inner[i] = self._steps[i].filtered(self._raw[i])
        for i in range(len(self._derived)):
            value = self._derived[i].of(self._inner)
            self._inner[n + i] = self._steps[n + i].filtered(value)
        for i in range(len(self._steps)):
            values[i] = self._steps[i].formed(self._inner[i])
        return True

    def passes(self, i, value):
        return self._steps[i].passes(value)

    def sent(self, i, value):
        self._steps[i].sent(value)

    def renew(self):
        for step in self._steps:
            step.renew()

    def _age(self):
        passed = self._passed(time.ticks_ms())
        self._grow(passed, self._is_stale(passed))

    def _grow(self, passed, stale):
        i = len(self._steps)
        while i:  # a `for` would take its frame to the heap
            i -= 1
            self._steps[i].age(passed, stale)

    def _passed(self, now):
        passed = time.ticks_diff(now, self._then)
        self._then = now
        if not self._begun or passed < 0 or passed > _LONG_MS:  # ticks are not for long times
            return _LONG_MS
        return passed

    def _is_stale(self, passed):
        stale = not self._begun or passed > max(self._usual, self._interval) * _MISSED + _SLACK_MS
        self._begun = True
        self._usual = passed if stale else min(passed, self._usual)  # a command may have set another interval
        return stale


class Quantity:
    """What is done to one quantity, given as (name, unit, decimals); wanted: its table in config.json or None."""

    def __init__(self, quantity, wanted, interval, refined):  # cold: once a quantity
        name, unit, decimals = quantity
        self._calibration = self._form = None
        self._windows = []
        self._interval = self._delta = self._heartbeat = 0
        self.decimals = decimals  # of what is filtered: not fewer than are published of it
        self.quantity = quantity
        if wanted:
            self._make(name, unit, decimals, wanted, refined)
        self._since = _LONG_MS  # ms since it was published
        self._last = 0
        self._slack = interval * 500
        self._fresh = True

    def _make(self, name, unit, decimals, wanted, refined):  # cold: once a quantity
        told, digits, factor, offset = refined.form(wanted, unit, decimals)
        if told == unit and digits > decimals:
            self.decimals = digits
        self.quantity = (name, told, digits)
        self._calibration = _line(*_calibration(wanted), decimals, self.decimals)
        self._form = _line(factor, offset, self.decimals, digits)
        if wanted["median"] or wanted["average"] or wanted["min"] or wanted["max"]:
            from . import windows

            self._windows = [kind(wanted[kind.KEY]) for kind in windows.KINDS if wanted[kind.KEY]]
        self._interval = (wanted["interval"] or 0) * 1000
        if wanted["delta"]:
            self._delta = max(round(wanted["delta"] * 10**digits), 1)
            self._heartbeat = (wanted["heartbeat"] or _HEARTBEAT) * 1000

    def filtered(self, value):
        if self._calibration:
            value = self._calibration.of(value)
        for window in self._windows:
            value = window.of(value)
        return value

    def formed(self, value):
        return self._form.of(value) if self._form else value

    def age(self, passed, stale):
        self._since = min(self._since + passed, _LONG_MS)
        if stale:
            for window in self._windows:
                window.clear()

    def passes(self, value):
        # Half an interval early is not too early: the next reading would be later by more.
        if self._fresh:
            return True
        since = self._since + self._slack
        if since < self._interval:
            return False
        return abs(value - self._last) >= self._delta or since >= self._heartbeat

    def sent(self, value):
        self._last = value
        self._since = 0
        self._fresh = False

    def renew(self):
        self._fresh = True


def _calibration(wanted):  # cold: once a quantity
    if not wanted["points"]:
        return 1 if wanted["scale"] is None else wanted["scale"], wanted["offset"] or 0
    (read, true), (other, truth) = wanted["points"]
    scale = (truth - true) / (other - read)
    return scale, true - read * scale


def _line(scale, offset, decimals, digits):  # cold: twice a quantity
    # From values with so many decimals to values with so many; None where nothing changes.
    scale = scale * 10 ** (digits - decimals)
    return None if scale == 1 and not offset else Line(scale, offset * 10**digits)
