"""A node that sleeps: what it delivers, what it does when it cannot, and how one keeps it awake."""

import contextlib
import datetime
import itertools
import json
import time

import paho.mqtt.publish as publish
import pytest
from gate import Gate
from girouette.simboard import NtpServer
from support import wait_for

TEMPERATURE, WAKE, AWAKE = "ha/temperature", "ha/roof/wake", "ha/roof/awake"


def asleep(**rules) -> dict:
    return {"sleep": {"seconds": 1, **rules}}


def tell(broker, topic: str, text: str | None, retain: bool = True):
    publish.single(topic, text, qos=1, retain=retain, hostname=broker.host, port=broker.port)


def test_each_wake_delivers_its_reading_and_says_what_it_cost(station, witness):
    board = station(asleep())
    witness.wait(WAKE, more=3)
    told = [json.loads(text) for text in witness.texts(WAKE)]
    assert [about["wakes"] for about in told[:3]] == [1, 2, 3]
    assert 0 < told[1]["awake_ms"] < 10_000
    assert len(witness.texts(TEMPERATURE)) >= 3
    assert board.boots[:3] == ["power on", "deep sleep", "deep sleep"]


def test_a_sleeping_node_is_neither_online_nor_offline(station, witness):
    station(asleep())
    witness.wait(WAKE, more=2)
    assert witness.texts("ha/roof/status") == []


def test_the_readings_of_several_wakes_are_sent_together(station, witness):
    board = station(asleep(readings=3))
    witness.wait(WAKE, more=3)
    lives = [json.loads(text)["wakes"] for text in witness.texts(WAKE)[:3]]
    assert lives == [1, 4, 7]  # the first wake shows that all is well
    wait_for(lambda: len(witness.texts(TEMPERATURE)) >= 7, "the readings of seven wakes")
    assert board.boots.count("deep sleep") >= 6


def test_a_wake_without_a_network_sleeps_too_and_loses_nothing(station, witness):
    board = station(asleep(patience=2, seconds=1))
    witness.wait(WAKE)
    board.wifi(False)
    board.wait_line("readings wait: no network", timeout=30)
    board.wait_line("readings wait: no network", timeout=30)
    board.wifi(True)
    witness.wait(WAKE, timeout=40)
    wakes = json.loads(witness.texts(WAKE)[-1])["wakes"]
    assert len(witness.texts(TEMPERATURE)) >= wakes


def test_after_failures_fewer_wakes_try(station, witness):
    board = station(asleep(patience=2), wifi={"other": "x"})
    for _ in range(4):
        board.wait_line("readings wait: no network", timeout=60)
    tries = sum("readings wait" in line for line in board.lines)
    slept = sum("asleep for" in line for line in board.lines)
    assert slept > tries


def test_a_retained_word_keeps_it_awake_until_it_is_cleared(station, witness, mosquitto):
    tell(mosquitto, AWAKE, "on")
    board = station(asleep())
    board.wait_line("stays awake")
    witness.wait(TEMPERATURE, more=4)
    assert board.boots == ["power on"]
    tell(mosquitto, AWAKE, None)
    board.wait_boot("deep sleep")
    witness.wait(WAKE)


def test_readings_too_many_for_the_rtc_memory_go_on_in_the_flash(station, witness):
    board = station(asleep(seconds=1, patience=2), wifi={"home": "sesame"})
    witness.wait(WAKE)
    board.power_off()
    full = "import machine\nfrom node.memory import Memory\nm = Memory()\nm.slots['other'] = bytes(1960)\nm.save()\n"
    (board.firmware / "main.py").write_text(full + "from node.app import main\nmain()\n")
    board.wifi(False)
    board.power_on()
    wait_for(lambda: (board.firmware / "pocket").exists(), "the readings in a file", timeout=30)
    (board.firmware / "main.py").write_text("from node.app import main\nmain()\n")
    board.wifi(True)
    witness.wait(WAKE, timeout=60)
    wait_for(lambda: not (board.firmware / "pocket").exists(), "the file to go with its readings", timeout=30)


def test_with_a_low_battery_the_radio_stays_off_and_what_waits_is_on_flash(station, witness):
    board = station(asleep(battery_pin=34, battery_min=3300))
    board.wait_line("the radio stays off")
    assert (board.firmware / "pocket").exists()
    board.pin(34).volts = 2.0  # through two equal resistors: 4.0 V
    witness.wait(WAKE, timeout=30)
    about = json.loads(witness.texts(WAKE)[-1])
    assert 3900 < about["battery_mv"] < 4100
    assert len(witness.texts(TEMPERATURE)) >= about["wakes"]


def test_readings_of_several_wakes_keep_the_times_they_were_taken(station, witness):
    station(asleep(readings=3) | {"payload": "json"}, ntp=NtpServer())
    witness.wait(WAKE, more=3)
    times = [json.loads(text)["time"] for text in witness.texts(TEMPERATURE)]
    taken = [datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() for text in times]
    assert all(0 <= after - before <= 3 for before, after in itertools.pairwise(taken)), times
    assert taken[-1] - taken[0] >= 4
    assert abs(taken[-1] - time.time()) < 5


@pytest.mark.parametrize("payload", ["plain", "json"])
def test_a_power_cut_between_wakes_costs_no_more_than_the_rtc_memory(station, witness, payload):
    board = station(asleep(readings=2) | {"payload": payload})
    witness.wait(WAKE)
    board.power_cycle()
    witness.wait(WAKE)
    assert json.loads(witness.texts(WAKE)[-1])["wakes"] == 1


@pytest.mark.parametrize(
    ("word", "changes"),
    [(WAKE.encode(), {}), (b"sleeping", {"discovery": "homie"})],
    ids=["with the last acknowledgement", "within the goodbye"],
)
def test_a_command_that_comes_as_it_goes_to_sleep_is_obeyed(station, witness, mosquitto, word, changes):
    """It was acknowledged, and the broker does not send it again."""
    with contextlib.closing(Gate(mosquitto, word)) as gate:
        board = station(asleep(seconds=3) | changes | {"broker.port": gate.port})
        gate.shut()
        witness.say("ha/roof/cmd/read", "nothing")
        gate.release(b"cmd/read")
        board.wait_line("read: expected", timeout=30)
        board.wait_boot("deep sleep")
        witness.wait(WAKE, more=1)
    assert sum("read: expected" in line for line in board.lines) == 1
