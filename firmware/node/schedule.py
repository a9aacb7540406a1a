"""Rules that the local time starts. The time is wall.py's, where local time is ahead of UTC zone.py's, once a year.

Each minute of local time counts once, when the local clock first comes to it or past it: what stands in the hour that
the clock skips in spring is done as it skips it, and in the hour that comes twice in autumn the first counts. A step
looks at the minute and allocates nothing.
"""

from . import lazy
from .rules import command

_DAY = 1440  # minutes
_LEAP = 180  # the clock of no zone is put forward or back so far: the time was wrong before
_PATIENCE_MS = 60_000
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Schedule:
    """actuator(name) -> the one of that name."""

    def __init__(self, station, actuator):  # cold: once
        rules, when = station.settings["rules"], station.settings["time"] or {}
        self._wall = station.wall
        self._clock = station.clock
        self._log = station.log
        self._times = [Time(rule, actuator(rule["set"]), station.log) for rule in rules if rule["at"]]
        self._held = [rule["set"] for rule in rules if rule["when"] and rule["set"] and _stands(rule["is"])]
        self._zone = when.get("zone")
        # What local time is ahead: [from, minutes, from, minutes, ..., end], in minutes since 1970.
        self._ahead = [0, 0, 0] if self._zone else [0, when.get("utc_offset") or 0, 1 << 29]
        self._minute = -1  # the last that was looked at,
        self._last = None  # and the last of local time that counted
        self._begin = self._clock.ticks_ms()
        self._told = False

    def step(self):
        if not self._wall.is_set:
            self._wait()
        elif self._wall.minutes() != self._minute:
            self._look(self._wall.minutes())

    def _wait(self):
        if not self._told and self._clock.ticks_diff(self._clock.ticks_ms(), self._begin) >= _PATIENCE_MS:
            self._told = True
            self._log.warn("rules", "the time is not known: what is to be done at a time waits for it")

    def _look(self, minute):
        local = self._local(minute)
        self._minute = minute
        if self._last is None:
            self._catch_up(local)
        elif not -_LEAP <= local - self._last <= _LEAP:
            self._last = local
        while self._last < local:
            self._last += 1
            self._do(self._last)

    def _local(self, minute):
        ahead = self._ahead
        if not ahead[0] <= minute < ahead[-1]:
            self._ahead = ahead = lazy.once("zone", "table", self._zone, minute)
        i = len(ahead) - 3
        while ahead[i] > minute:
            i -= 2
        return minute + ahead[i + 1]

    def _do(self, local):
        for time in self._times:
            if time.is_due(local):
                time.act("it is")

    def _catch_up(self, local):  # cold: once
        # After a start: what an actuator would be had there been none, where no condition decides that.
        self._last = local
        last = {}
        for time in self._times:
            if time.name not in self._held:
                if time.name not in last or time.age(local) <= last[time.name].age(local):
                    last[time.name] = time
        for time in last.values():
            time.act("it is past")


def _stands(state):  # cold: once a rule
    # Whether it is a state and not an event.
    return state in (None, "ON", "OFF")


class Time:
    """A rule that a time of day starts."""

    def __init__(self, rule, actuator, log):  # cold: once a rule
        self._rule = rule
        self._actuator = actuator
        self._log = log
        self.name = rule["set"]
        self._at = int(rule["at"][:2]) * 60 + int(rule["at"][3:])
        self._days = 0  # bits, Monday's first
        for day in rule["days"] or _DAYS:
            self._days |= 1 << _DAYS.index(day)
        self._to = command(rule["to"] or "ON")

    def is_due(self, local):
        return local % _DAY == self._at and self._is_on(local // _DAY)

    def _is_on(self, day):
        return self._days >> (day + 3) % 7 & 1  # 1970 began with a Thursday

    def age(self, local):  # cold: once
        """How many minutes ago it was due last."""
        past = (local - self._at) % _DAY
        while not self._is_on((local - past) // _DAY):
            past += _DAY
        return past

    def act(self, what):  # cold: at a time
        if self._actuator.act(self._to):
            self._log.info(self.name, "%s, since %s %s" % (str(self._to, "utf-8"), what, self._rule["at"]))
