"""How long an outage may last: what `check` computes is what the client's outbox really holds."""

import json
from itertools import count, cycle

import pytest
from girouette.check import check
from girouette.check.outage import duration
from leanmqtt import Client, journal
from leanmqtt.seal import Sealer

SENSOR = {"type": "bme280", "scl": 22, "sda": 21, "interval": 60}


def report(sensors=(SENSOR,), top=None, **broker):
    config = {"name": "roof", "network": [{"ssid": "home"}], "broker": {"host": "h", **broker}, **(top or {})}
    return check(json.dumps({**config, "sensors": list(sensors)}))


def held(size: int) -> int:
    """How many readings wait in the outbox of a client that has no broker, when it drops the first."""
    client = Client("roof", "127.0.0.1", outbox_size=size)
    for topic, payload in readings():
        client.publish(topic, payload, 1)
        if client.dropped:
            return client.pending
    return 0


@pytest.mark.parametrize("payload", ["plain", "json"])
def test_sealed_readings_take_what_they_take(payload, tmp_path):
    found = report(outbox=4096, top={"seal": "5ea1" * 16, "payload": payload}).reserve
    sealer = Sealer("5ea1" * 16, str(tmp_path / "s"))
    client = Client("roof", "127.0.0.1", outbox_size=4096)
    for (topic, text), unit in zip(readings(), cycle(("°C", "%", "hPa"))):
        if payload == "json":
            text = b'{"value":%s,"time":"2026-11-25T03:50:10Z","unit":"%s"}' % (text, unit.encode())
        client.publish(topic, sealer.seal(topic, text), 1)
        if client.dropped:
            break
    assert abs(client.pending - found.room / found.each) <= 2


def readings():
    while True:
        yield b"ha/temperature", b"-40.00"
        yield b"ha/humidity", b"100.00"
        yield b"ha/pressure", b"1100.00"


def test_the_hours_are_printed_also_when_all_is_well():
    found = report(outbox=2048)
    assert found.faults == []
    assert str(found.reserve) == "2048 bytes hold 63 readings: an outage of 21 min 6 s (0.35 hours) loses none"


@pytest.mark.parametrize("size", [256, 2048, 32768])
def test_the_readings_counted_are_those_a_real_outbox_holds(size):
    reserve = report(outbox=size).reserve
    assert abs(held(size) - reserve.room / reserve.each) <= 2


@pytest.mark.parametrize("minutes", [1, 20])
def test_an_outbox_large_enough_is_no_fault(minutes):
    assert report(outbox=2048, offline_minutes=minutes).faults == []


def test_an_outbox_too_small_is_told_with_the_size_that_would_do():
    fault = report(outbox=2048, offline_minutes=60).faults[0]
    assert fault.key == "broker.outbox"
    needed = int(fault.expected.split()[2])
    assert report(outbox=needed, offline_minutes=60).faults == []
    assert report(outbox=needed - 40, offline_minutes=60).faults != []


def test_an_outage_no_outbox_can_bridge_is_told_with_the_longest_there_is():
    fault = report(outbox=2048, offline_minutes=1440).faults[0]
    assert fault.key == "broker.offline_minutes"
    most = int(fault.expected.split()[2].rstrip(","))
    assert report(outbox=32768, offline_minutes=most).faults == []
    assert report(outbox=32768, offline_minutes=most + 1).faults != []


def test_each_sensor_counts_at_its_own_interval():
    rare = {**SENSOR, "type": "bmp280", "address": "0x77", "topics": {"temperature": "t", "pressure": "p"}}
    alone, daily, often = (
        report([SENSOR, *more]).reserve.seconds
        for more in ([], [{**rare, "interval": 86400}], [{**rare, "interval": 60}])
    )
    assert 0.99 < daily / alone < 1
    assert 0.6 < often / alone < 0.8


def test_a_duration_is_for_a_person():
    assert [duration(s) for s in (0.4, 59, 61, 3600, 90061)] == ["0 s", "59 s", "1 min 1 s", "1 h", "1 d 1 h"]


def stored(path, size: int, outbox: int) -> int:
    """How many readings wait in the store of a client that has no broker, when it drops the first."""
    store = journal.Journal(str(path), size)
    clock = count(step=100)
    client = journal.Client(
        "roof", "127.0.0.1", clean=False, outbox_size=outbox, journal=store, clock=lambda: next(clock) & 0x3FFFFFFF
    )
    for topic, payload in readings():
        client.publish(topic, payload, 1)
        client.poll(0)
        if client.dropped:
            return client.pending
    return 0


@pytest.mark.parametrize(("size", "outbox"), [(20_000, 1024), (40_000, 2048)])
def test_the_readings_counted_are_those_a_real_store_holds(tmp_path, size, outbox):
    found = report(outbox=outbox, top={"store": True, "store_size": size}).reserve
    held_by_all = stored(tmp_path / "outbox.log", size, outbox)
    assert found.room / found.each <= held_by_all + 1
    assert found.room / found.each >= 0.9 * held_by_all


def test_a_day_of_readings_every_20_seconds_fits_the_store_without_further_keys():
    found = report([{**SENSOR, "interval": 60}], {"store": True}, offline_minutes=1440)  # 3 values a minute: 4,320
    assert found.faults == []
    assert str(found.reserve).startswith("200000 bytes hold ")
    assert str(found.reserve).endswith("loses none; needs up to 400000 bytes of flash")
    assert found.reserve.seconds > 86400


def test_a_store_too_small_is_told_with_the_size_that_would_do():
    fault = report(top={"store": True, "store_size": 20_000}, offline_minutes=1440).faults[0]
    assert fault.key == "store_size"
    needed = int(fault.expected.split()[2])
    assert report(top={"store": True, "store_size": needed}, offline_minutes=1440).faults == []
    assert report(top={"store": True, "store_size": needed - 100}, offline_minutes=1440).faults != []


def test_an_outage_no_store_can_bridge_is_told_with_the_longest_there_is():
    sensors = [{**SENSOR, "interval": 1}]
    fault = report(sensors, {"store": True}, offline_minutes=525600).faults[0]
    assert fault.key == "broker.offline_minutes"
    most = int(fault.expected.split()[2].rstrip(","))
    largest = {"store": True, "store_size": 4_000_000}
    assert report(sensors, largest, offline_minutes=most).faults == []
    assert report(sensors, largest, offline_minutes=most + 1).faults != []


def test_a_store_that_does_not_suit_the_outbox_is_told_with_the_size_that_would_do():
    fault = report(top={"store": True, "store_size": 20_000}, outbox=4096).faults[0]
    assert (fault.key, fault.expected) == ("store_size", "at least 34816 for this broker.outbox")
    assert report(top={"store": True, "store_size": 34_816}, outbox=4096).faults == []


def test_readings_with_their_time_take_more_room():
    plain, table = (report(top={"payload": payload}).reserve for payload in ("plain", "json"))
    assert table.each - plain.each == pytest.approx(50 + (3 + 1 + 3) / 3)


def test_readings_that_may_be_lost_do_not_count():
    may = {**SENSOR, "qos": 0}
    assert report([may]).reserve is None
    assert report([may], offline_minutes=600).faults == []
    other = {**SENSOR, "type": "bmp280", "address": "0x77", "topics": {"temperature": "t", "pressure": "p"}}
    both = report([{**other, "qos": 0}, SENSOR]).reserve
    assert both.seconds == report().reserve.seconds
