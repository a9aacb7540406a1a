"""A node on a simulated board with a cable, for the real mpremote."""

import contextlib
import json
import shutil

import pytest
from girouette import firmware
from girouette.simboard import Board
from girouette.simboard.serial import SerialBoard


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The firmware as it goes to a board, without config.json."""
    return firmware.build(tmp_path_factory.mktemp("firmware"))


@pytest.fixture
def everywhere(mosquitto_factory):
    """(accounts, extra) -> a broker that listens on all addresses."""

    def made(accounts=None, **options):
        return mosquitto_factory(accounts=accounts, host="0.0.0.0", **options)

    return made


@pytest.fixture
def plugged(built, everywhere, tmp_path):
    """(changes of config.json, cable=SerialBoard's options, **Board's) -> (a started SerialBoard, its config)."""
    with contextlib.ExitStack() as boards:

        def make(changes=None, cable=None, empty=False, **options):
            flash = tmp_path / "flash"
            if empty:
                flash.mkdir()
                (flash / "boot.py").touch()
            else:
                shutil.copytree(built, flash)
            about = {
                "name": "roof",
                "network": [{"ssid": "attic", "password": "wifi-s3cret"}],
                "broker": {"host": "127.0.0.2", "port": everywhere().port},
                "sensors": [{"type": "bme280", "scl": 22, "sda": 21, "interval": 1}],
            } | (changes or {})
            config = tmp_path / "config.json"
            config.write_text(json.dumps(about))
            if not empty:
                shutil.copy(config, flash)
            board = boards.enter_context(SerialBoard(Board(flash, empty=empty, **options), **(cable or {})))
            return board, config

        yield make
