from bench import Clock, Lines, equal
from node.rules import Rules

HOT = {"when": "air.temperature", "above": 28, "until": 26.5, "set": "fan", "to": "ON", "else": "OFF"}
NONE = dict.fromkeys(("when", "above", "below", "until", "is", "at", "days", "for", "set", "to", "else", "toggle"))


class Sensor:
    """As far as rules.py knows one: two quantities, a reading each ten seconds."""

    name = "air"
    interval = 10_000
    heard = None

    def tell(self, heard):
        self.heard = heard
        return (("humidity", "%", 0), ("temperature", "°C", 2))

    def read_now(self):
        pass


class Thing:
    def __init__(self, name, is_on=False):
        self.name = name
        self.on = is_on
        self.done = []
        self.refuses = self.broken = False

    def is_on(self):
        if self.broken:
            raise OSError(5)
        return self.on

    def act(self, command):
        self.done.append(command.decode())
        self.on = not self.refuses and command == b"ON"
        return not self.refuses

    def stop(self):
        self.done.append("safe")


class Rig:
    def __init__(self, *rules, now=0, pressed=False):
        self.clock = Clock(now)
        self.log = Lines(self.clock)
        self.sensor = Sensor()
        self.fan, self.lamp, self.bell = Thing("fan"), Thing("lamp"), Thing("bell", pressed)
        self.parts = [self, self.sensor]
        self.settings = {"rules": [dict(NONE, **rule) for rule in rules]}
        self.rules = Rules(self)

    def named(self, name):
        return getattr(self, name)

    def turns(self, ms, temperature=None):
        """Lets time pass; with a temperature (hundredths) there is a reading each ten seconds. What the fan did."""
        for at in range(0, ms, 500):
            if temperature is not None and at % self.sensor.interval == 0:
                self.sensor.heard([50, temperature])
            self.rules.poll()
            self.clock.add(500)
        self.rules.poll()
        done = self.fan.done[:]
        self.fan.done.clear()
        return done


def test_it_acts_at_the_edges_only():
    rig = Rig(HOT)
    equal(rig.turns(1000), [])
    equal(rig.turns(20_000, 2801), ["ON"])
    equal(rig.turns(20_000, 2800), [])
    equal(rig.turns(20_000, 2650), [])
    equal(rig.turns(20_000, 2649), ["OFF"])
    equal(rig.turns(20_000, 2800), [])
    told = ["info  fan: ON, since air.temperature is above 28", "info  fan: OFF, since air.temperature is below 26.5"]
    equal(rig.log.lines, told)


def test_below_is_the_mirror_of_above():
    rig = Rig(dict(HOT, above=None, below=-2.5, until=0))
    equal(rig.turns(20_000, -250), [])
    equal(rig.turns(20_000, -251), ["ON"])
    equal(rig.turns(20_000, 0), [])
    equal(rig.turns(20_000, 1), ["OFF"])
    told = ["info  fan: ON, since air.temperature is below -2.5", "info  fan: OFF, since air.temperature is above 0"]
    equal(rig.log.lines, told)


def test_the_first_reading_decides_unless_it_is_between():
    equal(Rig(HOT).turns(1000, 2000), ["OFF"])
    equal(Rig(HOT).turns(1000, 2900), ["ON"])
    equal(Rig(HOT).turns(1000, 2700), [])


def test_a_duration_is_measured_across_the_wrap_of_ticks_and_a_break_begins_it_anew():
    wrap = (1 << 30) - 100_000
    for now in (0, wrap):
        rig = Rig(dict(HOT, **{"for": 300}), now=now)
        equal(rig.turns(1000, 2000), ["OFF"])
        equal(rig.turns(290_000, 2900), [])
        equal(rig.turns(10_000, 2700), [])
        equal(rig.turns(299_000, 2900), [])
        equal(rig.turns(2_000), ["ON"])
        equal(rig.log.lines[-1], "info  fan: ON, since air.temperature is above 28 for 300 s")
        equal(rig.turns(10_000, 2000), ["OFF"])


def test_a_silent_sensor_is_safe_once_at_any_time_of_the_ticks():
    for now in (0, (1 << 30) - 20_000, (1 << 29) - 20_000):
        rig = Rig(HOT, now=now)
        equal(rig.turns(10_000, 2900), ["ON"])
        equal(rig.turns(24_500), [])
        equal(rig.turns(1_500), ["safe"])
        rig.clock.add(1 << 28)
        equal(rig.turns(1_000), [])
        rig.clock.add(1 << 28)
        rig.clock.add(1 << 28)
        equal(rig.turns(60_000), [])
        equal(rig.turns(1_000, 2700), [])
        equal(rig.turns(10_000, 2900), ["ON"])
        warned = [line for line in rig.log.lines if "warn" in line]
        equal(warned, ["warn  fan: air.temperature is silent for 3 intervals: set to its safe state"])


def test_a_sensor_that_never_spoke_is_silent_too():
    rig = Rig(HOT)
    equal(rig.turns(34_000), [])
    equal(rig.turns(2_000), ["safe"])


def test_silence_ends_a_wait():
    rig = Rig(dict(HOT, **{"for": 60}))
    equal(rig.turns(10_000, 2900), [])
    equal(rig.turns(30_000), ["safe"])
    equal(rig.turns(50_000, 2900), [])
    equal(rig.turns(11_000, 2900), ["ON"])


def test_what_is_refused_is_tried_again_after_a_minute_until_the_condition_turns():
    rig = Rig(HOT)
    rig.fan.refuses = True
    equal(rig.turns(50_000, 2900), ["ON"])
    equal(rig.turns(60_000, 2900), ["ON"])
    rig.fan.refuses = False
    equal(rig.turns(60_000, 2900), ["ON"])
    equal(rig.turns(120_000, 2900), [])


def test_an_input_acts_as_it_turns_and_at_the_start():
    rig = Rig({"when": "bell", "is": "OFF", "for": 2, "set": "fan", "else": "OFF"})
    equal(rig.turns(1_500), [])
    equal(rig.turns(1_000), ["ON"])
    rig.bell.on = True
    equal(rig.turns(500), ["OFF"])
    rig.bell.on = False
    equal(rig.turns(1_000), [])
    rig.bell.on = True
    equal(rig.turns(5_000), [])
    equal(rig.log.lines[0], "info  fan: ON, since bell is OFF for 2 s")


def test_a_toggle_turns_over_at_each_press_and_not_at_the_start():
    for pressed in (False, True):
        rig = Rig({"when": "bell", "toggle": "fan"}, pressed=pressed)
        equal(rig.turns(1_000), [])
        rig.bell.on = False
        equal(rig.turns(1_000), [])
        for word in ("ON", "OFF", "ON"):
            rig.bell.on = True
            equal(rig.turns(1_000), [word])
            rig.bell.on = False
            equal(rig.turns(1_000), [])
        rig.fan.on = False  # by somebody else
        rig.bell.on = True
        equal(rig.turns(1_000), ["ON"])


def test_one_rule_that_cannot_be_kept_does_not_stop_the_others():
    rig = Rig({"when": "bell", "set": "lamp"}, HOT)
    rig.bell.broken = True
    equal(rig.turns(10_000, 2900), ["ON"])
    equal([line for line in rig.log.lines if "rules" in line], ["warn  rules: [Errno 5] EIO"])
