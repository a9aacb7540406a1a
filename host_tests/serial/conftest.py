"""Boards with a cable, the real tools that use it, and a terminal of bytes."""

import contextlib
import subprocess
import time

import pytest
import serial
from girouette.external import find
from girouette.simboard import Board
from girouette.simboard.serial import SerialBoard


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
