"""`Repl`: what MicroPython's prompt makes of the bytes it gets, as shared/runtime/pyexec.c has it: friendly mode, raw
REPL, raw-paste and paste mode. Sans I/O: it says what to print, what to run and when to reset; typing with echo is
typing.py's.
"""

from collections.abc import Callable

from .typing import Typing

CTRL_A, CTRL_B, CTRL_C, CTRL_D, CTRL_E = range(1, 6)
_WINDOW = 128  # bytes of raw-paste the computer may send before it is told to go on: half of the stdin buffer of 256
_RAW = b"raw REPL; CTRL-B to exit\r\n>"


class Repl:
    """out(bytes) prints; run(kind, source) begins a program, whose end comes back as `done`; reset() resets softly."""

    def __init__(self, banner: bytes, out: Callable, run: Callable, reset: Callable):
        self.raw = False
        self._banner, self._out, self._run, self._reset = banner, out, run, reset
        self._typing = Typing(out)
        self._line = bytearray()
        self._pasted: bytearray | None = None  # what raw-paste has brought
        self._room = 0  # of its window

    # What the board does

    def begin(self):
        """The prompt after a start."""
        self._line.clear()
        self._pasted = None
        self._out(_RAW if self.raw else self._banner)
        if not self.raw:
            self._typing.prompt()

    def done(self, error: str):
        """A program has ended; `error` is what its exception says."""
        words = error.replace("\n", "\r\n").encode()
        if self.raw:
            self._out(b"\x04" + words + b"\x04>")
        else:
            self._out(words)
            self._typing.prompt()

    # What the computer sends

    def key(self, byte: int):
        if self._pasted is not None:
            self._paste(byte)
        elif self.raw:
            self._raw_key(byte)
        elif self._typing.pasting or not self._typing.empty or byte not in (CTRL_A, CTRL_B, CTRL_D):
            if source := self._typing.key(byte):
                self._run("exec" if self._typing.pasted else "single", source)
        else:
            self._mode(byte)

    def _mode(self, byte: int):
        self._out(b"\r\n")
        if byte == CTRL_A:
            self.raw = True
            self.begin()
        elif byte == CTRL_B:
            self.begin()
        else:
            self._reset()

    def _raw_key(self, byte: int):
        line = self._line
        if byte == CTRL_A and len(line) == 2 and line[0] == CTRL_E:
            self._begin_paste(line[1])
        elif byte == CTRL_A:
            self.begin()
        elif byte == CTRL_B:
            self._out(b"\r\n")
            self.raw = False
            self.begin()
        elif byte == CTRL_C:
            line.clear()
        elif byte == CTRL_D:
            self._finish_raw()
        else:
            line.append(byte)

    def _finish_raw(self):
        source = bytes(self._line)
        self._line.clear()
        self._out(b"OK")
        if source:
            self._run("exec", source)
        else:
            self._out(b"\r\n")
            self._reset()

    def _begin_paste(self, kind: int):
        self._line.clear()
        if kind != ord("A"):
            self._out(b"R\x00>")
            return
        # A window of bytes, and another one free.
        self._out(b"R\x01" + _WINDOW.to_bytes(2, "little") + b"\x01")
        self._pasted, self._room = bytearray(), _WINDOW

    def _paste(self, byte: int):
        if byte not in (CTRL_C, CTRL_D):
            self._pasted.append(byte)
            self._room -= 1
            if not self._room:
                self._out(b"\x01")
                self._room = _WINDOW
            return
        source, self._pasted = bytes(self._pasted), None
        self._out(b"\x04")
        if byte == CTRL_D:
            self._run("exec", source)
        else:
            self.done('Traceback (most recent call last):\n  File "<stdin>", line 1\nKeyboardInterrupt: \n')
