"""Boards with a cable, the real tools that use it, and a terminal of bytes."""

import contextlib
import json
import shutil
import subprocess
import time

import pytest
import serial
from girouette import firmware
from girouette.external import find
from girouette.simboard import Board
from girouette.simboard.serial import SerialBoard

TREE = {"node/app.py": "print('app')\n" * 40, "node/cmd/led.py": "LED = 2\n", "é.py": "# ü\n", "data.bin": "x" * 3000}


def run(tool: str, *args, timeout: float = 60) -> subprocess.CompletedProcess:
    """A real tool, to its end."""
    command = [find(tool), *map(str, args)]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout)


class Tools:
    """mpremote and ampy at a port; each gives what it prints and fails the test when it fails."""

    def __init__(self, port: str):
        self.port = port

    def mpremote(self, *args) -> str:
        return self._good(run("mpremote", "connect", self.port, *args))

    def ampy(self, *args) -> str:
        return self._good(run("ampy", "--port", self.port, *args))

    def _good(self, done) -> str:
        assert done.returncode == 0, f"{done.args}\n{done.stdout}\n{done.stderr}"
        return done.stdout


class Terminal:
    """A program that has the port open."""

    def __init__(self, port: str):
        self._port = serial.Serial(port, timeout=0.05)
        self.seen = b""

    def send(self, data: bytes):
        self._port.write(data)

    def until(self, end: bytes, timeout: float = 20) -> bytes:
        """What comes up to and with `end`."""
        deadline = time.monotonic() + timeout
        while end not in self.seen:
            assert time.monotonic() < deadline, f"no {end!r} in {self.seen!r}"
            self.seen += self._port.read(max(1, self._port.in_waiting))
        at = self.seen.index(end) + len(end)
        got, self.seen = self.seen[:at], self.seen[at:]
        return got

    def close(self):
        self._port.close()


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


def config(broker, **changes) -> dict:
    return {
        "name": "porch",
        "network": [{"ssid": "home", "password": "sesame"}],
        "broker": {"host": "127.0.0.1", "port": broker.port},
        "sensors": [{"type": "bme280", "scl": 22, "sda": 21}],
        "watchdog": 3,
    } | changes


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


def running(node) -> bool:
    """It has started after all that was done to it, and there is no marker."""
    node.board.wait_line("broker: connected")
    return not (node.board.firmware / "maintenance").exists() and "watchdog" not in node.board.boots


def files_of(folder) -> dict:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    for name, text in TREE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder
