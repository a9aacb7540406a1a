"""A relay that is after a loss of power what it was before: the compiled firmware on a board whose power goes."""

import time

import pytest
from support import wait_for
from test_node_things import RELAY, becomes, obeys

PUMP = {"type": "relay", "pin": 25, "boot": "restored"}
DAMAGED = "warn  states: the file is damaged: what should be as it was begins off"


@pytest.fixture
def pump(station, witness, tmp_path):
    """(**keys) -> (board, the file of its states): a running station with a relay at 25."""

    def make(**keys):
        board = station({"actuators": [PUMP | keys], "watchdog": 0})
        witness.first(RELAY)
        return board, tmp_path / "flash0" / "states"

    return make


def kept(file, state: str):
    wait_for(lambda: file.exists() and file.read_text().endswith(f"\nrelay {state}\n"), f"{state} in the file", 20)


def test_a_relay_is_what_it_was_before_the_power_went(pump, witness):
    board, file = pump()
    assert witness.texts(RELAY) == ["OFF"]
    obeys(witness, RELAY, "ON", "ON")
    assert not file.exists(), "not at once"
    kept(file, "ON")
    for _ in range(2):
        before = len(witness.texts(RELAY))
        board.power_cycle()
        wait_for(lambda n=before: witness.texts(RELAY)[n:] == ["ON"], "its state", 30)
        assert board.pin(25).value == 1
    obeys(witness, RELAY, "OFF", "OFF")
    kept(file, "OFF")
    board.power_cycle()
    witness.wait("ha/temperature", more=2)
    assert (board.pin(25).value, witness.texts(RELAY)[-1]) == (0, "OFF")
    assert not any("states" in line for line in board.lines)


@pytest.mark.parametrize("active_low", [False, True])
def test_a_damaged_file_is_told_and_the_relay_begins_off(pump, witness, active_low):
    board, file = pump(active_low=active_low)
    obeys(witness, RELAY, "ON", "ON")
    kept(file, "ON")
    board.power_off()
    file.write_bytes(file.read_bytes().replace(b"ON", b"OM"))
    board.power_on()
    board.wait_line(DAMAGED)
    becomes(witness, RELAY, "OFF")
    assert board.pin(25).value == active_low
    kept(file, "OFF")


def test_a_shutdown_makes_it_safe_and_the_next_start_finds_what_it_was(pump, witness):
    board, file = pump()
    obeys(witness, RELAY, "ON", "ON")
    board.interrupt()  # sooner than it would have been written
    becomes(witness, "ha/roof/status", "offline")
    assert (board.pin(25).value, witness.texts(RELAY)[-1]) == (0, "OFF")
    kept(file, "ON")
    board.power_cycle()
    becomes(witness, RELAY, "ON")
    assert board.pin(25).value == 1


@pytest.mark.timeout(300)
def test_a_lost_broker_makes_it_safe_and_that_is_what_it_was(pump, witness, mosquitto):
    board, file = pump(safe_after=1)
    obeys(witness, RELAY, "ON", "ON")
    kept(file, "ON")
    mosquitto.stop()
    board.wait_line("warn  relay: no broker for 1 min: set to its safe state", timeout=90)
    assert board.pin(25).value == 0
    kept(file, "OFF")


def test_a_relay_that_switches_all_the_time_is_written_seldom(pump, witness):
    board, file = pump(auto_off=1)
    written, begun = set(), time.monotonic()
    for _ in range(8):
        obeys(witness, RELAY, "ON", "ON")
        wait_for(lambda: witness.texts(RELAY)[-1] == "OFF", "it to go off by itself", 20)
        assert board.pin(25).value == 0
        if file.exists():
            written.add(file.stat().st_ino)
    assert len(written) <= 1 + (time.monotonic() - begun) / 5
    assert len(witness.texts(RELAY)) >= 16


def test_a_relay_that_does_not_ask_for_it_has_no_file(station, witness, tmp_path):
    board = station({"actuators": [{"type": "relay", "pin": 25}], "watchdog": 0})
    assert witness.first(RELAY) == "OFF"
    obeys(witness, RELAY, "ON", "ON")
    board.interrupt()
    becomes(witness, "ha/roof/status", "offline")
    assert not (tmp_path / "flash0" / "states").exists()
