"""`Line`: the cable between a computer and the board: a pseudo-terminal whose far end the tools open as a serial port.

Bytes and faults only; what they mean is front.py's business. Lives on the board's event loop.
"""

import asyncio
import contextlib
import fcntl
import os
import pty
import select
import struct
import termios
import tty
from collections.abc import Callable
from pathlib import Path

_MOST = 1 << 20  # bytes that wait for a computer that does not read; then the oldest are lost, as on a UART
_DATA = 0  # in packet mode the first byte of a read says whether data follows


class Line:
    """One port, at `path` for as long as the cable is plugged in. `on_bytes(data)` gets what the computer sends."""

    def __init__(self, path: Path, on_bytes: Callable[[bytes], None]):
        self.path = path
        self._on_bytes = on_bytes
        self._master = self._slave = -1
        self._waiting = bytearray()
        self._loop = asyncio.get_running_loop()
        self._cut: int | None = None
        self._garble: int | None = None

    @property
    def plugged(self) -> bool:
        return self._master >= 0

    def plug(self):
        if self.plugged:
            return
        self._master, self._slave = pty.openpty()
        # The far end stays open here too: a terminal that all have closed would begin again with echo and line editing.
        tty.setraw(self._slave)
        # Packet mode tells when a computer throws away what has come in, as they do when they open a port.
        fcntl.ioctl(self._master, termios.TIOCPKT, struct.pack("i", 1))
        os.set_blocking(self._master, False)
        self._waiting.clear()
        self._loop.add_reader(self._master, self._readable)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(self._slave))

    def pull(self):
        """The port is gone: whoever has it open gets an I/O error."""
        if not self.plugged:
            return
        self._loop.remove_reader(self._master)
        self._loop.remove_writer(self._master)
        self.path.unlink(missing_ok=True)
        os.close(self._slave)
        os.close(self._master)
        self._master = self._slave = -1
        self._cut = self._garble = None
        self._waiting.clear()

    def cut_at(self, n: int):
        """The cable is pulled once so many more bytes have come from the computer."""
        self._cut = n

    def garble_at(self, n: int):
        """One bit of the byte that comes from the computer after so many others is wrong."""
        self._garble = n

    def write(self, data: bytes):
        """To the computer, as fast as it takes them."""
        if self.plugged:
            self._waiting += data
            del self._waiting[: len(self._waiting) - _MOST]
            self._loop.add_writer(self._master, self._writable)

    def _writable(self):
        if select.select([self._master], [], [], 0)[0]:
            return  # what it says comes first: one that has just opened the port wants none of what waits
        with contextlib.suppress(BlockingIOError):
            del self._waiting[: os.write(self._master, self._waiting[:4096])]
        if not self._waiting:
            self._loop.remove_writer(self._master)

    def _readable(self):
        try:
            status, *_ = packet = os.read(self._master, 4096)
        except BlockingIOError:
            return
        if status & termios.TIOCPKT_FLUSHREAD:
            self._waiting.clear()
        if status == _DATA:
            self._received(packet[1:])

    def _received(self, data: bytes):
        if self._garble is not None and (at := self._garble) < len(data):
            data = data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]
            self._garble = None
        elif self._garble is not None:
            self._garble -= len(data)
        if self._cut is None or len(data) < self._cut:
            self._cut = self._cut and self._cut - len(data)
            self._on_bytes(data)
            return
        self._on_bytes(data[: self._cut])
        self.pull()
