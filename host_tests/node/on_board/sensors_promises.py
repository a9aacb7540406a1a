from bench import Client, Clock, Lines, equal
from node.log import Voice
from node.sensors import Sensor

from leanmqtt import OutboxFull

SECOND = 1000


class Part:
    """A driver: 50 ms for a reading; asleep at first, so that its first turn is a step of waking up."""

    quantities = (("temperature", "C", 2), ("humidity", "%", 1))

    def __init__(self, clock):
        self.clock = clock
        self.values = [2153, 457]
        self.fault = None
        self.awake = False
        self.begun = []

    def start(self):
        if self.fault:
            self.awake = False
            raise self.fault
        self.begun.append(self.clock.now)
        return 50 if self.awake else 2

    def read(self, values):
        if not self.awake:
            self.awake = True
            return False
        values[0] = self.values[0]
        values[1] = self.values[1]
        return True


class Rig:
    def __init__(self, interval=10, retain=False, now=0, qos=1):
        self.clock = Clock(now)
        self.log = Lines(self.clock)
        self.part = Part(self.clock)
        self.client = Client()
        entry = {"interval": interval, "retain": retain, "qos": qos}
        voice = Voice(self.log, "part")
        self.sensor = Sensor(self.part, [b"a/t", b"a/h"], entry, self.client, voice, self.clock)

    def run(self, ms):
        """As the loop of the node: sleeps for as long as poll() says."""
        end = self.clock.ticks_add(self.clock.now, ms)
        while True:
            wait = min(self.sensor.poll(), self.clock.ticks_diff(end, self.clock.now))
            if self.clock.now == end:
                return
            self.clock.add(wait)


def test_each_quantity_goes_to_its_topic_with_its_decimals():
    rig = Rig()
    rig.run(1 * SECOND)
    equal(rig.client.take(), [("a/t", "21.53", 1, False), ("a/h", "45.7", 1, False)])
    rig.part.values[0] = -5
    rig.run(10 * SECOND)
    equal(rig.client.take(), [("a/t", "-0.05", 1, False), ("a/h", "45.7", 1, False)])


def test_a_retained_sensor_publishes_retained():
    rig = Rig(retain=True)
    rig.run(1 * SECOND)
    equal([message[3] for message in rig.client.take()], [True, True])


def test_the_time_a_reading_takes_does_not_add_up():
    rig = Rig(interval=10)
    rig.run(101 * SECOND)
    equal(rig.part.begun[2:], [10_000 * i for i in range(1, 11)])


def test_beginnings_missed_are_left_out():
    rig = Rig(interval=10)
    rig.run(1 * SECOND)
    rig.clock.add(65 * SECOND)  # something held the loop
    rig.part.begun.clear()
    rig.run(25 * SECOND)
    assert len(rig.part.begun) <= 4, rig.part.begun


def test_a_fault_is_told_once_and_the_recovery_too():
    rig = Rig(interval=10)
    rig.run(1 * SECOND)
    rig.client.take()
    rig.part.fault = Exception("no answer at 0x76")
    rig.run(60 * SECOND)
    equal(rig.client.take(), [])
    rig.part.fault = None
    rig.run(20 * SECOND)
    equal(rig.log.lines, ["warn  part: no answer at 0x76", "info  part: works again"])
    equal(len(rig.client.take()), 4)


def test_a_fault_is_tried_again_at_the_interval_and_not_before():
    rig = Rig(interval=10)
    rig.part.fault = Exception("no answer")
    tries = []
    rig.part.start = lambda: tries.append(rig.clock.now) or rig.part.read(None)
    rig.run(1 * SECOND)
    rig.run(30 * SECOND)
    equal(tries, [0, 10_000, 20_000, 30_000])


def test_a_fault_of_any_kind_leaves_the_node_running():
    rig = Rig(interval=10)
    for fault in (OSError(19), ValueError(), ZeroDivisionError("by zero"), MemoryError()):
        rig.part.fault = fault
        rig.run(10 * SECOND)
    equal(len(rig.log.lines), 4)


def test_the_schedule_holds_when_ticks_wrap():
    rig = Rig(interval=10, now=0x3FFFFFFF - 15_000)
    rig.run(61 * SECOND)
    equal(len(rig.client.take()), 2 * 7)


def test_a_sensor_publishes_at_the_qos_asked_for():
    for qos in (0, 1, 2):
        rig = Rig(qos=qos)
        rig.run(1 * SECOND)
        equal([message[2] for message in rig.client.take()], [qos, qos])


def test_each_value_without_room_is_counted_and_told_once():
    rig = Rig()
    rig.run(1 * SECOND)
    publish = rig.client.publish

    def full(topic, *rest):
        if topic == b"a/t":
            raise OutboxFull("full")
        publish(topic, *rest)

    rig.client.publish = full
    rig.client.take()
    rig.run(30 * SECOND)
    equal((rig.sensor.lost, rig.sensor.errors), (3, 0))
    equal([message[0] for message in rig.client.take()], ["a/h"] * 3)
    rig.client.publish = publish
    rig.run(10 * SECOND)
    equal(len(rig.client.take()), 2)
    told = ["warn  part: no room in the outbox: readings are lost until the broker answers", "info  part: works again"]
    equal(rig.log.lines, told)


def test_faults_are_counted():
    rig = Rig()
    rig.part.fault = Exception("no answer")
    rig.run(31 * SECOND)
    equal(rig.sensor.errors, 4)


def test_a_reading_can_be_had_at_once_and_the_interval_counts_from_there():
    rig = Rig(interval=10)
    rig.run(4 * SECOND)
    rig.part.begun.clear()
    rig.sensor.read_now()
    rig.run(20 * SECOND)
    equal(rig.part.begun, [4_000, 14_000, 24_000][: len(rig.part.begun)])
    assert len(rig.part.begun) >= 2


def test_a_reading_under_way_is_not_begun_again():
    rig = Rig(interval=10)
    rig.run(1 * SECOND)
    rig.run(9 * SECOND)
    rig.sensor.poll()
    rig.part.begun.clear()
    rig.sensor.read_now()
    rig.run(5 * SECOND)
    equal(rig.part.begun, [])


def test_an_interval_that_is_set_counts_from_the_next_reading():
    rig = Rig(interval=600)
    rig.run(1 * SECOND)
    rig.part.begun.clear()
    rig.sensor.interval = 5 * SECOND
    rig.sensor.read_now()
    rig.run(11 * SECOND)
    equal(rig.part.begun, [1_000, 6_000, 11_000])
