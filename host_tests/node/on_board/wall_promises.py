import time

import machine
from bench import Clock, Lines, equal
from node import lazy
from node.rtc import days as _days
from node.wall import Wall

HOUR = 3_600_000


class Watch(Clock):
    """A clock with a chip's own; its year is that of one never set."""

    def __init__(self, chip=(2000, 1, 1, 0, 0, 7, 5, 1)):
        super().__init__()
        self.chip = chip

    def gmtime(self):
        return self.chip


class Refused(Exception):
    final = False


class Sntp:
    """sntp.py, of which a test says what comes: milliseconds since 1970, a fault, or None for silence."""

    def __init__(self, clock):
        self.clock = clock
        self.asked = []
        self.comes = {}
        self.Refused = Refused

    def Question(self, server, clock):
        self.asked.append((server, clock.now))
        return Question(self, server)


class Question:
    def __init__(self, sntp, server):
        self.sntp, self.server, self.begun = sntp, server, sntp.clock.now

    def answer(self):
        came = self.sntp.comes.get(self.server[0])
        if isinstance(came, Exception):
            raise came
        return came and came + self.sntp.clock.now

    def age(self):
        return self.sntp.clock.now - self.begun

    def close(self):
        pass


class Rtc:
    set = []

    def datetime(self, when):
        self.set.append(when)


class Rig:
    def __init__(self, chip=None, payload="json", servers=("a", "b:124"), offset=0):
        self.clock = Watch(*[chip] if chip else [])
        self.log = Lines(self.clock)
        self.up = True
        self.sntp = Sntp(self.clock)
        lazy.load = lambda name: self.sntp
        machine.RTC = Rtc
        Rtc.set.clear()
        settings = {"time": {"servers": list(servers), "utc_offset": offset}, "payload": payload}
        self.wall = Wall(settings, self.log, self.clock, lambda: self.up, None)

    def run(self, ms):
        end = self.clock.now + ms
        while self.clock.now < end:
            self.log.uptime.fold()
            self.clock.now += max(min(self.wall.poll(), end - self.clock.now), 1)
        self.log.uptime.fold()

    def stamp(self):
        buf = bytearray(24)
        self.wall.stamp(buf, 2)
        equal((buf[:2], buf[22:]), (b"\0\0", b"\0\0"))
        return bytes(buf[2:22]).decode()


def ms(*fields):
    year, month, day, hour, minute, second = fields
    return ((_days(year, month, day) * 24 + hour) * 3600 + minute * 60 + second) * 1000


NOON = ms(2026, 11, 25, 12, 0, 0)


def test_every_day_of_four_centuries_is_written_as_the_calendar_has_it():
    rig = Rig()
    rig.sntp.comes["a"] = NOON
    rig.run(100)
    day = _days(2000, 1, 1)
    equal(day, 10957)
    months = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    for year in range(2000, 2400):
        for month in range(1, 13):
            leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
            for date in (1, months[month - 1] + leap):
                equal(_days(year, month, date), day + date - 1)
                rig.wall._day, rig.wall._second, rig.wall._ms = day + date - 1, 0, 0
                equal(rig.stamp()[:10], "%04d-%02d-%02d" % (year, month, date))
            day += months[month - 1] + leap


def test_before_the_first_answer_a_stamp_tells_the_seconds_since_the_start_in_as_many_characters():
    rig = Rig()
    rig.run(12_345_000)
    text = rig.stamp()
    equal((text[:5], text[9:], len(text)), ("boot ", " +00012345s", 20))
    assert not rig.wall.is_set


def test_an_answer_sets_the_time_and_the_chips_clock():
    rig = Rig(offset=90)
    rig.sntp.comes["a"] = NOON
    rig.run(100)
    equal(rig.stamp(), "2026-11-25T12:00:00Z")
    equal(Rtc.set, [(2026, 11, 25, 3, 12, 0, 0, 0)])
    equal(rig.log.lines, ["info  time: 2026-11-25T12:00:00Z, by a, here 13:30"])
    rig.run(12 * HOUR - 200)
    equal(rig.stamp(), "2026-11-25T23:59:59Z")
    rig.run(1000)
    equal(rig.stamp(), "2026-11-26T00:00:00Z")


def test_the_network_is_waited_for():
    rig = Rig()
    rig.up = False
    rig.run(HOUR)
    equal(rig.sntp.asked, [])


def test_servers_are_asked_in_turn_and_all_again_ever_more_seldom():
    rig = Rig()
    rig.run(12 * HOUR)
    servers = [server for server, _ in rig.sntp.asked]
    equal(servers, [("a", 123), ("b", 124)] * (len(servers) // 2))
    begun = [at for server, at in rig.sntp.asked if server[0] == "a"]
    gaps = [after - before for before, after in zip(begun, begun[1:])]
    assert 15_000 <= gaps[0] < 30_000, gaps
    assert all(gap >= 15_000 for gap in gaps), gaps
    assert HOUR <= gaps[-1] < 2 * HOUR, gaps
    assert 15 < len(begun) < 25, len(begun)
    equal(len(rig.log.lines), len(servers))


def test_a_server_that_sends_one_away_is_not_asked_again():
    rig = Rig()
    away = Refused("does not want to be asked by this node")
    away.final = True
    rig.sntp.comes["a"] = away
    rig.sntp.comes["b"] = OSError(118)
    rig.run(HOUR)
    names = [server[0] for server, _ in rig.sntp.asked]
    equal((names.count("a"), names.count("b") > 3), (1, True))
    rig.sntp.comes["b"] = away
    rig.run(3 * HOUR)
    count = len(rig.sntp.asked)
    rig.run(24 * HOUR)
    equal(len(rig.sntp.asked), count)


def test_after_an_answer_the_next_question_is_hours_away_and_tells_the_drift():
    rig = Rig()
    rig.sntp.comes["a"] = NOON
    rig.run(100)
    equal(rig.wall.drift_ms, None)
    rig.sntp.comes["a"] = NOON - 1500  # the node's clock was fast
    rig.run(6 * HOUR)
    equal(len(rig.sntp.asked), 2)
    assert 4 * HOUR <= rig.sntp.asked[1][1] <= 5 * HOUR
    equal(rig.wall.drift_ms, 1500)
    assert rig.log.lines[-1].endswith("Z, by a; the clock was 1500 ms ahead"), rig.log.lines


def test_a_chips_clock_that_went_on_through_a_reset_counts_as_set():
    rig = Rig((2026, 11, 25, 3, 50, 10, 2, 329))
    assert rig.wall.is_set
    equal(rig.stamp(), "2026-11-25T03:50:10Z")
    assert rig.wall.ready()


def test_a_chips_clock_that_was_never_set_does_not():
    for year in (1970, 2000, 2015, 2021):
        assert not Rig((year, 1, 1, 0, 0, 7, 5, 1)).wall.is_set


def test_the_first_connection_waits_for_the_time_but_not_for_long():
    rig = Rig()
    rig.up = False
    assert not rig.wall.ready()
    rig.run(60_000)
    rig.up = True
    assert not rig.wall.ready()
    rig.sntp.comes["a"] = NOON
    rig.run(100)
    assert rig.wall.ready()
    rig = Rig()
    rig.up = True
    rig.run(2_000)
    assert not rig.wall.ready()
    rig.run(10_000)  # no server answers
    assert rig.wall.ready()
    assert Rig(payload="plain").wall.ready()


def test_what_was_stamped_before_is_put_right_in_place():
    rig = Rig()
    rig.run(42_000)
    early = rig.stamp()
    rig.run(100_000)
    rig.sntp.comes["a"] = NOON
    rig.run(3_600_000)
    rig.wall._lives[early[5:9].encode()] = rig.wall._begin()  # as for a client
    buf = bytearray('..{"time":"%s"}' % early, "utf-8")
    rig.wall.correct(buf, 2, len(buf))
    # NOON is when the clock of the rig stood at 0
    equal(buf, b'..{"time":"2026-11-25T12:00:42Z"}')
    rig.wall.correct(buf, 2, len(buf))
    equal(buf, b'..{"time":"2026-11-25T12:00:42Z"}')


def test_what_another_life_stamped_is_put_right_when_it_is_known_when_that_began():
    rig = Rig()
    for known in (False, True):
        if known:
            rig.sntp.comes["a"] = NOON
            rig.run(100)
        before = rig.stamp()
        rig.wall._lives[b"abcd"] = NOON // 1000 - 86_400
        buf = bytearray(b'"boot abcd +00000061s"')
        rig.wall.correct(buf, 0, len(buf))
        equal(buf, b'"2026-11-24T12:01:01Z"')
        equal(rig.stamp(), before)


def test_lives_are_kept_in_a_file_of_which_damage_takes_only_what_it_hits():
    import os

    from node import lives

    lives.FILE = "/tmp/girouette-%s" % os.urandom(8).hex()
    equal(lives.read(), {})
    lives.write({b"%04d" % i: 1795578610 + i for i in range(10)})
    try:
        equal(lives.read(), {b"%04d" % i: 1795578610 + i for i in range(2, 10)})
        for text in ("", "12", "0007 1795578610\n0008 179", "0007 1795578610\nx y z\n"):
            with open(lives.FILE, "w") as file:
                file.write(text)
            equal(lives.read(), {b"0007": 1795578610} if "7 1" in text else {})
    finally:
        os.remove(lives.FILE)


def test_what_another_life_stamped_is_left_as_it_is():
    rig = Rig()
    mark = rig.stamp()
    other = mark.replace(mark[5:9], "%04d" % ((int(mark[5:9]) + 1) % 10_000))
    rig.sntp.comes["a"] = NOON
    rig.run(100)
    buf = bytearray(other, "utf-8")
    rig.wall.correct(buf, 0, 20)
    equal(buf, bytearray(other, "utf-8"))


def test_the_real_clock_has_the_fields_that_are_read():
    assert len(time.gmtime()) >= 6
