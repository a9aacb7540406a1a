"""What waits in the store arrives, whole and in order, whatever happens meanwhile; a store that fails stops nothing."""

import json
from pathlib import Path

import pytest
from girouette.simboard import Flash, NtpServer
from support import wait_for

TEMPERATURE, HUMIDITY = "ha/temperature", "ha/humidity"
COUNTING = (Path(__file__).parent / "on_board" / "counting.py").read_text()
STORE = {"store": True}
DAY = 4_320  # values, one every 20 s
FIVE = {**STORE, "broker.version": 5, "broker.expiry": 86_400}
versions = pytest.mark.parametrize(("store", "room"), [(STORE, {}), (FIVE, {"heap": "144k"})], ids=["3.1.1", "5"])


def counting(times: int) -> str:
    assert "\nTIMES = 100\n" in COUNTING
    return COUNTING.replace("\nTIMES = 100\n", f"\nTIMES = {times}\n")


def numbers(witness, topic=TEMPERATURE) -> list[int]:
    return [int(text) for text in witness.texts(topic)]


class Air(list):
    """One access point that is switched off; the chips of later lives find it as it is then."""

    def __init__(self):
        super().__init__([{"ssid": "home", "password": "sesame", "bssid": b"\2\0\0\0\0\0", "there": False}])

    def comes(self, board):
        self[0]["there"] = True
        board.wifi(True, self[0]["bssid"])


@pytest.fixture
def air() -> Air:
    return Air()


@pytest.fixture
def offline(station, air):
    """A station that was never online and has stored so many readings of two values."""

    def make(times: int, changes=STORE, **options):
        board = station(changes, main=counting(times), wifi=air, **options)
        board.wait_line("all stored", timeout=240)
        return board

    return make


def lives(board, times: int):
    """Two more lives offline, after a power cut and after a reset."""
    for number, end in ((2, board.power_cycle), (3, board.reset)):
        end()
        wait_for(
            lambda number=number: sum("all stored" in line for line in board.lines) == number, "all to be stored", 240
        )


def last_count(board) -> list[str]:
    return [line for line in board.lines if "all stored" in line][-1].split()


@versions
def test_readings_offline_arrive_whole_and_in_order_across_a_power_cut_and_a_reset(offline, air, witness, store, room):
    board = offline(60, store, **room)
    lives(board, 60)
    assert last_count(board)[-4:] == ["360", "lost", "0", "0"]
    air.comes(board)
    wait_for(lambda: len(numbers(witness, HUMIDITY)) >= 180, "the readings to arrive", 60)
    assert numbers(witness) == numbers(witness, HUMIDITY) == list(range(1, 181))


@pytest.mark.full
@pytest.mark.timeout(600)
def test_a_day_offline_arrives_whole_and_in_order_across_a_power_cut_and_a_reset(offline, air, witness):
    board = offline(DAY // 6)
    lives(board, DAY // 6)
    assert last_count(board)[-4:] == [str(DAY), "lost", "0", "0"]
    air.comes(board)
    wait_for(lambda: len(numbers(witness, HUMIDITY)) >= DAY // 2, "the readings to arrive", 240)
    assert numbers(witness) == numbers(witness, HUMIDITY) == list(range(1, DAY // 2 + 1))


@versions
def test_a_power_cut_while_they_arrive_loses_none(offline, air, witness, store, room):
    board = offline(200, store, **room)
    air.comes(board)
    wait_for(lambda: len(numbers(witness)) > 20, "the first to arrive", 60)
    board.power_cycle()
    wait_for(lambda: {*range(1, 201)} <= {*numbers(witness, HUMIDITY)}, "all to arrive", 60)
    found = numbers(witness)
    assert list(dict.fromkeys(found)) == list(range(1, max(found) + 1)), "in order, the first time each came"


@versions
def test_times_are_put_right_also_in_what_comes_from_the_file(offline, air, witness, store, room):
    server = NtpServer()
    board = offline(150, {**store, "payload": "json"}, ntp=server, **room)
    air.comes(board)
    wait_for(lambda: len(witness.texts(HUMIDITY)) >= 150, "the readings to arrive", 60)
    found = [json.loads(text) for text in witness.texts(TEMPERATURE)]
    assert [reading["value"] for reading in found] == list(range(1, 151))
    times = [reading["time"] for reading in found]
    assert all(time.endswith("Z") for time in times), times
    assert times == sorted(times)


def test_times_are_put_right_also_when_the_power_fails_while_they_arrive(offline, air, witness):
    board = offline(150, {**STORE, "payload": "json"}, ntp=NtpServer())
    air.comes(board)
    wait_for(lambda: len(witness.texts(TEMPERATURE)) > 10, "the first to arrive", 60)
    board.power_cycle()
    values = {*range(1, 151)}
    wait_for(lambda: values <= {json.loads(text)["value"] for text in witness.texts(HUMIDITY)}, "all to arrive", 60)
    found = [json.loads(text) for text in witness.texts(HUMIDITY)]
    first = {reading["value"]: reading["time"] for reading in found}
    late = [reading for reading in found if reading["value"] in values]
    assert all(reading["time"] == first[reading["value"]] and reading["time"][-1] == "Z" for reading in late), late


def test_a_damaged_file_is_put_aside_and_told(offline):
    board = offline(5)
    file = board.firmware / "outbox.log"
    board.power_off()
    damaged = b"\xff" * 64 + file.read_bytes()
    file.write_bytes(damaged)
    board.power_on()
    board.wait_line("warn  broker: outbox.log was damaged or another client's: it is outbox.bad now, a new one begins")
    board.wait_line("all stored")
    assert (board.firmware / "outbox.bad").read_bytes() == damaged
    assert board.boots == ["power on", "power on"]


def test_flash_that_cannot_be_written_is_told_and_readings_go_on_from_ram(station, witness):
    blocked = "import os\nos.mkdir('outbox.log')\nfrom node.app import main\nmain()\n"
    board = station(STORE, main=blocked)
    board.wait_line("readings wait in RAM only")
    witness.wait(TEMPERATURE, more=2)


def test_a_node_starts_on_a_flash_that_is_full(station, witness):
    flash = Flash("2m")
    flash.full(True)
    board = station(STORE, flash=flash)
    board.wait_line("readings wait in RAM only")
    board.wait_line("warn  config: cannot keep a copy of config.json")
    witness.wait(TEMPERATURE, more=2)
    assert board.boots == ["power on"]


def test_a_store_without_room_for_the_outbox_is_a_fault_of_the_file(station):
    board = station({"store": True, "store_size": 20_000, "broker.outbox": 4096})
    board.wait_line("store_size: expected at least 34816 for this broker.outbox, found 20000")


def test_a_station_without_store_loads_nothing_of_it(station, witness):
    main = "import sys\nfrom node import app\nmake = app.make\ndef told(*args):\n    made = make(*args)\n"
    main += "    print('loaded', [n for n in sys.modules if 'journal' in n or 'store' in n or 'qos2' in n])\n"
    main += "    return made\napp.make = told\napp.main()\n"
    assert station(main=main).wait_line("loaded").endswith("loaded []")


def test_quality_of_service_2_brings_each_reading_once(station, witness):
    board = station({"sensors.0.qos": 2})
    witness.wait(TEMPERATURE, more=2)
    board.net.cut()
    board.wait_line("readings waiting", timeout=40)
    witness.wait(TEMPERATURE, more=3)


def test_what_was_stored_and_delivered_is_over_for_good_though_the_node_introduced_itself(station, witness, air):
    """The introduction is a stream: it is not for the file, and what is in the file is none of its business."""
    air[0]["there"] = True
    known = {"discovery": "homeassistant", "topics": {"template": "ha/{quantity}"}}
    board = station({**STORE, **known}, wifi=air, heap="144k")
    witness.first("homeassistant/device/246f28000001/config")
    witness.wait(TEMPERATURE)
    board.wifi(False, air[0]["bssid"])
    board.wait_line("warn  wifi")
    wait_for(lambda: (board.firmware / "outbox.log").stat().st_size > 400, "readings to be stored", 60)
    air.comes(board)
    witness.wait(TEMPERATURE, more=20)  # those, and then one a second, until the file is told that they are delivered
    board.reset()
    board.wait_boot("hard")
    witness.wait(TEMPERATURE, more=2)
    assert not [line for line in board.lines if "readings wait in outbox.log" in line], board.lines
