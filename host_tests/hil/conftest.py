"""A node on a simulated board with a cable, and a broker with accounts and rules."""

import contextlib
import json
import shutil

import pytest
from girouette import firmware
from girouette import mosquitto as example
from girouette.simboard import Board
from girouette.simboard.serial import SerialBoard
from hil_scene import ADDRESS, SECRETS


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The firmware as it goes to a board, without config.json."""
    return firmware.build(tmp_path_factory.mktemp("firmware"))


@pytest.fixture
def broker(mosquitto_factory, tmp_path):
    """On all addresses, by the rules of docs/broker.md, with an account for the node `roof`."""
    acl = tmp_path / "acl"
    acl.write_text((example.EXAMPLE / "acl").read_text())
    acl.chmod(0o600)
    extra = f"acl_file {acl}\nset_tcp_nodelay true"
    return mosquitto_factory(accounts={"roof": SECRETS[1]}, extra=extra, packet_log=False, host="0.0.0.0")


@pytest.fixture
def plugged(built, broker, tmp_path):
    """(**Board's options) -> (a SerialBoard whose node runs, the path of its config.json)."""
    with contextlib.ExitStack() as boards:

        def make(**options):
            flash = tmp_path / "flash"
            shutil.copytree(built, flash)
            config = tmp_path / "config.json"
            about = {
                "name": "roof",
                "network": [{"ssid": "attic", "password": SECRETS[0]}],
                "broker": {"host": ADDRESS, "port": broker.port, "user": "roof", "password": SECRETS[1]},
                "sensors": [{"type": "bme280", "scl": 22, "sda": 21, "interval": 1}],
            }
            config.write_text(json.dumps(about))
            shutil.copy(config, flash)
            board = boards.enter_context(SerialBoard(Board(flash, heap="160k", **options)))
            board.board.wait_line("connected to")
            return board, config

        yield make
