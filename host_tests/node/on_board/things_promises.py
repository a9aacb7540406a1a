import machine
from bench import Clock, Lines, equal
from drivers.reed import Reed
from drivers.valve import Valve
from node import things
from node.bus import Buses
from node.parts import Unfit
from node.pins import Pins

MINUTE = 60_000
VALVE, REED = "ha/roof/valve", "ha/roof/door"


class Client:
    """A client whose connection a test makes and breaks."""

    def __init__(self):
        self.published = []
        self.handlers = {}
        self.connected = self.session_present = False
        self.dropped = 0
        self.full = False

    def publish(self, topic, payload, qos, retain):
        if self.full:
            raise MemoryError("the outbox is full")
        self.published.append((topic.decode(), bytes(payload).decode(), qos, retain))

    def subscribe(self, topic, qos, handler):
        self.handlers[topic.decode()] = (qos, handler)

    def take(self):
        taken = self.published[:]
        self.published.clear()
        return taken


class Message:
    def __init__(self, payload, retain):
        self.payload = payload
        self.retain = retain


class Station:
    """As far as things.py knows one."""

    def __init__(self, safe_after=0, **changes):
        entry = {"type": "valve", "id": None, "topic": None, "up": 5, "down": 6, "speed": 3, "safe_after": safe_after}
        entry.update(changes)
        door = {"type": "reed", "id": "door", "topic": None, "pin": 34}
        self.settings = {"name": "roof", "topics": {}, "discovery": None, "sensors": []}
        self.settings["actuators"] = [entry]
        self.settings["inputs"] = [door]
        self.clock = Clock()
        self.log = Lines(self.clock)
        self.buses = Buses()
        self.client = Client()
        self.part = things.make(self)

    def connect(self, session_present=False):
        self.client.connected = True
        self.client.session_present = session_present
        self.part.online()
        return self.part.poll()

    def command(self, payload, retain=False):
        self.client.handlers[VALVE + "/set"][1](Message(payload, retain))
        self.part.poll()
        return self.client.take()


def test_states_are_published_retained_at_qos_1_when_there_is_a_connection():
    station = Station()
    station.part.poll()
    equal(station.client.take(), [])
    station.connect()
    equal(station.client.take(), [(VALVE, "closed", 1, True), (REED, "ON", 1, True)])
    equal(station.client.handlers[VALVE + "/set"][0], 1)
    equal(len(station.client.handlers), 1)


def test_the_next_step_is_due_when_the_first_of_them_wants_it():
    equal(Station().part.poll(), 10)


def test_a_state_is_published_again_when_it_has_changed_and_not_before():
    station = Station()
    station.connect()
    station.client.take()
    station.part.poll()
    equal(station.client.take(), [])
    Reed.last.text = b"OFF"
    station.part.poll()
    station.part.poll()
    equal(station.client.take(), [(REED, "OFF", 1, True)])


def test_a_command_is_obeyed_and_answered_by_the_state_also_where_nothing_had_to_change():
    station = Station()
    station.connect()
    station.client.take()
    for _ in range(2):
        equal(station.command(b"OPEN"), [(VALVE, "open", 1, True)])
    assert Valve.last.is_open


def test_a_bad_command_is_told_each_time_and_changes_nothing():
    station = Station()
    station.connect()
    station.client.take()
    for _ in range(2):
        equal(station.command(b"op\xff\n" + b"x" * 60), [])
    line = 'warn  valve: expected OPEN or CLOSE, found "op??' + "x" * 36 + '"; nothing has changed'
    equal(station.log.take(), [line, line])
    assert not Valve.last.is_open


def test_a_retained_command_is_ignored_with_a_warning():
    station = Station()
    station.connect()
    station.client.take()
    equal(station.command(b"OPEN", retain=True), [])
    equal(station.log.take(), ['warn  valve: a retained command is ignored, found "OPEN"; nothing has changed'])
    assert not Valve.last.is_open


def test_a_part_that_cannot_obey_is_told_and_the_node_goes_on():
    station = Station()
    station.connect()
    station.client.take()
    Valve.last.fault = OSError(19)
    equal(station.command(b"OPEN"), [])
    lines = station.log.take()
    assert "19" in lines[0] and lines[0].startswith("warn  valve: "), lines
    Reed.last.text = b"OFF"
    equal(station.part.poll(), 10)
    equal(station.client.take(), [(REED, "OFF", 1, True)])
    Valve.last.fault = None
    station.part.poll()
    equal(station.log.take()[-1], "info  valve: works again")


def test_what_changed_while_the_broker_was_away_is_published_as_it_is_now():
    station = Station()
    station.connect()
    station.client.take()
    station.client.connected = False
    for text in (b"OFF", b"ON", b"OFF"):
        Reed.last.text = text
        station.part.poll()
    equal(station.client.take(), [])
    station.connect(session_present=True)
    equal(station.client.take(), [(REED, "OFF", 1, True)])


def test_a_broker_that_knows_the_session_is_told_nothing_again():
    station = Station()
    station.connect()
    station.client.take()
    station.connect(session_present=True)
    equal(station.client.take(), [])


def test_a_broker_without_the_session_and_one_that_missed_a_message_are_told_again():
    for session_present, dropped in ((False, 0), (True, 1)):
        station = Station()
        station.connect()
        station.client.take()
        station.client.dropped += dropped
        station.connect(session_present)
        equal([topic for topic, _, _, _ in station.client.take()], [VALVE, REED])
        station.connect(session_present=True)
        equal(station.client.take(), [])


def test_all_states_are_published_again_when_asked_for():
    station = Station()
    station.connect()
    first = station.client.take()
    station.part.publish()
    station.part.poll()
    equal(station.client.take(), first)


def test_a_state_the_outbox_did_not_take_is_published_later():
    station = Station()
    station.client.full = True
    station.connect()
    equal(station.log.take(), ["warn  valve: the outbox is full", "warn  door: the outbox is full"])
    station.client.full = False
    station.part.poll()  # the rest after the fault
    station.part.poll()
    equal([topic for topic, _, _, _ in station.client.take()], [VALVE, REED])


def test_without_a_broker_for_so_long_a_part_is_made_safe_once():
    station = Station(safe_after=2)
    station.connect()
    station.command(b"OPEN")
    station.client.connected = False
    station.clock.add(2 * MINUTE - 1)
    station.part.poll()
    assert Valve.last.is_open
    station.clock.add(1)
    station.part.poll()
    station.part.poll()
    assert not Valve.last.is_open
    equal(station.log.take(), ["warn  valve: no broker for 2 min: set to its safe state"])
    station.connect(session_present=True)
    equal(station.client.take(), [(VALVE, "closed", 1, True)])
    station.command(b"OPEN")
    station.client.connected = False
    station.clock.add(2 * MINUTE)
    station.part.poll()
    assert not Valve.last.is_open, "each time anew"


def test_a_part_that_did_not_ask_for_it_stays_as_it_is():
    station = Station()
    station.connect()
    station.command(b"OPEN")
    station.client.connected = False
    station.clock.add(1000 * MINUTE)
    station.part.poll()
    assert Valve.last.is_open


def test_a_shutdown_makes_safe_and_says_so():
    station = Station()
    station.connect()
    station.command(b"OPEN")
    station.part.stop()
    assert Valve.last.was_safe
    equal(station.client.take(), [(VALVE, "closed", 1, True)])


def test_a_part_has_its_pins_and_options():
    Station()
    equal(([pin.id for pin in Valve.last.pins], Valve.last.speed, Reed.last.pin.id), ([5, 6], 3, 34))


def unfit(**changes):
    try:
        Station(**changes)
    except Unfit as fault:
        return str(fault)


def test_what_the_chip_or_the_part_cannot_do_is_told_with_its_path():
    machine.pins = 40
    try:
        equal(unfit(up=99), "actuators[0].up: this chip has no pin 99 for output (invalid pin)")
    finally:
        machine.pins = 1000
    equal(unfit(up=6), "actuators[0].down: pin 6 is used by another part")
    equal(unfit(up=34), "inputs[0].pin: pin 34 is used by another part")
    equal(unfit(speed=10), "actuators[0].speed: too fast")


def test_a_topic_of_its_own_goes_before_the_default():
    station = Station(topic="{node}/water")
    equal(list(station.client.handlers), ["roof/water/set"])


def test_a_pwm_output_is_dark_from_the_first_moment_on():
    for active_low, duty in ((False, 0), (True, 65535)):
        pwm = Pins().get("pwm", ("pin",), {"pin": 4, "frequency": 500, "active_low": active_low})
        equal((pwm.pin.id, pwm.freq, pwm.duty), (4, 500, duty))


def unfit_pin(kind):
    try:
        Pins().get(kind, ("pin",), {"pin": 4})
    except ValueError as fault:
        return str(fault)


def test_a_chip_without_pwm_is_told_in_words():
    kept = machine.PWM
    del machine.PWM
    try:
        equal(
            unfit_pin("pwm"),
            "pin: this chip has no pin 4 for pwm (this MicroPython has no PWM; a newer one may have)",
        )
    finally:
        machine.PWM = kept
