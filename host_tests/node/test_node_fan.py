"""A fan with a tacho, from its wires to the broker: how fast it turns, and that it stands still."""

import json

import pytest
from girouette.simboard.parts import wired
from support import wait_for
from test_node_things import obeys

FAN, RPM = "ha/roof/fan", "ha/roof/fan/rpm"
ENTRY = {"type": "fan", "pin": 25, "tacho": 34, "pull": "none", "kick": 0, "minimum": 0}


@pytest.fixture
def fan(station, witness):
    """(changes) -> (board, the model): a running station with a fan at 25 and 34; its objects have twice the size."""

    def make(changes=None, **keys):
        config = {"actuators": [ENTRY | keys], "watchdog": 0}
        air = {"type": "bme280", "scl": 22, "sda": 21}
        parts = wired(config | {"sensors": [air]})
        return station({**config, **(changes or {})}, sensors=parts, heap="224k"), parts[1]

    return make


def turns(witness, about: int):
    wait_for(lambda: abs(int((witness.texts(RPM) or ["-999"])[-1]) - about) < 90, f"{about} rpm", 30)


def warnings(board) -> list[str]:
    return [line for line in board.lines if "warn" in line]


def test_how_fast_it_turns_is_on_a_topic_of_its_own_and_retained(fan, witness):
    board, _ = fan()
    assert witness.first(RPM) == "0"
    obeys(witness, FAN, '{"percentage":100}', '{"state":"ON","percentage":100}')
    turns(witness, 1500)
    obeys(witness, FAN, '{"percentage":40}', '{"state":"ON","percentage":40}')
    turns(witness, 600)
    obeys(witness, FAN, "OFF", '{"state":"OFF","percentage":40}')
    turns(witness, 0)
    assert len(witness.texts(FAN)) == 4, "the state itself has nothing of it"
    assert warnings(board) == []


def test_a_fan_that_is_held_is_told_once_and_when_it_turns_again(fan, witness):
    board, model = fan()
    witness.first(RPM)
    obeys(witness, FAN, "ON", '{"state":"ON","percentage":100}')
    turns(witness, 1500)
    model.hang()
    board.wait_line("warn  fan: stands still though it is told to turn: check its supply", timeout=30)
    turns(witness, 0)
    witness.wait("ha/temperature", more=5, timeout=30)
    assert len(warnings(board)) == 1
    model.release()
    board.wait_line("info  fan: works again", timeout=30)
    turns(witness, 1500)
    assert len(warnings(board)) == 1


def test_home_assistant_gets_a_sensor_with_it_and_only_with_it(fan, witness):
    fan({"discovery": "homeassistant"})
    wait_for(lambda: any(topic.endswith("/config") for topic, *_ in witness.messages), "the introduction", 30)
    told = json.loads(next(text for topic, text, _ in witness.messages if topic.endswith("/config")))["cmps"]
    assert told["fan"]["p"] == "fan"
    speed = told["fan:rpm"]
    assert (speed["p"], speed["stat_t"], speed["unit_of_meas"]) == ("sensor", RPM, "rpm")
    assert (speed["name"], speed["def_ent_id"]) == ("Fan rpm", "sensor.roof_fan_rpm")
    assert witness.first(RPM) == "0"


def test_homie_gets_a_property_with_it(fan, witness):
    fan({"discovery": "homie"})
    topic = "homie/5/roof/$description"
    wait_for(lambda: witness.texts(topic), "the description", 30)
    told = json.loads(witness.texts(topic)[-1])["nodes"]["fan"]["properties"]
    assert told["rpm"] == {"name": "rpm", "datatype": "integer", "unit": "rpm", "format": "0:30000"}
    assert "settable" in told["state"]
    assert witness.first("homie/5/roof/fan/rpm") == "0"


def test_one_without_a_tacho_has_no_such_topic(station, witness):
    entry = {key: value for key, value in ENTRY.items() if key != "tacho"}
    station({"actuators": [entry], "discovery": "homeassistant"})
    wait_for(lambda: any(topic.endswith("/config") for topic, *_ in witness.messages), "the introduction", 30)
    told = json.loads(next(text for topic, text, _ in witness.messages if topic.endswith("/config")))["cmps"]
    assert "fan:rpm" not in told
    witness.first(FAN)
    obeys(witness, FAN, "ON", '{"state":"ON","percentage":100}')
    assert not witness.texts(RPM)
