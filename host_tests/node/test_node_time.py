"""The time in readings: asked of a time server, put right where it came late, kept across a reset."""

import json
from datetime import datetime, timezone

import pytest
from girouette.simboard import NtpServer
from support import wait_for
from test_node_memory import METER, number

TEMPERATURE = "ha/temperature"
JSON = {"payload": "json"}


def readings(witness) -> list[dict]:
    return [json.loads(text) for text in witness.texts(TEMPERATURE)]


def seconds(reading: dict) -> float:
    return datetime.strptime(reading["time"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp()


def assert_every_second(found: list[dict]):
    """Each reading tells when it was taken: one a second, in order."""
    steps = [seconds(after) - seconds(before) for before, after in zip(found, found[1:], strict=False)]
    assert all(0 <= step <= 2 for step in steps), found
    assert 0.7 <= sum(steps) / len(steps) <= 1.3, found


def test_a_reading_tells_its_value_unit_and_time(station, witness):
    server = NtpServer(offset=1_000_000)
    board = station(JSON, ntp=server)
    witness.wait(TEMPERATURE, more=3)
    board.wait_line("Z, by pool.ntp.org")
    for reading in readings(witness):
        assert list(reading) == ["value", "time", "unit"]
        assert reading["unit"] == "°C" and isinstance(reading["value"], float)
    assert abs(seconds(readings(witness)[-1]) - server.now()) < 3
    assert_every_second(readings(witness))


def reading_without_the_time(board, server) -> float:
    """For five seconds there is no network; when they began, by the server's clock."""
    board.wifi(False)
    wait_for(lambda: board.weather.now() and len(board.lines) > 0, "the station to begin")
    begun = server.now()
    wait_for(lambda: server.now() > begun + 5, "readings to be taken")
    board.wifi(True)
    return begun


def test_readings_from_before_the_first_answer_are_put_right(station, witness):
    server = NtpServer()
    begun = reading_without_the_time(station(JSON, ntp=server), server)
    witness.wait(TEMPERATURE, more=8, timeout=60)
    found = readings(witness)
    assert abs(seconds(found[0]) - begun) < 3
    assert_every_second(found)


def test_without_any_time_server_readings_tell_the_seconds_since_the_start(station, witness):
    board = station(JSON)
    witness.wait(TEMPERATURE, more=2, timeout=40)
    assert all(r["time"].startswith("boot ") and r["time"].endswith("s") for r in readings(witness))
    board.wait_line("warn  time: pool.ntp.org does not answer")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"silent": True}, "does not answer"),
        ({"kiss": "DENY"}, "does not want to be asked by this node"),
        ({"kiss": "RATE"}, "wants to be asked less often"),
        ({"unsynchronised": True}, "does not know the time itself"),
        ({"forged": True}, "does not answer"),
    ],
)
def test_a_server_that_fails_is_named_and_the_next_one_asked(station, witness, fault, told):
    bad, good = NtpServer(), NtpServer(offset=86_400)
    for name, value in fault.items():
        setattr(bad, name, value)
    servers = {"bad.ntp.org": bad, "good.ntp.org": good}
    board = station(JSON | {"time": {"servers": list(servers)}}, ntp=servers)
    board.wait_line(f"warn  time: bad.ntp.org {told}")
    board.wait_line("Z, by good.ntp.org")
    witness.wait(TEMPERATURE)
    wait_for(lambda: abs(seconds(readings(witness)[-1]) - good.now()) < 3, "a reading with the good server's time")


def test_the_time_goes_on_through_a_reset(station, witness):
    server = NtpServer(offset=86_400)
    board = station(JSON, ntp=server)
    witness.wait(TEMPERATURE)
    server.silent = True
    board.reset()
    board.wait_line("does not answer", timeout=30)
    witness.wait(TEMPERATURE, more=2)
    assert abs(seconds(readings(witness)[-1]) - server.now()) < 4


def test_a_plain_station_asks_no_one(station, witness):
    server = NtpServer()
    station(ntp=server)
    witness.wait(TEMPERATURE, more=2)
    assert server.asked == 0


@pytest.mark.parametrize("keys", [{"time": {}}, JSON, JSON | {"store": True}], ids=["time", "json", "store"])
def test_a_station_that_knows_the_time_allocates_nothing(station, witness, keys):
    board = station(keys, main=METER, ntp=NtpServer())
    lines = [board.wait_line("measured", timeout=40) for _ in range(3)]
    assert len(witness.texts(TEMPERATURE)) > 10
    assert [(number(line, "live"), number(line, "transient")) for line in lines] == [(0, 0)] * 3
