from bench import Clock, Lines, equal
from node.rtc import days
from node.schedule import Schedule

BERLIN = "CET-1CEST,M3.5.0,M10.5.0/3"
SYDNEY = "AEST-10AEDT,M10.1.0,M4.1.0/3"


class Actuator:
    def __init__(self, name, done):
        self.name = name
        self.done = done

    def act(self, command):
        self.done.append((self.name, command.decode()))
        return True


class Wall:
    is_set = True
    now = 0

    def minutes(self):
        return self.now


class Rig:
    """now: the first minute, (year, month, day, hour, minute) in UTC; steps each minute."""

    def __init__(self, rules, now=None, zone=None, offset=0):
        self.clock = Clock()
        self.log = Lines(self.clock)
        self.wall = Wall()
        empty = dict.fromkeys(("when", "is", "at", "days", "set", "to"))
        self.settings = {"rules": [dict(empty, **rule) for rule in rules], "time": {"zone": zone, "utc_offset": offset}}
        self.done = []
        self.schedule = Schedule(self, lambda name: Actuator(name, self.done))
        self.wall.is_set = now is not None
        if now:
            self.to(*now)

    def to(self, year, month, day, hour, minute):
        """The clock is set."""
        self.wall.is_set = True
        self.wall.now = days(year, month, day) * 1440 + hour * 60 + minute
        self.schedule.step()

    def run(self, minutes):
        """What is done, and after how many minutes."""
        found = []
        for i in range(1, minutes + 1):
            self.wall.now += 1
            for _ in range(2):
                self.schedule.step()
                found += [(i, command) for _, command in self.done]
                self.done.clear()
        return found


def at(time, to="ON", **more):
    return dict({"at": time, "set": "pump", "to": to}, **more)


def started(*args, **more):
    rig = Rig(*args, **more)
    rig.done.clear()  # what was caught up
    rig.log.lines.clear()
    return rig


def test_a_time_comes_once_a_day_and_is_logged():
    rig = started([at("06:30")], (2026, 11, 25, 6, 0))
    equal(rig.run(3 * 1440), [(30, "ON"), (30 + 1440, "ON"), (30 + 2880, "ON")])
    equal(rig.log.lines[0], "info  pump: ON, since it is 06:30")


def test_days_are_those_of_local_time():
    # 2026-11-25 is a Wednesday; 23:30 in UTC is Thursday in Berlin
    rig = started([at("00:35", days=["thu"])], (2026, 11, 25, 23, 30), zone=BERLIN)
    equal(rig.run(14 * 1440), [(5, "ON"), (5 + 7 * 1440, "ON")])


def test_a_fixed_offset_needs_no_zone():
    rig = started([at("06:30")], (2026, 11, 25, 4, 0), offset=90)
    equal(rig.run(1440), [(60, "ON")])
    rig = started([at("23:30")], (2026, 11, 25, 0, 0), offset=-90)
    equal(rig.run(1440), [(60, "ON")])


def test_what_stands_in_the_skipped_hour_is_done_as_it_is_skipped_in_its_order():
    rules = [at("02:40", "OFF"), at("02:10"), at("03:05", "late")]
    rig = started(rules, (2026, 3, 29, 0, 50), zone=BERLIN)  # 02:00 is 03:00 at 01:00 in UTC
    equal(rig.run(120), [(10, "ON"), (10, "OFF"), (15, "late")])
    rig = started(rules, (2026, 10, 3, 15, 50), zone=SYDNEY)
    equal(rig.run(120), [(10, "ON"), (10, "OFF"), (15, "late")])


def test_what_stands_in_the_doubled_hour_is_done_once_the_first_time():
    rules = [at("02:30"), at("03:05", "late")]
    rig = started(rules, (2026, 10, 25, 0, 0), zone=BERLIN)  # 02:00 in summer time, and again at 01:00 in UTC
    equal(rig.run(240), [(30, "ON"), (125, "late")])
    rig = started(rules, (2026, 4, 4, 15, 0), zone=SYDNEY)
    equal(rig.run(240), [(30, "ON"), (125, "late")])


def test_each_day_of_two_years_has_its_time_once():
    for zone in (BERLIN, SYDNEY, "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "EST5EDT,M3.2.0,M11.1.0"):
        rig = started([at("02:15")], (2026, 1, 1, 12, 0), zone=zone)
        found = []
        for i in range(731 * 144):
            rig.wall.now += 10
            rig.schedule.step()
            if rig.done:
                found.append(i)
                rig.done.clear()
                rig.log.lines.clear()
        equal(len(found), 731)
        assert max([later - sooner for sooner, later in zip(found, found[1:])]) <= 150


def test_a_clock_that_is_put_right_by_more_than_summer_time_does_nothing():
    rig = started([at("06:30")], (2026, 11, 25, 6, 0))
    rig.to(2026, 11, 25, 12, 0)
    rig.to(2026, 11, 24, 6, 20)
    equal(rig.done, [])
    equal(rig.run(60), [(10, "ON")])


def test_a_clock_put_back_a_little_does_nothing_twice():
    rig = started([at("06:30")], (2026, 11, 25, 6, 29))
    equal(rig.run(2), [(1, "ON")])
    rig.to(2026, 11, 25, 6, 28)
    equal(rig.run(60), [])


def test_after_a_start_the_last_time_that_has_passed_is_made_up_for():
    rules = [at("06:00", "ON"), at("22:00", "OFF")]
    for hour, word in ((5, "OFF"), (7, "ON"), (21, "ON"), (23, "OFF")):
        rig = Rig(rules, (2026, 11, 25, hour, 0))
        equal(rig.done, [("pump", word)])
    equal(rig.log.lines, ["info  pump: OFF, since it is past 22:00"])
    rig = Rig([at("06:00", "ON", days=["mon"]), at("05:00", "OFF", days=["tue", "fri"])], (2026, 11, 26, 0, 0))
    equal(rig.done, [("pump", "OFF")])
    rig = Rig([at("06:00", days=["thu"])], (2026, 11, 26, 5, 59))
    equal(rig.done, [("pump", "ON")])  # of a week ago


def test_a_condition_decides_after_a_start_where_there_is_one():
    rig = Rig([at("06:00"), {"when": "air.temperature", "set": "pump"}], (2026, 11, 25, 12, 0))
    equal(rig.done, [])


def test_without_the_time_schedules_wait_and_say_so_once():
    rig = Rig([at("06:30")])
    for _ in range(5):
        rig.schedule.step()
        rig.clock.add(30_000)
    equal(rig.log.take(), ["warn  rules: the time is not known: what is to be done at a time waits for it"])
    equal(rig.done, [])
    rig.to(2026, 11, 25, 6, 0)
    equal(rig.done, [("pump", "ON")])
    rig.done.clear()
    equal(rig.run(1440), [(30, "ON")])
