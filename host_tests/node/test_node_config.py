"""A station with a broken config.json: it says what is wrong, waits, and goes on by itself once it is repaired."""

import json

import pytest
from roof import config
from support import wait_for
from witness import Witness

PASSWORD = "network[0].password: expected text in quotes, found a number"


def repair(board, broker):
    (board.firmware / "config.json").write_text(json.dumps(config(broker, {})))


@pytest.mark.parametrize("text", ["", "{", '{"name": "roof"', "[]", "\x00\xff"])
def test_a_broken_file_of_a_new_node_is_waited_for_and_a_repaired_one_used(station, witness, mosquitto, text):
    board = station(text=text)
    board.wait_line("error config.json:")
    board.wait_line("waiting for a repaired file")
    starts = len(board.boots)
    repair(board, mosquitto)
    witness.wait("ha/pressure")
    assert len(board.boots) == starts


def test_what_shows_only_in_use_is_waited_for_like_any_fault(station, witness, mosquitto):
    board = station({"sensors.0.scl": "B6"})
    assert "config.json: sensors[0]: " in board.wait_line(" error ")
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
    assert "sensors[0].type: expected a part with a driver (" in told and 'found "bme820"; did you mean' in told
    assert "sensors[0].interval: " in told
    assert "12345678" not in told


def test_no_watchdog_is_started_before_the_file_is_good(station):
    board = station({"name": "a b", "watchdog": 2})
    board.wait_line("waiting for a repaired file")
    assert board.watchdog is None
    assert board.boots == ["power on"]


def test_a_broken_file_does_not_stop_a_node_that_ran_before_and_its_log_topic_says_why(station, witness, mosquitto):
    board = station()
    witness.wait("ha/pressure")
    wait_for(lambda: (board.firmware / "config.good").is_file(), "a copy of the configuration")
    board.power_off()
    changes = {"name": "attic", "broker.port": "hunter2", "network.0.password": 7}
    (board.firmware / "config.json").write_text(json.dumps(config(mosquitto, changes)))
    board.power_on()
    board.wait_line("error config.json: broker.port")
    board.wait_line("the last good configuration is used")
    assert witness.first("ha/roof/log").startswith("error config.json: broker.port: expected a whole number")
    wait_for(lambda: "error config.json: " + PASSWORD in witness.texts("ha/roof/log"), "the other fault")
    witness.wait("ha/pressure")
    assert board.boots == ["power on"] * 2


def test_a_pin_the_chip_does_not_have_falls_back_on_the_last_good_file(station, witness, mosquitto):
    board = station()
    witness.wait("ha/pressure")
    board.power_off()
    (board.firmware / "config.json").write_text(json.dumps(config(mosquitto, {"sensors.0.scl": "B6"})))
    board.power_on()
    board.wait_line("error config.json: sensors[0]: ")
    board.wait_line("the last good configuration is used")
    assert "sensors[0]" in witness.first("ha/roof/log")
    repair(board, mosquitto)
    board.power_cycle()
    board.wait_line("connected to")
    assert len([line for line in board.lines if "the last good" in line]) == 1


def test_faults_too_long_for_a_small_outbox_do_not_stop_the_node(station, witness, mosquitto):
    board = station({"broker.outbox": 256})
    witness.wait("ha/pressure")
    wait_for(lambda: (board.firmware / "config.good").is_file(), "a copy of the configuration")
    board.power_off()
    changes = {"broker.hots": "x", "broker.prot": 1, "sensors.0.adress": "0x76"}
    (board.firmware / "config.json").write_text(json.dumps(config(mosquitto, changes)))
    board.power_on()
    board.wait_line("the last good configuration is used")
    witness.wait("ha/pressure")
    assert board.boots == ["power on"] * 2


def test_secrets_are_read_from_their_own_file_and_kept_with_the_last_good_one(station, mosquitto_factory):
    broker = mosquitto_factory(accounts={"roof": "right", "eye": "glass"})
    with Witness(broker, "eye", "glass") as witness:
        board = station({"broker.port": broker.port, "broker.user": "roof"}, secrets={"broker": {"password": "right"}})
        witness.wait("ha/pressure")
        board.power_off()
        (board.firmware / "config.json").write_text("{")
        (board.firmware / "secrets.json").unlink()
        board.power_on()
        board.wait_line("the last good configuration is used")
        witness.wait("ha/pressure")
        assert not any("right" in line for line in board.lines)


def test_the_client_id_ends_in_six_digits_of_the_hardware_address(station, witness, mosquitto):
    station(unique_id=b"\x24\x6f\x28\x0a\xbc\xde")
    witness.wait("ha/pressure")
    assert " as roof-0abcde " in mosquitto.log_text()
