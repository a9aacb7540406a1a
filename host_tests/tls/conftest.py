"""Brokers that speak TLS, with certificates of the tests' own; clients on CPython and both MicroPythons."""

import sys
from pathlib import Path

import pytest
from support import closing, free_port
from support.certificates import HERE, Authority

sys.path.insert(0, str(Path(__file__).parents[1] / "mosquitto"))

from ends import cable, watcher  # noqa: F401 - fixtures
from launch import KINDS, launch


@pytest.fixture(scope="session")
def authority(tmp_path_factory) -> Authority:
    """Who signed: server (localhost), rsa (with another kind of key), wrong (another name), expired, future, client."""
    made = Authority(tmp_path_factory.mktemp("authority"))
    made.sign("server")
    made.sign("rsa", kind="rsa")
    made.sign("wrong", names=HERE[:0])
    made.sign("expired", begin=-10, end=-2)
    made.sign("future", begin=10, end=20)
    made.sign("client")
    return made


@pytest.fixture(scope="session")
def stranger(tmp_path_factory) -> Authority:
    """Another authority."""
    made = Authority(tmp_path_factory.mktemp("stranger"), "Another CA")
    made.sign("client")
    return made


@pytest.fixture
def secure(mosquitto_factory, authority):
    """secure(certificate, clients=): a broker with a plain port and, as `tls`, one for TLS."""

    def make(certificate: str = "server", clients: bool = False, more: str = ""):
        port = free_port()
        lines = f"listener {port} 127.0.0.1\n{authority.listens(certificate, clients)}\n{more}"
        broker = mosquitto_factory(extra=lines, packet_log=False)
        broker.tls = port
        return broker

    return make


@pytest.fixture(params=KINDS)
def actor(request, lib_mpy, tmp_path):
    """actor(port, [step, ...], tls=, host=, options of Client); see mosquitto/actor.py. All are killed at the end."""
    def start(port, *do, tls, host="localhost", **options):
        script = {"port": port, "host": host, "id": "actor", "do": do, "options": {**options, "tls": tls}}
        return launch(request.param, lib_mpy, tmp_path, script)

    yield from closing(start)
