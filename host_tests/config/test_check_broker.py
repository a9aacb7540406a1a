"""`broker.version` and `broker.headers` in config.json: what `girouette check` says of what goes with them."""

import json

import pytest
from girouette.check import check
from girouette.check.broker import _OURS
from leanmqtt.websocket import WebSocket

SECRET = "Bearer hunter2"


def report(broker, secrets=None, **top):
    made = {"name": "roof", "network": [{"ssid": "home"}], "broker": {"host": "broker.local", **broker}, **top}
    return check(json.dumps(made), secrets and json.dumps(secrets))


def told(*args, **more) -> list[tuple[str, str, str]]:
    return [(fault.key, fault.expected, fault.found) for fault in report(*args, **more).faults]


@pytest.mark.parametrize(
    ("broker", "top"),
    [
        ({"version": 4}, {}),
        ({"version": 5}, {}),
        ({"version": [5, 4], "persistent": True, "session_expiry": 60, "expiry": 9}, {}),
        ({"version": 5, "session_expiry": 3600}, {"store": True}),
        ({"version": 5, "session_expiry": 3600, "expiry": 60}, {"sleep": {"seconds": 300, "readings": 11}}),
        ({"version": [5, 4]}, {"sleep": {"seconds": 300}, "store": True}),
        ({"host": "ws://b/x", "headers": {"Authorization": SECRET, "X-Node": ""}}, {}),
        ({"host": "ws://b/x", "headers": {}}, {}),
        ({"host": ["wss://b", "wss://c"], "headers": {"a": "b"}, "tls": {"insecure": True}}, {}),
    ],
)
def test_what_goes_together_is_sound(broker, top):
    assert told(broker, **top) == []


@pytest.mark.parametrize(
    ("broker", "top", "path", "expected"),
    [
        ({"version": 3}, {}, "version", "4, 5 or [5, 4]"),
        ({"version": "5"}, {}, "version", "4, 5 or [5, 4]"),
        ({"version": [5, 4]}, {"store": True}, "version", "4 or 5, since there is a store"),
        ({"session_expiry": 60, "persistent": True}, {}, "session_expiry", "nothing, since broker.version is 4"),
        ({"expiry": 60}, {}, "expiry", "nothing, since broker.version is 4"),
        ({"version": 5, "expiry": 0}, {}, "expiry", "a whole number from 1 to 315360000"),
        (
            {"version": 5, "session_expiry": 60}, {}, "session_expiry",
            "nothing, since the broker keeps no session (persistent, store, sleep)",
        ),
        (
            {"version": 5, "session_expiry": 3600}, {"sleep": {"seconds": 300, "readings": 12}}, "session_expiry",
            "more than 3600, which the node sleeps from one delivery to the next",
        ),
        (
            {"version": 5}, {"sleep": {"seconds": 604800}}, "session_expiry",
            "more than 604800, which the node sleeps from one delivery to the next",
        ),
    ],
)  # fmt: skip
def test_what_does_not_is_a_fault(broker, top, path, expected):
    assert [(key, words) for key, words, _ in told(broker, **top)] == [(f"broker.{path}", expected)]


def test_headers_need_a_websocket():
    found = told({"headers": {"Authorization": SECRET}})
    assert found == [("broker.headers", "none, since broker.host is no ws:// or wss://", "a table { }")]


@pytest.mark.parametrize(
    ("headers", "path", "expected"),
    [
        ({"A": "x\r\nB: y"}, ".A", "text of ASCII without line ends"),
        ({"A": "x\n"}, ".A", "text of ASCII without line ends"),
        ({"A": "é"}, ".A", "text of ASCII without line ends"),
        ({"A": 1}, ".A", "text of ASCII without line ends"),
        ({f"A: {SECRET}\r\nB": "x"}, "", "the name of each header, without blanks"),
        ({SECRET: "Authorization"}, "", "the name of each header, without blanks"),
        ([SECRET], "", "a table { } of names and texts"),
        (SECRET, "", "a table { } of names and texts"),
    ],
)
def test_bad_headers_are_faults_that_repeat_no_secret(headers, path, expected):
    found = told({"host": "ws://b"}, {"broker": {"headers": headers}})
    assert [fault[:2] for fault in found] == [(f"broker.headers{path}", expected)]
    assert "hunter2" not in str(found)


@pytest.mark.parametrize("name", [*_OURS, "Host", "Sec-WebSocket-Key", "sec-websocket-protocol"])
def test_what_websocket_itself_says_is_not_for_a_user_to_choose(name):
    (found,) = told({"host": "ws://b", "headers": {name: "x"}})
    assert found[:2] == (f"broker.headers.{name}", "no header that WebSocket itself needs")
    with pytest.raises(ValueError, match="not for a user to choose"):
        WebSocket({name: "x"})


def test_a_packet_of_mqtt_5_is_larger_and_so_an_outage_shorter():
    sensors = [{"type": "bme280", "scl": 22, "sda": 21}]
    brokers = ({}, {"version": 5}, {"version": 5, "expiry": 60})
    each = [report(broker, sensors=sensors).reserve.each for broker in brokers]
    assert [round(more - each[0]) for more in each] == [0, 1, 6]
