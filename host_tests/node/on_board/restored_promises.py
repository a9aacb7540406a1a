import os

from bench import Clock, Lines, equal
from node import states
from node.restored import Restored
from node.things import Text

FILE = "states"
PUMP = {"id": "pump", "safe_after": 0}


class Relay:
    """Obeys what it says. `was`: all it was told."""

    def __init__(self):
        self.on = False
        self.was = []

    def set(self, payload):
        self.was.append(payload)
        if payload not in (b"ON", b"OFF"):
            raise ValueError("expected ON or OFF")
        self.on = payload == b"ON"

    def state(self, buf):
        text = b"ON" if self.on else b"OFF"
        for i in range(len(text)):
            buf[i] = text[i]
        return len(text)

    def poll(self):
        return 700

    def safe(self):
        self.on = False


class Client:
    connected = False
    dropped = 0

    def subscribe(self, topic, qos, handler):
        self.obey = handler


class Node:
    """Relays of these names, as far as things.py has made them; the clock runs in seconds."""

    def __init__(self, *names):
        self.settings = {"discovery": None}
        self.clock = Clock()
        self.log = Lines(self.clock)
        self.client = Client()
        self.relays = [Relay() for _ in names]
        text = Text()
        self.things = []
        for name, relay in zip(names, self.relays):
            self.things.append(Restored(relay, b"ha/roof/" + name.encode(), PUMP, name, text, self))

    def pass_s(self, seconds):
        for _ in range(seconds):
            self.clock.add(1000)
            self.log.uptime.fold()
            for thing in self.things:
                thing.poll()

    def stop(self):
        for thing in self.things:
            thing.stop()


def fresh(*names):
    if FILE in os.listdir():
        os.remove(FILE)
    return Node(*names)


class Writes:
    """How often the file is written meanwhile; `fault` is raised instead."""

    def __init__(self):
        self.count = 0
        self.fault = None

    def __enter__(self):
        self._write = states.write
        states.write = self
        self._load = __import__("node.lazy", None, None, ("load",))
        self._was = self._load.once
        self._load.once = self.once
        return self

    def __exit__(self, *_):
        states.write = self._write
        self._load.once = self._was

    def once(self, module, function, *args):
        return getattr(states, function)(*args)

    def __call__(self, known):
        if self.fault:
            raise self.fault
        self.count += 1
        self._write(known)


def test_a_first_start_begins_off_and_writes_nothing():
    node = fresh("pump")
    node.pass_s(60)
    equal(node.relays[0].was, [])
    assert FILE not in os.listdir()
    equal(node.log.take(), [])


def test_a_state_is_written_some_seconds_after_a_change_and_is_there_again():
    node = fresh("pump", "light")
    node.relays[0].on = True
    node.pass_s(4)
    assert FILE not in os.listdir()
    node.pass_s(3)
    equal(states.read(), {"pump": b"ON", "light": b"OFF"})
    again = Node("pump", "light")
    equal([relay.on for relay in again.relays], [True, False])
    equal(again.log.take(), [])


def test_a_part_that_is_gone_is_forgotten_with_the_next_change():
    node = fresh("pump", "light")
    node.relays[0].on = node.relays[1].on = True
    node.pass_s(8)
    node = Node("light")
    assert node.relays[0].on
    node.relays[0].on = False
    node.pass_s(8)
    equal(states.read(), {"light": b"OFF"})


def test_what_is_the_same_again_is_not_written():
    node = fresh("pump")
    node.relays[0].on = True
    node.pass_s(8)
    with Writes() as writes:
        for on in (False, True):
            node.relays[0].on = on
            node.pass_s(1)
        node.pass_s(700)
        equal(writes.count, 0)
        Node("pump").pass_s(30)
        equal(writes.count, 0)


def test_a_relay_that_never_rests_is_written_seldom_and_one_that_rests_soon():
    node = fresh("pump")
    with Writes() as writes:
        for _ in range(86_400 // 7):
            node.relays[0].on = not node.relays[0].on
            node.pass_s(7)
        assert 100 < writes.count < 160, writes.count  # a day
        node.relays[0].on = True
        node.pass_s(8000)
        equal(states.read(), {"pump": b"ON"})
        before = writes.count
        node.relays[0].on = False
        node.pass_s(7)
        equal(writes.count, before + 1)


def test_many_that_change_together_are_one_write():
    node = fresh("a", "b", "c")
    with Writes() as writes:
        for relay in node.relays:
            relay.on = True
            node.pass_s(1)
        node.pass_s(30)
        equal(writes.count, 1)


def test_what_a_shutdown_does_is_not_kept_but_what_was_before_it_is():
    node = fresh("pump", "light")
    node.relays[1].on = True
    node.stop()
    assert not node.relays[1].on, "its safe state"
    equal(states.read(), {"pump": b"OFF", "light": b"ON"})


def test_a_file_that_is_damaged_or_torn_is_told_and_all_begin_off():
    node = fresh("pump")
    node.relays[0].on = True
    node.pass_s(8)
    with open(FILE, "rb") as file:
        sound = file.read()
    bad = [b"", b"\n", b"\xff\x00" * 40, sound + sound]
    bad += [sound[:at] for at in range(len(sound))]
    bad += [sound[:at] + bytes((sound[at] ^ 4,)) + sound[at + 1 :] for at in range(len(sound))]
    for data in bad:
        with open(FILE, "wb") as file:
            file.write(data)
        node = Node("pump")
        equal(node.relays[0].on, False)
        equal(node.log.take(), ["warn  states: the file is damaged: what should be as it was begins off"])
        node.pass_s(8)
        equal(states.read(), {"pump": b"OFF"})


def test_a_state_that_the_part_does_not_obey_is_told():
    fresh()
    states.write({"pump": b'{"state":"ON"}'})
    node = Node("pump")
    assert not node.relays[0].on
    equal(node.log.take(), ["warn  pump: cannot be as it was: expected ON or OFF"])


def test_a_flash_that_is_full_stops_nothing_and_is_told_once():
    node = fresh("pump")
    with Writes() as writes:
        writes.fault = OSError(28)
        for _ in range(3):
            node.relays[0].on = not node.relays[0].on
            node.pass_s(700)
        equal(node.log.take(), ["warn  states: cannot be written (28): is the flash full?"])
        node.stop()
        equal(len(node.log.take()), 0)
        writes.fault = None
        node.pass_s(700)
    equal(states.read(), {"pump": b"OFF"})
    equal(node.log.take(), ["info  states: written again"])


def test_a_draft_that_a_power_cut_left_means_nothing():
    fresh()
    states.write({"pump": b"ON"})
    with open(FILE + ".new", "wb") as file:
        file.write(b"half")
    assert Node("pump").relays[0].on


def test_a_turn_without_a_change_allocates_nothing():
    import gc

    import micropython

    node = fresh("pump")
    node.pass_s(3)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    total = micropython.mem_total() if hasattr(micropython, "mem_total") else 0
    thing = node.things[0]
    for _ in range(200):
        thing._look()
        thing._keep.poll()
    used = gc.mem_alloc() - before
    gc.enable()
    equal(used, 0)
    assert total == 0 or micropython.mem_total() - total < 200
