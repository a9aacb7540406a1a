"""`Monitor`: a board's console with the time of each line, in colours, or as JSON; it outlives a pulled cable.

Where the lines go and what the keyboard does is here; the port is console.py's.
"""

import contextlib
import json
import os
import select
import sys
import termios
import time
import tty
from collections.abc import Callable
from datetime import datetime

from rich.console import Console as Screen
from rich.text import Text

from .console import CTRL_C, Console, Lost, event
from .errors import Failure

_QUIT = b"\x1d\x03"  # Ctrl-], Ctrl-C
_TO_BOARD = b"\x18"  # Ctrl-X: Ctrl-C for the board
_STYLES = {"debug": "dim", "info": "", "warn": "yellow", "error": "bold red"}
_RETRY_S = 0.2
_QUIET_S = 0.15  # after which the beginning of a line is shown: a prompt


class Monitor:
    """`port` is a Console. `until`: a text that ends it well; `seconds`: when it ends in any case; `again`: where the
    port is after it was gone, if it may have another name then."""

    def __init__(
        self,
        port: Console,
        as_json: bool = False,
        until: str | None = None,
        seconds: float | None = None,
        again: Callable[[], str] | None = None,
    ):
        self._port, self._json, self._until, self._again = port, as_json, until, again
        self._end = time.monotonic() + seconds if seconds is not None else float("inf")
        self._screen = Screen(highlight=False, soft_wrap=True)
        self._shown = 0  # characters of an unfinished line that are on the screen
        self._heard = time.monotonic()
        self._keys = b""

    def run(self) -> bool:
        """Until it is told to end; whether what was waited for has come."""
        with _raw_keyboard() as keyboard:
            while time.monotonic() < self._end:
                try:
                    if self._turn(keyboard):
                        return True
                    if self._quits():
                        return self._until is None
                except Lost:
                    self._note("lost", "the port is gone; waiting for it")
                    if not self._reopened(keyboard):
                        return self._until is None
                    self._note("back", "the port is back")
        return self._until is None

    def _turn(self, keyboard: int | None) -> bool:
        """Whether the text waited for has come."""
        came = False
        for line in self._port.lines():
            self._line(line)
            came = came or bool(self._until and self._until in line)
        self._beginning()
        self._typed(keyboard)
        return came

    # The keyboard

    def _typed(self, keyboard: int | None):
        if keyboard is not None and select.select([keyboard], [], [], 0)[0]:
            self._keys = os.read(keyboard, 1024)
            data = bytes(key for key in self._keys if key not in _QUIT).replace(_TO_BOARD, CTRL_C)
            if data:
                self._port.send(data)

    def _quits(self) -> bool:
        keys, self._keys = self._keys, b""
        return any(key in _QUIT for key in keys)

    # The port

    def _reopened(self, keyboard: int | None) -> bool:
        """Once it is back; False if it was told to end before."""
        self._port.close()
        while time.monotonic() < self._end:
            with contextlib.suppress(Failure):
                self._port.port = self._again() if self._again else self._port.port
                self._port.open()
                return True
            time.sleep(_RETRY_S)
            if keyboard is not None and select.select([keyboard], [], [], 0)[0]:
                self._keys = os.read(keyboard, 1024)
                if self._quits():
                    return False
        return False

    # The screen

    def _line(self, line: str):
        self._heard = time.monotonic()
        told = event(line)
        if self._json:
            about = {"time": datetime.now().astimezone().isoformat(timespec="milliseconds")}
            if told:
                about |= {"level": told.level, "uptime": told.uptime, "part": told.part}
            self._print_json(about | {"text": told.text if told else line})
            return
        text = Text(line[self._shown :], _STYLES[told.level] if told else "")
        self._screen.print(text if self._shown else Text.assemble((_now(), "dim"), text))
        self._shown = 0

    def _beginning(self):
        rest = self._port.rest
        if self._json or len(rest) <= self._shown:
            return
        if self._shown or time.monotonic() - self._heard > _QUIET_S:
            self._screen.print(Text.assemble(("" if self._shown else _now(), "dim"), rest[self._shown :]), end="")
            self._screen.file.flush()
            self._shown = len(rest)

    def _note(self, what: str, words: str):
        if self._json:
            self._print_json({"time": datetime.now().astimezone().isoformat(timespec="milliseconds"), "event": what})
            return
        if self._shown:
            self._screen.print()
        self._shown = 0
        self._screen.print(Text(f"{_now()}({words})", "cyan"))

    def _print_json(self, about: dict):
        print(json.dumps(about, ensure_ascii=False), flush=True)


def _now() -> str:
    return datetime.now().strftime("%H:%M:%S.%f")[:-3] + "  "


@contextlib.contextmanager
def _raw_keyboard():
    """The keyboard, byte by byte and without echo; None if there is none."""
    if not sys.stdin.isatty():
        yield None
        return
    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    try:
        tty.setcbreak(keyboard)
        now = termios.tcgetattr(keyboard)
        now[0] &= ~termios.ICRNL  # Enter is CR, which is what a board expects
        now[3] &= ~termios.ISIG  # Ctrl-C comes as a key
        termios.tcsetattr(keyboard, termios.TCSANOW, now)
        yield keyboard
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)
