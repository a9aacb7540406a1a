"""What a node with a `seal` keeps opens when it comes: from the store, with its time put right, after a sleep."""

import json

import pytest
from girouette.simboard import NtpServer
from sealing import KEY, Reader
from support import wait_for
from test_node_sleep import AWAKE, TEMPERATURE, WAKE, asleep
from test_node_store import STORE, Air, counting
from test_node_time import JSON, assert_every_second, reading_without_the_time, seconds

HUMIDITY = "ha/humidity"
SECRETS = {"seal": KEY}


@pytest.fixture
def reader(mosquitto, tmp_path):
    with Reader(mosquitto, tmp_path) as made:
        yield made


@pytest.mark.parametrize("payload", ["plain", "json"])
def test_what_is_stored_opens_in_order_after_a_power_cut_and_a_reset(station, reader, payload):
    air = Air()
    changes = {**STORE, "payload": payload}
    board = station(changes, main=counting(50), wifi=air, secrets=SECRETS, ntp=NtpServer())
    for end in (board.power_cycle, board.reset, None):
        lives = sum("all stored" in line for line in board.lines)
        wait_for(lambda lives=lives: sum("all stored" in line for line in board.lines) > lives, "all to be stored", 240)
        if end:
            end()
    air.comes(board)
    wait_for(lambda: len(reader.texts(HUMIDITY)) >= 150, "the readings to arrive", 60)
    found = reader.texts(TEMPERATURE)
    if payload == "json":
        times = [json.loads(text)["time"] for text in found[100:]]  # of the life that came to know the time
        assert all(time.endswith("Z") for time in times) and times == sorted(times), times
        found = [json.loads(text)["value"] for text in found]
    assert [int(text) for text in found] == list(range(1, 151))
    assert not reader.refused


@pytest.mark.parametrize("qos", [0, 1])
def test_times_are_put_right_under_the_seal(station, reader, qos):
    server = NtpServer()
    board = station(JSON | {"sensors.0.qos": qos}, ntp=server, secrets=SECRETS)
    begun = reading_without_the_time(board, server)
    reader.wait(TEMPERATURE, more=8, timeout=60)
    found = [json.loads(text) for text in reader.texts(TEMPERATURE)]
    assert abs(seconds(found[0]) - begun) < 3
    assert_every_second(found)
    assert not reader.refused


def test_wakes_go_on_counting_without_a_write_to_flash(station, reader):
    board = station(asleep(), secrets=SECRETS)
    reader.wait(WAKE, more=2)
    written = {path.name: path.read_bytes() for path in board.firmware.glob("seal-*")}
    reader.wait(WAKE, more=3)
    counters = [int.from_bytes(payload[1:7], "big") for _, payload in reader.raw]
    assert counters == list(range(counters[0], counters[0] + len(counters)))
    assert {path.name: path.read_bytes() for path in board.firmware.glob("seal-*")} == written
    assert len(written) == 1 and not reader.refused


def test_after_a_wake_that_broke_off_no_counter_comes_again(station, reader):
    board = station(asleep(), secrets=SECRETS)
    reader.wait(WAKE, more=2)
    for end in (board.reset, board.power_cycle, board.reset):
        end()
        reader.wait(WAKE, more=2)
    assert not reader.refused


def test_a_sealed_word_keeps_it_awake_until_another(station, reader):
    reader.tell(AWAKE, "on", retain=True)
    board = station(asleep(), secrets=SECRETS)
    board.wait_line("stays awake")
    reader.put(AWAKE, b"")
    board.wait_line("warn  seal: ha/roof/awake is refused: this is no sealed payload")
    board.reset()
    board.wait_line("stays awake")
    reader.tell(AWAKE, "off", retain=True)
    board.wait_boot("deep sleep")
    reader.wait(WAKE, more=2)


def test_a_plain_word_does_not_keep_it_awake(station, reader):
    reader.put(AWAKE, b"on", retain=True)
    board = station(asleep(), secrets=SECRETS)
    board.wait_line("warn  seal: ha/roof/awake is refused: this is no sealed payload")
    reader.wait(WAKE, more=2)
    assert "deep sleep" in board.boots


def test_a_command_sent_while_it_sleeps_is_obeyed_once(station, reader):
    board = station(asleep(seconds=5), secrets=SECRETS)
    board.wait_line("asleep for", timeout=30)
    reader.tell("ha/roof/cmd/read", "nothing")
    board.wait_line("read: expected", timeout=60)
    reader.wait(WAKE, more=2)
    assert sum("read: expected" in line for line in board.lines) == 1
    assert not reader.refused
