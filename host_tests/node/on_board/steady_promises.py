import gc

import micropython
from bench import Clock, Lines
from node.log import Uptime, Voice
from node.payload import Json
from node.sensors import Sensor
from node.wall import Wall

TIMES = 2_000


class Part:
    quantities = (("temperature", "C", 2), ("pressure", "hPa", 2))

    def __init__(self):
        self.turn = 0

    def start(self):
        return 9

    def read(self, values):
        self.turn += 1
        values[0] = self.turn - 1000
        values[1] = 100_000 + self.turn
        return True


class Sink:
    """A client of which only the cost of calling it remains."""

    def __init__(self):
        self.taken = 0

    def publish(self, topic, payload, qos, retain, properties=None):
        self.taken += 1


def cost(turn):
    """(live, transient) bytes of so many turns."""
    turn()
    gc.collect()
    gc.disable()
    live, total = gc.mem_alloc(), micropython.mem_total()
    for _ in range(TIMES):
        turn()
    total, live = micropython.mem_total() - total, gc.mem_alloc() - live
    gc.enable()
    return live, total


def test_a_reading_allocates_nothing():
    clock, sink = Clock(), Sink()
    log = Lines(clock)
    sensor = Sensor(Part(), [b"a/t", b"a/p"], {"interval": 1, "retain": False}, sink, Voice(log, "part"), clock)

    def turn():
        clock.now = (clock.now + 250) & 0x3FFFFFFF
        sensor.poll()

    assert cost(turn) == (0, 0), cost(turn)
    assert sink.taken > TIMES // 4, sink.taken


class Midnight(Clock):
    """A chip whose clock was set, five minutes before a day ends."""

    def gmtime(self):
        return (2026, 12, 31, 23, 55, 0, 3, 365)


class Unset(Clock):
    """One whose clock was not."""

    def gmtime(self):
        return (2000, 1, 1, 0, 0, 0, 5, 1)


def json(clock, log):
    settings = {"time": None, "payload": "json"}
    return Json(Wall(settings, log, clock, None, None), ["C", "hPa"])


def reading_with_its_time(clock):
    sink, log = Sink(), Lines(clock)
    form = json(clock, log)
    entry, voice = {"interval": 1, "retain": False}, Voice(log, "part")
    sensor = Sensor(Part(), [b"a/t", b"a/p"], entry, sink, voice, clock, form)

    def turn():
        clock.now = (clock.now + 250) & 0x3FFFFFFF
        log.uptime.fold()
        sensor.poll()

    found = cost(turn)
    assert sink.taken > TIMES // 4, sink.taken
    return found


def test_a_reading_with_its_time_allocates_nothing_also_at_midnight():
    assert reading_with_its_time(Midnight()) == (0, 0)


def test_a_reading_from_before_the_first_answer_allocates_nothing():
    assert reading_with_its_time(Unset()) == (0, 0)


def test_the_uptime_allocates_nothing():
    clock = Clock()
    uptime = Uptime(clock)

    def turn():
        clock.now = (clock.now + 999) & 0x3FFFFFFF
        uptime.fold()

    assert cost(turn) == (0, 0), cost(turn)


def test_the_meter_sees_what_is_allocated():
    def turn():
        return str(TIMES)

    assert min(cost(turn)) > 0
