"""The node as a Homie 5 device: the order of its states, its description, its values."""

import json

from support import wait_for
from test_node_discovery import TWO as SENSORS
from test_node_discovery import configure, say, two_parts
from witness import Witness

HOMIE = {"discovery": "homie", "diagnostics": 0}
ROOT = "homie/5/roof"
STATE, DESCRIPTION = f"{ROOT}/$state", f"{ROOT}/$description"
PRESSURE = f"{ROOT}/bme280/pressure"


def test_a_device_is_described_between_init_and_ready(station, witness):
    station(HOMIE)
    witness.wait(STATE, "ready")
    own = [(topic, text) for topic, text, _ in witness.messages if "/$" in topic]
    assert [text for topic, text in own if topic == STATE] == ["init", "ready"]
    assert [topic for topic, _ in own] == [STATE, DESCRIPTION, STATE]
    told = json.loads(own[1][1])
    version = told.pop("version")
    assert isinstance(version, int) and version > 0
    assert told == {
        "homie": "5.0",
        "name": "roof",
        "nodes": {
            "bme280": {
                "name": "bme280",
                "properties": {
                    "temperature": {"name": "Temperature", "datatype": "float", "unit": "°C", "format": "-40:85"},
                    "humidity": {"name": "Humidity", "datatype": "float", "unit": "%", "format": "0:100"},
                    "pressure": {"name": "Pressure", "datatype": "float", "unit": "hPa", "format": "300:1100"},
                },
            }
        },
    }


def test_every_property_has_a_retained_value_on_its_topic(station, witness, mosquitto):
    station(HOMIE)
    witness.wait(PRESSURE)
    with Witness(mosquitto) as late:
        nodes = json.loads(late.first(DESCRIPTION))["nodes"]
        for node, about in nodes.items():
            for name in about["properties"]:
                float(late.first(f"{ROOT}/{node}/{name}"))
                assert [kept for topic, _, kept in late.messages if topic == f"{ROOT}/{node}/{name}"][0]


def test_nothing_is_published_beside_the_device(station, witness):
    station(HOMIE)
    witness.wait(PRESSURE, more=3)
    assert {topic for topic, _, _ in witness.messages if not topic.startswith(ROOT + "/")} == set()


def test_names_become_ids_that_homie_allows(station, witness):
    station(HOMIE | {"name": "Roof_2", "sensors.0.id": "North_Air"})
    float(witness.first("homie/5/roof-2/north-air/pressure"))
    nodes = json.loads(witness.first("homie/5/roof-2/$description"))["nodes"]
    assert list(nodes) == ["north-air"]
    assert nodes["north-air"]["name"] == "North_Air"


def test_several_sensors_are_several_nodes(station, witness):
    station(HOMIE | {"sensors": SENSORS}, sensors=two_parts())
    nodes = json.loads(witness.first(DESCRIPTION))["nodes"]
    assert {node: list(about["properties"]) for node, about in nodes.items()} == {
        "bme280": ["temperature", "humidity", "pressure"],
        "attic": ["temperature", "pressure"],
    }


def test_a_quantity_with_a_topic_of_its_own_is_no_property(station, witness):
    station(HOMIE | {"topics": {"humidity": "wet"}})
    witness.wait("wet")
    properties = json.loads(witness.first(DESCRIPTION))["nodes"]["bme280"]["properties"]
    assert list(properties) == ["temperature", "pressure"]


def test_a_dead_device_is_lost_and_a_stopped_one_disconnected(station, witness):
    board = station(HOMIE)
    witness.wait(STATE, "ready")
    board.power_off()
    witness.wait(STATE, "lost")
    board.power_on()
    witness.wait(STATE, "ready")
    states = witness.texts(STATE)
    assert states == ["init", "ready", "lost", "init", "ready"]


def test_the_version_rises_with_the_description_and_only_then(station, witness, mosquitto, tmp_path):
    board = station(HOMIE | {"sensors": SENSORS}, sensors=two_parts())

    def version() -> int:
        return json.loads(witness.texts(DESCRIPTION)[-1])["version"]

    witness.wait(STATE, "ready")
    first = version()
    board.power_cycle()
    witness.wait(STATE, "ready")
    assert version() == first
    configure(board, tmp_path, mosquitto, {"discovery": "homie"})
    witness.wait(STATE, "ready")
    assert version() > first
    assert "" in witness.texts(f"{ROOT}/attic/pressure"), "the value of what is removed is cleared"


def test_another_convention_clears_the_device(station, witness, mosquitto, tmp_path):
    board = station(HOMIE)
    witness.wait(STATE, "ready")
    configure(board, tmp_path, mosquitto, {"discovery": "homeassistant"})
    witness.first("homeassistant/device/246f28000001/config")
    assert witness.texts(STATE)[-1] == witness.texts(DESCRIPTION)[-1] == witness.texts(PRESSURE)[-1] == ""
    cleared = [topic for topic, text, _ in witness.messages if text == ""]
    assert cleared[0] == STATE, "so that no controller sees half a device"
    wait_for(lambda: witness.texts("ha/roof/status") == ["online"], "its presence, in the other words")
    with Witness(mosquitto) as late:
        late.wait("ha/roof/bme280/pressure")
        assert not [topic for topic, _, _ in late.messages if topic.startswith(ROOT)]


def test_a_device_that_sleeps_says_so(station, witness):
    station(HOMIE | {"sleep": {"seconds": 1, "readings": 1}})
    witness.wait(STATE, "sleeping", more=2)
    assert witness.texts(STATE)[:4] == ["ready", "init", "ready", "sleeping"]
    assert set(witness.texts(STATE)[4:]) <= {"ready", "sleeping"}
    assert len(witness.texts(DESCRIPTION)) == 1


def test_a_relay_is_a_boolean_that_can_be_set(station, witness, mosquitto):
    board = station(HOMIE | {"actuators": [{"type": "relay", "id": "pump", "pin": 5}]})
    witness.wait(STATE, "ready")
    told = json.loads(witness.texts(DESCRIPTION)[-1])["nodes"]["pump"]
    assert told["properties"] == {"state": {"name": "State", "datatype": "boolean", "settable": True}}
    assert witness.first(f"{ROOT}/pump/state") == "false"
    say(mosquitto, f"{ROOT}/pump/state/set", "true")
    wait_for(lambda: witness.texts(f"{ROOT}/pump/state")[-1] == "true", "the pump to be told on")
    assert board.pin(5).value == 1
    say(mosquitto, f"{ROOT}/pump/state/set", "maybe")
    board.wait_line('found "maybe"; nothing has changed')
