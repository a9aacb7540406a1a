"""A whole station on the simulated board whose broker speaks WebSocket."""

import json
import sys
from pathlib import Path

import pytest
from support import closing, free_port
from support.certificates import Authority
from witness import Witness

sys.path.insert(0, str(Path(__file__).parents[1] / "websocket"))

from wspeers import Server, headers

READING = "ha/temperature"
SECRET = "Bearer hunter2"
SMALLEST = {"name": "roof", "network": [{"ssid": "home", "password": "sesame"}]}


def test_a_station_publishes_over_websocket(station, mosquitto_factory):
    port = free_port()
    broker = mosquitto_factory(extra=f"listener {port} 127.0.0.1\nprotocol websockets")
    with Witness(broker) as witness:
        board = station({"broker.host": f"ws://127.0.0.1:{port}/mqtt"})
        board.wait_line("broker: connected to")
        witness.wait(READING)
    assert not [line for line in board.lines if "Traceback" in line or "MemoryError" in line]


def test_a_station_publishes_over_websocket_and_tls(station, mosquitto_factory, tmp_path):
    authority = Authority(tmp_path)
    authority.sign("server")
    port = free_port()
    lines = f"listener {port} 127.0.0.1\nprotocol websockets\n{authority.listens('server')}"
    broker = mosquitto_factory(extra=lines)
    tls = {"ca": authority.path("ca.pem").read_text()}
    with Witness(broker) as witness:
        station({"broker.host": f"wss://localhost:{port}/mqtt", "broker.tls": tls}).wait_line("broker: connected to")
        witness.wait(READING)


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("wss://127.0.0.1:{}/x", "broker: host: wss:// needs tls"),
        ("ws://127.0.0.1:{}/x", "WebSocket: closed in the opening handshake"),
    ],
)
def test_what_is_wrong_is_told(station, mosquitto, host, words):
    station({"broker.host": host.format(mosquitto.port)}).wait_line(words, timeout=60)


@pytest.fixture
def server():
    """A server that speaks WebSocket, accepts the node, and keeps what it asked for."""
    yield from closing(lambda: Server(talk=lambda peer: peer.connected()))


@pytest.mark.parametrize("store", [False, True], ids=["", "store"])
def test_headers_are_said_to_the_server_and_to_nobody_else(station, server, store):
    there = server()
    damaged = {"outbox.log": "x" * 200} if store else {}  # the client is made twice
    broker = {"host": f"ws://127.0.0.1:{there.port}/mqtt"}
    about = {**SMALLEST, "broker": broker, "store": store, "log": {"level": "debug"}}
    secrets = {"broker": {"headers": {"Authorization": SECRET, "X-Node": "roof"}}}
    files = {"config.json": json.dumps(about), "secrets.json": json.dumps(secrets), **damaged}
    board = station(files=files)
    board.wait_line("broker: connected to")
    found = headers(there.requests[0])
    assert (found["authorization"], found["x-node"]) == (SECRET, "roof")
    assert ("outbox.bad" in " ".join(board.lines)) is store
    assert not [line for line in board.lines if "hunter2" in line or "Traceback" in line]


@pytest.mark.parametrize(
    ("broker", "words"),
    [
        ({"host": "127.0.0.1", "headers": {"A": SECRET}}, "broker: headers: ws:// or wss:// in host is wanted"),
        ({"host": "ws://b", "headers": {"A": f"{SECRET}\r\nB: c"}}, "broker.headers.A: expected text of ASCII"),
        ({"host": "ws://b", "headers": {SECRET: "A"}}, "broker.headers: expected the name of each header"),
        ({"host": "ws://b", "headers": {"Host": SECRET}}, "broker: headers: Host is not for a user to choose"),
    ],
)
def test_headers_that_cannot_be_said_are_faults(station, broker, words):
    board = station(changes={"broker": broker})
    board.wait_line(words)
    assert not [line for line in board.lines if "hunter2" in line or "Traceback" in line]
