"""Servers and gateways that speak WebSocket, brokers that do; clients on CPython and both MicroPythons."""

import sys
from pathlib import Path

import pytest
from support import closing, free_port
from support.certificates import Authority

sys.path.insert(0, str(Path(__file__).parents[1] / "mosquitto"))
sys.path.insert(0, str(Path(__file__).parent))

from ends import cable, watcher  # noqa: F401 - fixtures
from launch import KINDS, launch
from wspeers import Gateway, Server


@pytest.fixture(scope="session")
def authority(tmp_path_factory) -> Authority:
    """Who signed `server` (localhost) and `wrong` (another name)."""
    made = Authority(tmp_path_factory.mktemp("authority"))
    made.sign("server")
    made.sign("wrong", names=[])
    return made


@pytest.fixture
def broker(mosquitto_factory, authority):
    """A mosquitto with a plain port, `ws` for WebSocket, and `wss` for it over TLS."""
    ws, wss = free_port(), free_port()
    lines = f"listener {ws} 127.0.0.1\nprotocol websockets\nlistener {wss} 127.0.0.1\nprotocol websockets\n"
    made = mosquitto_factory(packet_log=False, extra=lines + authority.listens("server"))
    made.ws, made.wss = ws, wss
    return made


@pytest.fixture(params=KINDS)
def actor(request, lib_mpy, tmp_path):
    """actor("ws://...", [step, ...], headers=, id=, will=, options of Client); see mosquitto/actor.py."""
    def start(host, *do, id="actor", will=None, headers=None, **options):
        script = {"port": 0, "host": host, "id": id, "do": do, "headers": headers, "options": options}
        if will:
            script["will"] = will
        return launch(request.param, lib_mpy, tmp_path, script)

    yield from closing(start)


@pytest.fixture
def server():
    """Server(...), closed at the end."""
    yield from closing(Server)


@pytest.fixture
def gateway():
    """Gateway(...), closed at the end."""
    yield from closing(Gateway)
