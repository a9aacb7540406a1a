"""`Front`: a board's terminal when something is plugged in: program and prompt on one side, the cable on the other.

While a program runs, what comes in is its stdin; at the prompt it goes to the Repl. Lives on the board's event loop.
"""

import asyncio
import os
import re
import select

from ..console import Lines
from .line import Line
from .repl import CTRL_C, Repl

# What an ESP32's boot loader says before MicroPython starts.
_ROM = {
    "power on": "rst:0x1 (POWERON_RESET)",
    "hard": "rst:0xc (SW_CPU_RESET)",
    "watchdog": "rst:0x8 (TG1WDT_SYS_RESET)",
    "deep sleep": "rst:0x5 (DEEPSLEEP_RESET)",
}
_FOLDER = 2 << 20  # bytes of flash that a folder is said to be
_OURS = re.compile(r'  File "_serial".*\n')  # in a traceback: what a chip does in C
_ENUMERATION_S = 0.3  # until a computer has found a device again


class Front:
    """In a board's `terminal`. `about` is what the board says of itself (identity.py)."""

    typed = True
    output = None  # what the process prints, set when it starts

    def __init__(self, board, about: dict, banner: bytes, path, native: bool):
        self._board, self._about, self._native = board, about, native
        self.line = Line(path, self.received)
        self.repl = Repl(banner, self.line.write, self._run, self._soft_reset)
        self._lines = Lines(board.printed)
        self._loop = asyncio.get_running_loop()
        self.stdin = self._to_stdin = -1
        self._kbd_intr = CTRL_C
        self._prompt: asyncio.Future | None = None  # the question of a board at its prompt
        self._input = bytearray()
        self._source = b""
        self._interrupting: asyncio.Task | None = None
        self._busy_until = 0.0
        self._quiet = False  # what it prints now is the answer to a tool
        self._booting = True
        self._to_return = False  # the port, with the next start

    # What the board does

    def begin(self, cause: str):
        kept = self._leftover() if cause == "soft" else b""
        self._close_pipe()
        self.stdin, self._to_stdin = os.pipe()
        os.set_blocking(self._to_stdin, False)
        self._prompt, self._booting, self._quiet = None, True, False
        self._kbd_intr = -1  # until the device side is ready for it
        if cause == "soft":
            self.line.write(b"MPY: soft reboot\r\n")
            self._feed_program(kept)
            return
        self._input.clear()
        self.repl.raw = False
        if self._to_return:
            self._to_return = False
            self._loop.call_later(_ENUMERATION_S * self._native, self.line.plug)
        if self._board.port == "esp32" and not self._native:
            rom = f"ets Jul 29 2019 12:21:46\n\n{_ROM[cause]},boot:0x13 (SPI_FAST_FLASH_BOOT)\n"
            self.line.write(rom.replace("\n", "\r\n").encode())

    def questions(self) -> dict:
        return {
            "terminal": self._started,
            "prompt": self._at_prompt,
            "exit": self._exit,
            "kbd_intr": self._set_kbd_intr,
            "space": self._space,
            "source": lambda at, n: self._source[at : at + n],
            "print": self._print_bytes,
        }

    def feed(self, data: bytes):
        if not self._quiet:
            self._lines.feed(data)
        # MicroPython ends its lines with CR LF on a terminal.
        self.line.write(data.replace(b"\n", b"\r\n"))

    def end(self):
        self._lines.end()

    def stopped(self):
        self._prompt = None  # nobody is there to echo what is typed
        if self._native:
            self._to_return = self._to_return or self.line.plugged
            self.line.pull()

    def close(self):
        self.line.pull()
        self._close_pipe()

    def _close_pipe(self):
        if self.stdin >= 0:
            os.close(self.stdin)
            os.close(self._to_stdin)
        self.stdin = self._to_stdin = -1

    def _started(self) -> dict:
        return self._about | {"raw": self.repl.raw}

    def _space(self) -> tuple[int, int] | None:
        """Size and free bytes of a flash that is a folder; None: it is a real file system, which knows."""
        if self._board.flash:
            return None
        used = sum(max(1, -(-f.stat().st_size // 4096)) * 4096 for f in self._board.firmware.rglob("*"))
        return _FOLDER, max(0, _FOLDER - used)

    def _at_prompt(self, error: str | None):
        """The board can take a command; `error` is what the last one's exception says. None: there was none."""
        self.output.drain()
        error = _OURS.sub("", error or "")
        self._kbd_intr = CTRL_C
        booted, self._booting = self._booting, False
        self._prompt = self._loop.create_future()
        if booted:
            self.line.write(error.replace("\n", "\r\n").encode())
            self.repl.begin()
            self._lines.feed(error.encode() + b">>>\n")
        else:
            self.repl.done(error)
        self._quiet = True
        self._input[:0] = self._leftover()
        self._loop.call_soon(self._pump)
        return self._prompt

    def _exit(self):
        self.output.drain()
        if self.repl.raw:
            self.line.write(b"\x04\x04")
        return self._board.wants_reset("soft")

    def _soft_reset(self):
        self._prompt = None
        self._board.wants_reset("soft")

    def _set_kbd_intr(self, char: int):
        self._kbd_intr = char

    def _print_bytes(self, data: bytes):
        self.output.drain()
        self.line.write(data)

    # What the computer sends

    def received(self, data: bytes):
        self._input += data
        self._pump()

    def busy(self, seconds: float):
        """It answers nothing for so long; what comes in waits."""
        self._busy_until = self._loop.time() + seconds
        self._loop.call_later(seconds + 0.001, self._pump)

    def _pump(self):
        while self._input and self._loop.time() >= self._busy_until:
            if self._prompt is None:
                self._to_program()
                return
            self.repl.key(self._input.pop(0))

    def _to_program(self):
        data = bytes(self._input)
        self._input.clear()
        char = self._kbd_intr
        if char >= 0 and char in data:
            before, _, data = data.rpartition(bytes([char]))
            self._feed_program(before.replace(bytes([char]), b""))
            self._interrupt()
        self._feed_program(data)

    def _feed_program(self, data: bytes):
        try:
            if self._to_stdin >= 0 and data:
                os.write(self._to_stdin, data)
        except BlockingIOError:
            pass  # its buffer is full: lost, as on a chip

    def _interrupt(self):
        if self._interrupting is None or self._interrupting.done():
            self._interrupting = self._loop.create_task(self._board.interrupted())

    def _leftover(self) -> bytes:
        """What the program has not read: it is typed at the prompt then."""
        data = b""
        while self.stdin >= 0 and select.select([self.stdin], [], [], 0)[0]:
            data += os.read(self.stdin, 4096)
        return data

    def _run(self, kind: str, source: bytes):
        self._source = source
        self._quiet = self.repl.raw
        prompt, self._prompt = self._prompt, None
        if not prompt.done():
            prompt.set_result((kind, len(source)))
