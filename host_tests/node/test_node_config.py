"""A station with a broken config.json: it says what is wrong, waits, and goes on by itself once it is repaired."""

import json

import pytest
from girouette.firmware import keys_source
from girouette.paths import LIB
from roof import config

SCHEMAS = sorted((LIB / "drivers").glob("*/schema.json"))


def repair(board, broker):
    (board.firmware / "config.json").write_text(json.dumps(config(broker, {})))


@pytest.mark.parametrize("text", ["", "{", None, '{"name": "roof"', '{"name": "roof"}', "[]", "\x00\xff"])
def test_a_broken_file_is_waited_for_and_a_repaired_one_used(station, witness, mosquitto, text):
    board = station(text=text or "")
    if text is None:
        (board.firmware / "config.json").unlink()
        board.power_cycle()
    board.wait_line("error config.json:")
    board.wait_line("waiting for a repaired file")
    starts = len(board.boots)
    repair(board, mosquitto)
    witness.wait("ha/pressure")
    assert len(board.boots) == starts


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"sensors.0.scl": "B6"}, "config.json: sensors[0]: "),
        ({"broker.host": "broker.local:99999"}, "config.json: broker: host 'broker.local:99999'"),
        ({"broker.client_id": "a\0b"}, "config.json: broker: client_id"),
    ],
)
def test_what_shows_only_in_use_is_waited_for_like_any_fault(station, witness, mosquitto, changes, told):
    board = station(changes)
    assert told in board.wait_line(" error ")
    board.wait_line("waiting for a repaired file")
    repair(board, mosquitto)
    witness.wait("ha/pressure")
    assert board.boots == ["power on"]


def test_all_faults_are_told_with_path_expectation_and_what_was_found(station):
    changes = {
        "broker.port": "1883",
        "broker.hots": "here",
        "network.0.password": 12345678,
        "sensors.0.interval": 0,
        "sensors.0.type": "bme820",
    }
    board = station(changes)
    board.wait_line("waiting for a repaired file")
    told = "\n".join(line.split("config.json: ", 1)[1] for line in board.lines if " error " in line)
    assert 'broker.port: expected a whole number from 1 to 65535, found "1883"' in told
    assert "broker.hots: expected one of the keys " in told
    assert 'did you mean "host"?' in told
    assert "network[0].password: expected text in quotes, found a number" in told
    assert 'sensors[0].type: expected a part with a driver (bme280, bmp280), found "bme820"; did you mean' in told
    assert "sensors[0].interval: " in told
    assert "12345678" not in told


def test_no_watchdog_is_started_before_the_file_is_good(station):
    board = station({"name": "a b", "watchdog": 2})
    board.wait_line("waiting for a repaired file")
    assert board.watchdog is None
    assert board.boots == ["power on"]


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.parent.name)
def test_every_drivers_schema_becomes_keys_the_node_can_check(schema):
    made = {}
    about = json.loads(schema.read_text())
    exec(keys_source(about, schema.parent.name), made)
    assert made["QUANTITIES"] == tuple(quantity["name"] for quantity in about["quantities"])
    assert set(made["KEYS"]) == set(about["properties"])
    assert {key for key, entry in made["KEYS"].items() if entry[1] is ...} == set(about["required"])
    assert set(made["OPTIONS"]) <= set(made["KEYS"])


def test_there_are_drivers_to_check():
    assert {"bme280", "bmp280"} <= {schema.parent.name for schema in SCHEMAS}
