from bench import Clock, Lines, equal
from node.log import OFF, Log, Uptime, Voice


def test_a_line_has_the_time_since_the_start_its_level_and_its_part():
    clock, lines = Clock(12345), []
    console = Log(clock, lines.append)
    clock.add(62_007)
    console.warn("wifi", "is lost")
    equal(lines, ["    62.007 warn  wifi: is lost"])


def test_uptime_goes_on_when_ticks_wrap():
    clock = Clock(0x3FFFFF00)
    uptime = Uptime(clock)
    days = 40
    for _ in range(days * 24):
        clock.add(3_600_000)
        uptime.fold()
    equal((uptime.seconds, uptime.ms), (days * 86400, 0))


def test_a_trouble_is_told_once_until_it_changes_or_ends():
    log = Lines(Clock())
    voice = Voice(log, "bme280")
    voice.well("works again")
    for trouble in ("no answer", "no answer", "bad chip", "bad chip"):
        voice.trouble(trouble)
    voice.well("works again")
    voice.well("works again")
    voice.trouble("no answer")
    equal(
        log.lines,
        [
            "warn  bme280: no answer",
            "warn  bme280: bad chip",
            "info  bme280: works again",
            "warn  bme280: no answer",
        ],
    )


def test_the_ring_keeps_the_newest_lines_from_its_level_up():
    log = Log(Clock(), [].append)
    log.room = 3
    log.info("wifi", "on")
    for n in range(5):
        log.warn("part", "%d" % n)
    log.answer("cmd", "done")
    equal(log.ring, ["warn part: 3", "warn part: 4", "info cmd: done"])


def test_nothing_waits_for_a_topic_that_is_off_or_has_no_room():
    for topic, room in ((OFF, 10), (0, 0)):
        log = Log(Clock(), [].append)
        log.topic, log.room = topic, room
        log.error("part", "broken")
        log.answer("cmd", "done")
        equal(log.ring, [])


def test_the_console_tells_from_its_level_up():
    lines = []
    log = Log(Clock(), lines.append)
    log.level = 2
    log.info("part", "a")
    log.warn("part", "b")
    equal([line.split(": ")[1] for line in lines], ["b"])


def test_a_line_that_waits_is_bounded():
    log = Log(Clock(), [].append)
    log.warn("part", "x" * 1000)
    assert len(log.ring[0]) <= 240, len(log.ring[0])
