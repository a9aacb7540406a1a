"""Inputs of a whole station: events, contacts, motion; the compiled firmware, a real broker, an own subscriber."""

import copy
import json
import time

import pytest
from support import wait_for
from test_node_memory import METER, number
from test_node_things import becomes, lamp
from witness import Witness

BELL, EVENT, LAMP = "ha/roof/bell", "ha/roof/bell/event", "ha/roof/lamp"
CONFIG = "homeassistant/device/246f28000001/config"
PIN = 27
PARTS = {
    "actuators": [
        {"type": "relay", "id": "fan", "pin": 25},
        {"type": "dimmer", "id": "lamp", "pin": 26, "fade": 0, "gamma": 100, "minimum": 0},
    ],
    "inputs": [{"type": "button", "id": "bell", "pin": PIN}],
}
CLICK, DOUBLE, LONG = (json.dumps({"event_type": name}, separators=(",", ":")) for name in ("click", "double", "long"))


@pytest.fixture
def house(station, witness):
    """A running station with a fan at 25, a lamp at 26, a button at 27; its states are with the broker."""

    def make(changes=None, **options):
        # From files, all its kinds of parts and discovery: more than the 112 KB of the smallest chips.
        board = station({**copy.deepcopy(PARTS), **(changes or {})}, heap="128k", **options)
        witness.first(BELL)
        return board

    return make


def press(board, seconds=0.1, pause=0.1):
    board.pin(PIN).drive(0)
    time.sleep(seconds)
    board.pin(PIN).drive(1)
    time.sleep(pause)


def told(witness, *texts: str, topic: str = EVENT, timeout: float = 30):
    """Until all these events were told, and no others."""
    wait_for(lambda: len(witness.texts(topic)) >= len(texts), f"{texts}: {witness.texts(topic)}", timeout)
    assert witness.texts(topic) == list(texts)


def test_each_event_is_one_message_that_is_not_retained(house, witness, mosquitto):
    board = house()
    press(board)
    told(witness, CLICK)
    press(board)
    press(board)
    told(witness, CLICK, DOUBLE)
    press(board, 1.2)
    told(witness, CLICK, DOUBLE, LONG)
    assert witness.texts(BELL) == ["OFF", *["ON", "OFF"] * 4]
    witness.wait("ha/temperature", more=3)
    assert len(witness.texts(EVENT)) == 3
    assert not any(kept for topic, _, kept in witness.messages if topic == EVENT)
    with Witness(mosquitto) as late:
        late.first(BELL)
        late.wait("ha/temperature")
        assert late.texts(EVENT) == []


@pytest.mark.parametrize("qos", [0, 1])
def test_a_click_while_the_broker_is_away_is_never_told(house, witness, qos):
    board = house({"inputs.0.qos": qos})
    board.net.cut()
    board.wifi(False)
    board.wait_line("is lost")
    press(board)
    board.wait_line("info  bell: click: there is no broker to tell it to, and it does not wait")
    board.wifi(True)
    board.wait_line("connected to", timeout=60)
    becomes(witness, BELL, "OFF", timeout=60)
    press(board)
    told(witness, CLICK)
    witness.wait("ha/temperature", more=3)
    assert len(witness.texts(EVENT)) == 1


def test_a_click_on_a_link_that_is_dead_already_is_taken_back(house, witness):
    board = house({"inputs.0.qos": 1})
    board.net.freeze()
    press(board)
    time.sleep(0.5)
    board.wait_line("warn  broker", timeout=60)
    board.net.cut()  # what is under way on it is lost
    board.net.thaw()
    board.wait_line("info  bell: an event could not be delivered before", timeout=60)
    press(board)
    told(witness, CLICK)
    witness.wait("ha/temperature", more=3)
    assert len(witness.texts(EVENT)) == 1


def test_a_button_without_events_is_a_state_only(house, witness):
    board = house({"discovery": "homeassistant", "inputs.0.events": False})
    press(board)
    becomes(witness, BELL, "OFF")
    witness.wait("ha/roof/bme280/temperature", more=3)
    assert witness.texts(EVENT) == []
    assert "bell:event" not in json.loads(witness.first(CONFIG))["cmps"]


# Introduced


def test_home_assistant_is_told_of_the_events_that_there_are(house, witness):
    board = house({"discovery": "homeassistant", "inputs.0.double_ms": 0, "inputs.0.device_class": "doorbell"})
    found = json.loads(witness.first(CONFIG))["cmps"]
    assert found["bell:event"] == {
        "p": "event",
        "name": "Bell",
        "uniq_id": "246f28000001_bell:event",
        "def_ent_id": "event.roof_bell",
        "stat_t": EVENT,
        "evt_typ": ["click", "long"],
        "dev_cla": "doorbell",
    }
    assert found["bell"]["p"] == "binary_sensor"
    press(board)
    told(witness, CLICK)


def test_the_device_class_is_the_one_of_the_entry(station, witness):
    inputs = [
        {"type": "contact", "id": "door", "pin": 4, "device_class": "garage_door"},
        {"type": "contact", "id": "leak", "pin": 5, "device_class": "moisture", "inverted": True},
        {"type": "pir", "id": "hall", "pin": 18, "warm_up": 0, "hold": 1},
    ]
    board = station({"discovery": "homeassistant", "inputs": inputs})
    found = json.loads(witness.first(CONFIG))["cmps"]
    assert {name: found[name]["dev_cla"] for name in ("door", "leak", "hall")} == {
        "door": "garage_door",
        "leak": "moisture",
        "hall": "motion",
    }
    assert found["hall"] == {
        "p": "binary_sensor",
        "name": "Hall",
        "uniq_id": "246f28000001_hall",
        "def_ent_id": "binary_sensor.roof_hall",
        "stat_t": "ha/roof/hall",
        "dev_cla": "motion",
        "pl_on": "ON",
        "pl_off": "OFF",
    }
    board.pin(4).drive(0)
    board.pin(5).drive(0)
    becomes(witness, "ha/roof/door", "OFF")
    becomes(witness, "ha/roof/leak", "ON")
    board.pin(18).drive(1)
    becomes(witness, "ha/roof/hall", "ON")
    board.pin(18).drive(0)
    becomes(witness, "ha/roof/hall", "OFF")


def test_a_motion_sensor_is_not_believed_until_it_has_settled(station, witness):
    board = station({"inputs": [{"type": "pir", "pin": 18, "warm_up": 4, "hold": 0}]})
    board.pin(18).drive(1)
    assert witness.first("ha/roof/pir") == "OFF"
    began = time.monotonic()
    becomes(witness, "ha/roof/pir", "ON")
    assert time.monotonic() - began > 1


def test_events_are_an_enum_of_homie_that_is_not_retained(station, witness):
    root = "homie/5/roof"
    board = station({"discovery": "homie", "diagnostics": 0, **copy.deepcopy(PARTS)})
    witness.wait(f"{root}/$state", "ready")
    assert json.loads(witness.texts(f"{root}/$description")[-1])["nodes"]["bell"]["properties"] == {
        "state": {"name": "State", "datatype": "boolean"},
        "event": {"name": "Event", "datatype": "enum", "format": "click,double,long", "retained": False},
    }
    press(board)
    told(witness, "click", topic=f"{root}/bell/event")
    assert not [kept for topic, _, kept in witness.messages if topic == f"{root}/bell/event" and kept]
    assert witness.texts(f"{root}/bell/state")[-1] == "false"


# Rules

RULES = [
    {"when": "bell", "is": "click", "toggle": "lamp"},
    {"when": "bell", "is": "double", "set": "lamp", "to": {"brightness": 40}},
    {"when": "bell", "is": "long", "set": "lamp", "to": "OFF"},
    {"when": "bell", "is": "long", "set": "fan"},
]


def test_click_double_and_long_do_what_their_rules_say(house, witness):
    board = house({"rules": RULES})
    press(board)
    board.wait_line("info  lamp: ON, since there was a click of bell")
    becomes(witness, LAMP, lamp("ON", 255))
    press(board)
    becomes(witness, LAMP, lamp("OFF", 255))
    press(board)
    press(board)
    becomes(witness, LAMP, lamp("ON", 40))
    assert board.pin(25).value == 0
    press(board, 1.2)
    becomes(witness, LAMP, lamp("OFF", 40))
    becomes(witness, "ha/roof/fan", "ON")
    assert board.pin(25).value == 1
    told(witness, CLICK, CLICK, DOUBLE, LONG)


def test_rules_hear_events_without_a_broker(house):
    board = house({"rules": RULES})
    board.wifi(False)
    board.wait_line("is lost")
    press(board)
    wait_for(lambda: board.pin(26).duty == 1.0, "the lamp to be lit")
    press(board, 1.2)
    wait_for(lambda: board.pin(26).duty == 0.0, "the lamp to be dark")


def test_a_command_that_is_refused_is_told_once_and_not_tried_again(house, witness):
    board = house({"rules": [{"when": "bell", "is": "click", "set": "fan", "to": "up"}, RULES[2]]})
    press(board)
    board.wait_line('warn  fan: expected ON or OFF, found "up"; nothing has changed')
    board.pin(26).value  # noqa: B018
    witness.wait("ha/temperature", more=3)
    assert sum('found "up"' in line for line in board.lines) == 1


def test_an_event_that_the_input_does_not_tell_is_a_fault_of_the_file(station):
    changes = {**copy.deepcopy(PARTS), "rules": [{"when": "bell", "is": "duoble", "toggle": "lamp"}]}
    board = station(changes)
    board.wait_line(
        "error config.json: rules[0].is: expected ON, OFF or one of its events (click, double, long), found"
    )
    assert any('did you mean "double"?' in line for line in board.lines)


# Memory


def test_a_station_with_events_and_their_rules_allocates_nothing_while_nobody_presses(house, witness):
    board = house({"rules": RULES, "diagnostics": 0}, main=METER)
    lines = [board.wait_line("measured", timeout=30) for _ in range(3)]
    assert [(number(line, "live"), number(line, "transient")) for line in lines] == [(0, 0)] * 3


def test_what_events_leave_in_the_heap_is_nothing(house, witness):
    board = house({"rules": RULES, "diagnostics": 0}, main=METER.replace("range(3)", "range(0)"))

    def settled() -> int:
        board.wait_line("heap")
        return number(board.wait_line("heap"), "heap")

    def life():
        before = len(witness.texts(EVENT))
        press(board)
        press(board)
        time.sleep(0.3)
        press(board, 1.2)
        time.sleep(0.3)
        press(board)
        wait_for(lambda: len(witness.texts(EVENT)) == before + 3, "the events")
        board.net.cut()
        board.wait_line("connected to", timeout=60)

    life()
    first = settled()
    life()
    assert settled() == first
