"""Relays of which one at most may be on: the compiled firmware on a board whose pins are looked at in every moment."""

import random
import time

import pytest
from support import wait_for
from test_node_things import becomes, obeys

UP, DOWN, OTHER = "ha/roof/up", "ha/roof/down", "ha/roof/other"
PINS = {25: 0, 26: 1, 27: 0}  # and the level at which each is off
MOTOR = [
    {"type": "relay", "id": "up", "pin": 25, "interlock": "motor"},
    {"type": "relay", "id": "down", "pin": 26, "active_low": True, "interlock": "motor"},
    {"type": "relay", "id": "other", "pin": 27, "interlock": "motor", "auto_off": 1},
]


class Watcher:
    """Every edge of the pins: (pin, whether it is on now, when). `pairs`: the moments in which two were on."""

    def __init__(self, board):
        self.edges, self.pairs = [], []
        self._on = set()
        for pin, off in PINS.items():
            board.pin(pin).shown = lambda level, pin=pin, off=off: self._seen(pin, level != off)

    def _seen(self, pin, on):
        if on == (pin in self._on):
            return  # driven for the first time
        (self._on.add if on else self._on.discard)(pin)
        self.edges.append((pin, on, time.monotonic()))
        if len(self._on) > 1:
            self.pairs.append(sorted(self._on))

    def pauses(self) -> list[float]:
        """Seconds for which all had been off before each one but the first went on."""
        pairs = zip(self.edges, self.edges[1:], strict=False)
        return [after[2] - before[2] for before, after in pairs if after[1] and before[0] != after[0]]


@pytest.fixture
def motor(station, witness):
    """(*keys of each, **changes) -> (board, watcher)."""

    def make(*keys, wait=0, **changes):
        actuators = [relay | {"interlock_wait": wait} for relay in MOTOR]
        actuators = [relay | more for relay, more in zip(actuators, [*keys, {}, {}, {}][:3], strict=True)]
        board = station({"actuators": actuators, "watchdog": 0, **changes})
        watcher = Watcher(board)
        witness.first(OTHER)
        return board, watcher

    return make


def levels(board) -> list[bool]:
    return [board.pin(pin).value != off for pin, off in PINS.items()]


def test_one_goes_on_when_the_others_have_gone_off_and_all_say_so(motor, witness):
    board, watcher = motor()
    obeys(witness, UP, "ON", "ON")
    obeys(witness, DOWN, "ON", "ON")
    becomes(witness, UP, "OFF")
    assert levels(board) == [False, True, False]
    obeys(witness, OTHER, "ON", "ON")
    becomes(witness, DOWN, "OFF")
    obeys(witness, DOWN, "OFF", "OFF")
    assert levels(board)[:2] == [False, False]
    becomes(witness, OTHER, "OFF")  # by itself
    assert watcher.pairs == []
    assert [edge[:2] for edge in watcher.edges] == [
        (25, True), (25, False), (26, True), (26, False), (27, True), (27, False)
    ]  # fmt: skip


def test_before_it_goes_on_it_waits(motor, witness):
    board, watcher = motor(wait=700)
    obeys(witness, UP, "ON", "ON")
    witness.say(DOWN + "/set", "ON")
    becomes(witness, UP, "OFF")
    becomes(witness, DOWN, "ON")
    obeys(witness, DOWN, "OFF", "OFF")
    witness.say(UP + "/set", "ON")  # the other went off by a command of its own, and a moment ago
    becomes(witness, UP, "ON")
    assert len(watcher.pauses()) == 2
    assert all(0.5 < pause < 20 for pause in watcher.pauses()), watcher.pauses()  # as a busy host sees them
    assert watcher.pairs == []


def test_who_waits_gives_way_to_the_last_command(motor, witness):
    board, watcher = motor(wait=1500)
    obeys(witness, UP, "ON", "ON")
    witness.say(DOWN + "/set", "ON")
    becomes(witness, UP, "OFF")
    obeys(witness, OTHER, "ON", "OFF")  # not yet
    obeys(witness, DOWN, "OFF", "OFF")
    becomes(witness, OTHER, "ON")
    assert 26 not in [pin for pin, _, _ in watcher.edges]
    assert watcher.pairs == []


def test_whatever_is_commanded_two_are_never_on(motor, witness):
    board, watcher = motor({"interlock_wait": 100}, {"interlock_wait": 0}, {"interlock_wait": 40})
    chance = random.Random(7)
    for _ in range(120):
        for _ in range(chance.choice((1, 2, 5))):
            witness.say(chance.choice((UP, DOWN, OTHER)) + "/set", chance.choice(("ON", "ON", "OFF", "x")))
        time.sleep(chance.choice((0, 0.02, 0.1)))
    witness.say(UP + "/set", "OFF")
    witness.say(DOWN + "/set", "OFF")
    wait_for(lambda: levels(board) == [False] * 3, "all off", 30)
    assert len(watcher.edges) > 60
    assert watcher.pairs == []


def test_rules_keep_to_it_too(motor, witness):
    contact = {"type": "contact", "inverted": True}
    inputs = [contact | {"id": name, "pin": pin} for name, pin in (("a", 32), ("b", 33))]
    rules = [{"when": "a", "set": "up", "else": "OFF"}, {"when": "b", "toggle": "down"}]
    board, watcher = motor(wait=200, inputs=inputs, rules=rules)
    witness.first("ha/roof/b")
    board.pin(32).drive(0)
    becomes(witness, UP, "ON")
    board.pin(33).drive(0)
    becomes(witness, DOWN, "ON")
    becomes(witness, UP, "OFF")
    board.pin(32).drive(1)
    witness.wait("ha/temperature", more=2)
    assert levels(board) == [False, True, False], "the rule on the other does not touch it"
    board.pin(32).drive(0)
    becomes(witness, DOWN, "OFF")
    becomes(witness, UP, "ON")
    assert watcher.pairs == []
    assert min(watcher.pauses()) > 0.15


def test_a_shutdown_meanwhile_lets_none_go_on(motor, witness):
    board, watcher = motor(wait=2000)
    obeys(witness, UP, "ON", "ON")
    witness.say(DOWN + "/set", "ON")
    becomes(witness, UP, "OFF")
    board.interrupt()
    becomes(witness, "ha/roof/status", "offline")
    time.sleep(2.5)
    assert levels(board) == [False, False, False]
    assert watcher.pairs == []


def test_two_that_a_file_says_were_on_are_not_on_together(motor, witness, tmp_path):
    from binascii import crc32

    restored = {"boot": "restored"}
    board, watcher = motor(restored, restored, restored, wait=300)
    board.power_off()
    body = b"down ON\nother OFF\nup ON\n"
    (tmp_path / "flash0" / "states").write_bytes(b"%08x\n" % crc32(body) + body)
    watcher.edges.clear()
    board.power_on()
    becomes(witness, DOWN, "ON")
    becomes(witness, UP, "OFF")
    assert levels(board) == [False, True, False]
    assert watcher.pairs == []
    wait_for(lambda: b"down ON\nother OFF\nup OFF\n" in (tmp_path / "flash0" / "states").read_bytes(), "the file", 20)


def test_one_alone_is_a_fault_on_the_board_too(station):
    board = station({"actuators": [MOTOR[0], {"type": "relay", "pin": 26}]})
    board.wait_line('actuators[0].interlock: expected the word of another actuator too, found "motor", alone')
