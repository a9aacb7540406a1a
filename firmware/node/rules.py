"""The rules of config.json: what switches an actuator with no broker. Schedules are schedule.py's.

A rule acts when its condition begins to hold, or is over, and not in between: a command from the broker in between
stands until then. It acts through the actuator as a command does, so what it did is told on the same topic. A step
compares whole numbers made once of the thresholds, and allocates nothing. What may be said is ruled.py's.
"""

import json

from micropython import const

from . import lazy
from .log import Voice
from .source import MISSED, Source

_LONG_MS = 60_000
_AGAIN_MS = 60_000  # after a command that the actuator refused
# Where a condition is. What comes first are the two ends.
_HOLDS = const(1)
_OVER = const(2)
_BETWEEN = const(3)  # the two thresholds; or no reading has come yet
_UNKNOWN = const(4)


def make(station):
    """The part that keeps the rules of these settings."""
    made = Rules(station)
    if any(rule["at"] for rule in station.settings["rules"]):
        made.schedule = lazy.load("schedule").Schedule(station, made.actuator)
    return made


def command(found):
    """What an actuator is told, as the bytes of a message."""
    return (found if isinstance(found, str) else json.dumps(found)).encode()


class Rules:
    def __init__(self, station):  # cold: once
        self._clock = station.clock
        self._voice = Voice(station.log, "rules")
        self._things = [part for part in station.parts if hasattr(part, "named")][0]
        self._sensors = [part for part in station.parts if hasattr(part, "read_now")]
        self._sources = {}
        self._rules = [self._made(rule, station) for rule in station.settings["rules"] if rule["when"]]
        self.schedule = None
        self._at = self._now = 0
        self._life = self._live()

    def actuator(self, name):
        return self._things.named(name)

    def poll(self):
        self._now = self._clock.ticks_ms()
        next(self._life)
        return _LONG_MS  # every turn looks

    def _live(self):
        # A generator, so that its `try` costs no memory for each step.
        while True:
            try:
                while self._at < len(self._rules):
                    self._rules[self._at].step(self._now)
                    self._at += 1
                self._at = 0
                if self.schedule:
                    self.schedule.step()
                yield
            except Exception as fault:  # one rule that cannot be kept must not stop the others
                self._at += 1
                self._voice.trouble(str(fault) or repr(fault))
                yield

    def _made(self, rule, station):  # cold: once a rule
        actuator = self._things.named(rule["set"] or rule["toggle"])
        name, _, quantity = rule["when"].partition(".")
        if rule["is"] not in (None, "ON", "OFF"):
            from .happen import Happening

            return Happening(rule, actuator, self._things.named(name), station)
        if not quantity:
            kind = Toggle if rule["toggle"] else Contact
            return kind(rule, actuator, self._things.named(name), station)
        if name not in self._sources:
            sensor = [sensor for sensor in self._sensors if sensor.name == name][0]
            self._sources[name] = Source(sensor, station.clock)
        return Threshold(rule, actuator, self._sources[name], quantity, station)


class Rule:
    """A rule with a condition; a subclass knows where() it is and what to do as it holds() or is over()."""

    def __init__(self, rule, actuator, station):  # cold: once a rule
        self._rule = rule
        self._actuator = actuator
        self._clock = station.clock
        self._log = station.log
        self._name = rule["set"] or rule["toggle"]
        self._to = command(rule["to"] or "ON")
        self._else = None if rule["else"] is None else command(rule["else"])
        self._for = (rule["for"] or 0) * 1000
        self._place = _BETWEEN  # where the condition is,
        self._done = 0  # the end that was acted on last,
        self._since = 0  # since when it is there, in ticks; of no meaning once it is acted on
        self._wait = 0

    def step(self, now):
        place = self._where(now)
        if place != self._place:
            self._moved(place, now)
        if place <= _OVER and place != self._done and self._clock.ticks_diff(now, self._since) >= self._wait:
            self._act(place, now)

    def _moved(self, place, now):
        self._place = place
        self._since = now
        self._wait = self._for if place == _HOLDS else 0
        if place == _UNKNOWN:
            self._done = 0
            self._lost()

    def _act(self, place, now):  # cold: when a condition begins or is over
        if self._acted(place):
            self._done = place
        else:
            self._since = now
            self._wait = _AGAIN_MS

    def _acted(self, place):  # cold: when a condition begins or is over
        wanted = self._to if place == _HOLDS else self._else
        if wanted is None:
            return True
        if not self._actuator.act(wanted):
            return False
        self._log.info(self._name, "%s, since %s" % (str(wanted, "utf-8"), self._why(place)))
        return True

    def _lasting(self):  # cold: when a condition begins
        return " for %d s" % self._rule["for"] if self._rule["for"] else ""


class Threshold(Rule):
    """A quantity above or below a number; over beyond another."""

    def __init__(self, rule, actuator, source, quantity, station):  # cold: once a rule
        super().__init__(rule, actuator, station)
        self._at = [known[0] for known in source.quantities].index(quantity)
        self._source = source
        scale = 10 ** source.quantities[self._at][2]
        # From here on, up is where it holds: both thresholds, and later each value, take the sign.
        self._sign = 1 if rule["below"] is None else -1
        begin = rule["above"] if rule["below"] is None else rule["below"]
        self._begin = round(begin * scale) * self._sign
        self._end = round(rule["until"] * scale) * self._sign

    def _where(self, now):
        self._source.listen(now)
        if not self._source.known:
            return _UNKNOWN if self._source.silent else _BETWEEN
        value = self._source.values[self._at] * self._sign
        return _HOLDS if value > self._begin else _OVER if value < self._end else _BETWEEN

    def _lost(self):  # cold: when a sensor falls silent
        self._actuator.stop()
        told = "%s is silent for %d intervals: set to its safe state" % (self._rule["when"], MISSED)
        self._log.warn(self._name, told)

    def _why(self, place):  # cold: when a condition begins or is over
        rule = self._rule
        up = (place == _HOLDS) == (self._sign > 0)
        limit = rule["until"] if place == _OVER else rule["above"] if up else rule["below"]
        lasting = self._lasting() if place == _HOLDS else ""
        return "%s is %s %s%s" % (rule["when"], "above" if up else "below", limit, lasting)


class Contact(Rule):
    """An input that is ON, or OFF."""

    def __init__(self, rule, actuator, thing, station):  # cold: once a rule
        super().__init__(rule, actuator, station)
        self._thing = thing
        self._wanted = rule["is"] != "OFF"

    def _where(self, now):
        return _HOLDS if self._thing.is_on() == self._wanted else _OVER

    def _why(self, place):  # cold: when a condition begins or is over
        is_on = self._wanted == (place == _HOLDS)
        lasting = self._lasting() if place == _HOLDS else ""
        return "%s is %s%s" % (self._rule["when"], "ON" if is_on else "OFF", lasting)


class Toggle(Contact):
    """An input that turns an actuator over each time it comes to be so; what it is at the start is no press."""

    def __init__(self, rule, actuator, thing, station):  # cold: once a rule
        super().__init__(rule, actuator, thing, station)
        self._done = self._where(0)

    def _acted(self, place):  # cold: when an input changes
        if place == _OVER:
            return True
        self._to = b"OFF" if self._actuator.is_on() else b"ON"
        return super()._acted(place)
