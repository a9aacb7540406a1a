import gc

import micropython
from bench import Clock, Lines
from node.log import Uptime, Voice
from node.sensors import Sensor

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

    def publish(self, topic, payload, qos, retain):
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
