"""Boards with a cable, nodes on them, and files to copy."""

import contextlib
import json
import shutil

import pytest
from girouette import firmware
from girouette.simboard import Board
from girouette.simboard.serial import SerialBoard
from plug import TREE, Terminal, config


@pytest.fixture
def plugged(tmp_path):
    """(program, files={path: text}, cable={SerialBoard's options}, **Board's options) -> a started SerialBoard."""
    with contextlib.ExitStack() as boards:

        def make(program: str | None = None, files=(), cable=(), **options) -> SerialBoard:
            flash = tmp_path / f"flash{len(list(tmp_path.iterdir()))}"
            flash.mkdir()
            for name, text in {**dict(files), **({} if program is None else {"main.py": program})}.items():
                (flash / name).parent.mkdir(parents=True, exist_ok=True)
                (flash / name).write_text(text)
            options.setdefault("bits", 64)
            return boards.enter_context(SerialBoard(Board(flash, empty=program is None, **options), **dict(cable)))

        yield make


@pytest.fixture
def terminal():
    with contextlib.ExitStack() as open_ones:
        yield lambda port: open_ones.enter_context(contextlib.closing(Terminal(port)))


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The firmware without a configuration. Copy it before a board writes to it."""
    return firmware.build(tmp_path_factory.mktemp("firmware"))


@pytest.fixture
def node(built, mosquitto, tmp_path):
    """(secrets=None, **SerialBoard's options) -> a node that is connected, with a watchdog of 3 seconds."""
    started = []

    def start(secrets=None, text=None, **cable) -> SerialBoard:
        flash = tmp_path / "flash"
        shutil.copytree(built, flash)
        (flash / "config.json").write_text(text or json.dumps(config(mosquitto)))
        if secrets:
            (flash / "secrets.json").write_text(json.dumps(secrets))
        started.append(SerialBoard(Board(flash), **cable))
        board = started[0].__enter__()
        board.board.wait_line("broker: connected")
        return board

    yield start
    for board in started:
        board.__exit__()


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    for name, text in TREE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder
