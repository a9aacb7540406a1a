"""Actuators obey and inputs report: each says its state on one retained topic, an actuator obeys on the same with /set.
What happens at an input and is over, such as a click, is told by events.py.

Nothing here knows a part: its driver is found by name. What few parts ask for is a module of its own, whose make()
says what goes in their place; names that others have cost no memory. What counts is the state now, so one that
changes while the broker is away does not wait in the outbox: the last one is published when there is a connection. It
is published again where the broker may have lost it: a session it does not remember, a message dropped from the
outbox.
"""

from micropython import const

from . import lazy
from .log import Voice

_AGAIN_MS = const(1_000)  # after a fault of a driver
_MINUTE_MS = const(60_000)
_TEXT = const(128)  # the longest state
_SHOWN = const(40)  # characters of a bad command
_HOMIE = {b"ON": b"true", b"OFF": b"false"}  # a boolean, as Homie writes it,
_TEXT_OF_HOMIE = {b"": b"\0"}  # and a text: one of no bytes is a property that is gone


def make(station):
    """The part that has all actuators and inputs of these settings."""
    made = Things(station)
    lazy.forget("pins")
    return made


class Things:
    def __init__(self, station):  # cold: once
        from . import parts, topics
        from .pins import Pins

        settings = station.settings
        names = topics.ids(topics.parts(settings))[len(settings["sensors"]) :]
        self._text = Text()
        self._all = []
        pins = Pins()
        groups = {}
        for section in ("actuators", "inputs"):
            for i, entry in enumerate(settings[section]):
                name = names.pop(0)
                driver = _open(entry, station.buses, pins, "%s[%d]" % (section, i))
                if entry.get("interlock"):
                    driver = lazy.load("interlock").make(driver, entry, groups, self._text, station.clock)
                topic = topics.of_thing(settings, entry, name).encode()
                kind = Thing
                if section == "actuators":
                    kind = lazy.load("restored").make if entry.get("boot") == "restored" else Actuator
                elif parts.events(entry):
                    kind = lazy.load("events").Teller
                self._all.append(kind(driver, topic, entry, name, self._text, station))
                if getattr(driver, "measure", None):
                    self._all.append(lazy.load("measure").make(driver.measure, entry, name, self._text, station))

    def named(self, name):
        """The actuator or input of that name."""
        return [thing for thing in self._all if thing.name == name][0]

    def displays(self):
        """The drivers of those that show readings."""
        return [thing.driver for thing in self._all if hasattr(thing.driver, "places")]

    def poll(self):
        left = _MINUTE_MS
        for thing in self._all:
            left = min(left, thing.poll())
        return left

    def online(self):
        for thing in self._all:
            thing.online()

    def publish(self):
        """Says all states again."""
        for thing in self._all:
            thing.publish()

    def stop(self):
        for thing in self._all:
            thing.stop()


def _open(entry, buses, pins, path):  # cold: once a part
    from . import parts
    from .pins import KINDS

    part = parts.keys_of(entry["type"])
    module = __import__("drivers." + entry["type"], None, None, ("driver",))
    try:
        if part.BUS in KINDS:
            bus = pins.get(part.BUS, part.PINS, entry, getattr(part, "KINDS", {}))
        else:
            bus = buses.get(part.BUS, entry)
        return module.driver(bus, **parts.options(part, entry))
    except (ValueError, TypeError, OSError) as fault:
        text = str(fault)
        raise parts.Unfit(path + ("." if text.split(":")[0] in entry else ": ") + text)


class Text:
    """The room all drivers write their states into, and a view of each length one has had."""

    def __init__(self):
        self.buf = bytearray(_TEXT)
        self._views = {}

    def view(self, n):
        if n not in self._views:
            self._views[n] = memoryview(self.buf)[:n]
        return self._views[n]


class Thing:
    """An input, or what an actuator has in common with one."""

    def __init__(self, driver, topic, entry, name, text, station):
        self.name = name
        self.driver = driver
        self._topic = topic
        self._voice = Voice(station.log, name)
        self._text = text
        self._client = station.client
        self._words = {}
        if station.settings["discovery"] == "homie":
            self._words = _TEXT_OF_HOMIE if hasattr(driver, "places") else _HOMIE
        self._told = None  # what the broker has been told
        self._dropped = 0
        self._life = self._live()

    def poll(self):
        """One step: milliseconds until the next."""
        return next(self._life)

    def online(self):
        client = self._client
        if not client.session_present or client.dropped != self._dropped:
            self._dropped = client.dropped
            self.publish()

    def publish(self):
        """Says the state again, at the next step."""
        self._told = None

    def is_on(self):
        """Whether its state has not the word OFF; a display's is a text."""
        return self._text.buf.find(b"OFF", 0, self.driver.state(self._text.buf)) < 0

    def stop(self):
        pass

    def _live(self):
        # A generator of milliseconds to wait: its `try` costs no memory for each step.
        while True:
            try:
                while True:
                    yield self._step()
            except Exception as fault:  # whatever a driver does must not stop the node
                self._voice.trouble(str(fault) or repr(fault))
            yield _AGAIN_MS

    def _step(self):
        left = self.driver.poll()
        if self._client.connected:
            self._tell()
        self._voice.well("works again")
        return left

    def _tell(self):
        state = self._text.view(self.driver.state(self._text.buf))
        if state != self._told:
            told = bytes(state)
            self._client.publish(self._topic, self._words.get(told, told), 1, True)
            self._told = told


class Actuator(Thing):
    """entry: with `safe_after`, the minutes without a broker after which the part goes to its safe state; 0: never."""

    def __init__(self, driver, topic, entry, name, text, station):
        super().__init__(driver, topic, entry, name, text, station)
        self._name = name
        self._log = station.log
        self._clock = station.clock
        self._patience = entry["safe_after"] * _MINUTE_MS
        self._seen = station.clock.ticks_ms()  # when there was a broker
        self._is_safe = False
        station.client.subscribe(topic + b"/set", 1, self._obey)

    def stop(self):
        self.driver.safe()
        if self._client.connected:
            self._tell()

    def _step(self):
        if self._patience:
            self._watch(self._clock.ticks_ms())
        return super()._step()

    def _watch(self, now):
        if self._client.connected:
            self._seen = now
            self._is_safe = False
        elif not self._is_safe and self._clock.ticks_diff(now, self._seen) >= self._patience:
            self.driver.safe()
            self._is_safe = True
            self._log.warn(self._name, "no broker for %d min: set to its safe state" % (self._patience // _MINUTE_MS))

    def act(self, payload):
        """Obeys a rule as it does a message; whether it could."""
        done = self._set(payload)
        if done:
            self.publish()
        return done

    def _obey(self, message):
        payload = message.payload
        if message.retain:
            self._refuse("a retained command is ignored", payload)
        elif self._set(payload):
            self.publish()  # the answer, also where nothing had to change

    def _set(self, payload):
        for ours in self._words:
            if payload == self._words[ours]:
                payload = ours
        try:
            self.driver.set(payload)
            return True
        except Exception as fault:  # a bad command, or a part that cannot
            self._refuse(str(fault) or repr(fault), payload)

    def _refuse(self, why, payload):
        found = "".join([chr(c) if 32 <= c < 127 else "?" for c in payload[:_SHOWN]])
        self._log.warn(self._name, '%s, found "%s"; nothing has changed' % (why, found))
