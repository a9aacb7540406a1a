"""A whole station on the simulated board whose broker speaks WebSocket."""

import pytest
from support import free_port
from support.certificates import Authority
from witness import Witness

READING = "ha/temperature"


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
