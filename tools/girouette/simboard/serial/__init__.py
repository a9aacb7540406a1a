"""`SerialBoard`: a simulated board with a cable to the computer, for tools that talk to boards over a serial port."""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path

from ..board import Board
from .front import Front
from .identity import banner, identity


class SerialBoard:
    """A board that mpremote, ampy and every terminal can open at `port`; started by `with`, together with its board.

    board    a Board that is not started yet
    machine  what it says it is, e.g. "Raspberry Pi Pico 2 W with RP2350"; None: a common board of its port
    release  the MicroPython it says it has, e.g. "1.19.1"; None: the one that runs
    native   its chip has USB itself (RP2040, ESP32-S3, PYBD): the port vanishes with each reset, and without power
    path     where the port is to be; None: in a folder of its own

    The faults below can be set at any time; `board` has those of the board (flash, watchdog, power).
    """

    def __init__(
        self, board: Board, machine: str | None = None, release: str | None = None, native: bool = False,
        path: Path | None = None,
    ):  # fmt: skip
        self.board = board
        self._machine, self._release, self._native = machine, release, native
        self._folder = None if path else Path(tempfile.mkdtemp(prefix="girouette-port-"))
        self.port = str(path or self._folder / ("ttyACM" if native else "ttyUSB"))

    def __enter__(self) -> "SerialBoard":
        self.board.terminal_of = self._made
        self.board.start()
        return self

    def __exit__(self, *exc):
        self.board.close()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    # Faults

    def unplug(self):
        """The cable is pulled: the port is gone, and who has it open gets an I/O error. The board keeps its power."""
        self.board._call(self._front.line.pull)

    def plug(self):
        """It is back, at the same path."""
        self.board._call(self._front.line.plug)

    def cut_at(self, n: int):
        """The cable is pulled once so many more bytes have come from the computer."""
        self.board._call(lambda: self._front.line.cut_at(n))

    def garble_at(self, n: int):
        """One bit of the byte that comes from the computer after so many others is flipped."""
        self.board._call(lambda: self._front.line.garble_at(n))

    def noise(self, data: bytes = b"\xff\x00\xf8~\x80"):
        """Bytes that nobody sent arrive at the computer."""
        self.board._call(lambda: self._front.line.write(data))

    def busy(self, seconds: float):
        """The board answers nothing for so long; what it is sent waits."""
        self.board._call(lambda: self._front.busy(seconds))

    @contextlib.contextmanager
    def held(self):
        """Another program has the port, locked as mpremote does it."""
        port = os.open(self.port, os.O_RDWR | os.O_NOCTTY)
        try:
            fcntl.flock(port, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        finally:
            os.close(port)

    def wait_port(self, timeout: float = 20):
        """Until the port is there, after a reset of a chip with USB of its own."""
        until = time.monotonic() + timeout
        while not Path(self.port).exists():
            if time.monotonic() > until:
                raise TimeoutError(f"no port {self.port} within {timeout:g} s")
            time.sleep(0.01)

    # Inside

    def _made(self, board: Board) -> Front:
        about = identity(board.port, board.bits, self._machine, self._release)
        self._front = Front(board, about, banner(about), Path(self.port), self._native)
        self._front.line.plug()
        return self._front
