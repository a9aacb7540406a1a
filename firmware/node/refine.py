"""A sensor whose quantities are changed before anybody sees them: calibrated, filtered, in another unit, told more
seldom; and quantities derived of them. It is around its driver, whose shape it has.

A value goes this way: calibration, median, average or extreme, then what is derived of it, then unit and decimals. All
are whole numbers; a reading allocates nothing. How it is made of `quantities` in a sensor's entry is refining.py's.
"""

import time

from micropython import const

_LONG_MS = const(0x1000_0000)  # longer than any time here
_MISSED = const(3)  # intervals without a reading, after which what was before counts no more
_SLACK_MS = const(5_000)


class Refined:
    """`passes` and `sent`: whether a quantity is to be published now, and that it was; `renew`: all of them are.

    steps: a Step for each quantity, those of the driver first; sources: what makes each of the others; interval in s.
    """

    def __init__(self, driver, steps, sources, interval):  # cold: once a sensor
        self._driver = driver
        self._raw = [0] * len(driver.quantities)
        self._inner = [0] * len(steps)
        self._steps = steps
        self._derived = sources
        self.quantities = tuple([step.quantity for step in steps])
        self._interval = self._usual = interval * 1000
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


class Step:
    """What is done to one quantity, `quantity` being (name, unit, decimals) as it is published.

    calibration, form: a Line or None; windows: what counts of the last readings; interval, heartbeat: ms; delta in the
    last digit that is published; slack: how much too early, in ms, is not.
    """

    def __init__(self, quantity, slack):  # cold: once a quantity
        self.quantity = quantity
        self.calibration = self.form = None
        self.windows = ()
        self.interval = self.delta = self.heartbeat = 0
        self._slack = slack
        self._since = _LONG_MS  # ms since it was published
        self._last = 0
        self._fresh = True

    def filtered(self, value):
        if self.calibration:
            value = self.calibration.of(value)
        for window in self.windows:
            value = window.of(value)
        return value

    def formed(self, value):
        return self.form.of(value) if self.form else value

    def age(self, passed, stale):
        self._since = min(self._since + passed, _LONG_MS)
        if stale:
            for window in self.windows:
                window.clear()

    def passes(self, value):
        # Half an interval early is not too early: the next reading would be later by more.
        if self._fresh:
            return True
        since = self._since + self._slack
        if since < self.interval:
            return False
        return abs(value - self._last) >= self.delta or since >= self.heartbeat

    def sent(self, value):
        self._last = value
        self._since = 0
        self._fresh = False

    def renew(self):
        self._fresh = True
