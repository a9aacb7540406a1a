"""A board's prompt at the end of a pty, just enough for `mpremote connect P bootloader`: raw REPL, one program, then
the board is in its boot loader and the port is gone."""

import contextlib
import os
import pty
import threading
import tty
from pathlib import Path


class Prompt:
    """`port` is a name that leads to the pty while MicroPython runs. `on_bootloader`: what the boot loader does."""

    def __init__(self, port: Path, on_bootloader=lambda: None):
        self.port, self._on_bootloader = port, on_bootloader
        self.ran: list[str] = []
        self._host, self._board = pty.openpty()
        tty.setraw(self._board)
        self.appear()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def appear(self):
        """MicroPython has started."""
        self.port.symlink_to(os.ttyname(self._board))

    def close(self):
        os.close(self._board)  # ends the read of the other end, which is closed once nobody reads it
        self._thread.join(2)
        os.close(self._host)
        self.port.unlink(missing_ok=True)

    def _say(self, text: bytes):
        os.write(self._host, text)

    def _listen(self):
        program = b""
        with contextlib.suppress(OSError):
            while byte := os.read(self._host, 1):
                if byte == b"\x01":  # raw REPL
                    program = b""
                    self._say(b"raw REPL; CTRL-B to exit\r\n>")
                elif byte == b"\x04" and program.strip(b"\r\x03\x02") == b"":
                    self._say(b"OK\r\nMPY: soft reboot\r\nraw REPL; CTRL-B to exit\r\n>")
                elif byte == b"\x04":
                    self._say(b"OK")
                    self._run(program)
                    program = b""
                elif byte == b"\x05":  # raw paste is not offered
                    os.read(self._host, 2)
                    self._say(b"R\x00")
                else:
                    program += byte

    def _run(self, program: bytes):
        self.ran.append(program.decode())
        if b"machine.bootloader()" in program:
            self.port.unlink()
            self._on_bootloader()
        else:
            self._say(b"\x04\x04>")
