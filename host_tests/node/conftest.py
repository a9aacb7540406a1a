"""The node's own fixtures: its firmware, built once, and stations that run it on simulated boards."""

import json
import shutil
from pathlib import Path

import pytest
from girouette import firmware
from girouette.simboard import Board
from remote import Remote
from roof import config
from visitor import HOME, OPEN
from witness import Witness


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """The firmware as it goes to a board, without config.json. Copy it before a board writes to it."""
    return firmware.build(tmp_path_factory.mktemp("firmware"))


@pytest.fixture
def station(built, mosquitto, tmp_path):
    """Makes a running Board with the compiled firmware; keyword arguments are the Board's.

    `changes` are keys of config.json ("broker.port": 1884), `text` is the whole file, `secrets` what secrets.json
    holds, `main` another main.py; `files` {name: text} is all there is instead of the two;
    `firmware` is a folder to take instead of the built one.
    """
    boards = []

    def make(changes=None, *, text=None, secrets=None, main=None, files=None, firmware=None, **options) -> Board:
        flash = tmp_path / f"flash{len(boards)}"
        shutil.copytree(firmware or built, flash)
        if files is None:
            files = {"config.json": json.dumps(config(mosquitto, changes or {})) if text is None else text}
        for name, content in files.items():
            (flash / name).write_text(content)
        if secrets:
            (flash / "secrets.json").write_text(json.dumps(secrets))
        if main:
            (flash / "main.py").write_text(main)
        board = Board(flash, **options)
        boards.append(board)
        return board.start()

    yield make
    for board in boards:
        board.close()


@pytest.fixture
def portal(station):
    """Makes a board that has its portal open; keywords are those of `station`."""

    def make(files=None, **options) -> Board:
        board = station(files=files or {}, **{"wifi": HOME, **options})
        board.wait_line(OPEN)
        return board

    return make


@pytest.fixture
def witness(mosquitto):
    """A subscriber to all topics of the broker, there before the station."""
    with Witness(mosquitto) as subscriber:
        yield subscriber


@pytest.fixture
def remote(mosquitto, witness) -> Remote:
    """Sends commands to the node and sees its answers."""
    return Remote(mosquitto, witness)
