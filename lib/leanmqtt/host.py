# CPython's side of port.py: MicroPython's names and habits (streams that answer None when they would
# block, pollers with ipoll, 30-bit ticks), so that the client runs unchanged on a PC or a Linux board.
# Never loaded on a microcontroller.
import os
import selectors
import socket as _socket
import struct
import time
from random import getrandbits  # noqa: F401


def const(x):
    """MicroPython folds constants at compile time; here they are plain names."""
    return x


def ticks_ms():
    """Milliseconds of a monotonic clock, wrapping as on a chip."""
    return time.monotonic_ns() // 1_000_000 & 0x3FFFFFFF


def sleep_ms(ms):
    """Sleep `ms` milliseconds."""
    time.sleep(ms / 1000)


def release(name):
    """A PC has room for every module."""


def _bytes(x):
    return x.encode() if isinstance(x, str) else bytes(x) if isinstance(x, memoryview) else x


def pack_into(fmt, buf, at, *values):
    """`struct.pack_into` that takes str and memoryview where bytes are wanted, as MicroPython's does."""
    struct.pack_into(fmt, buf, at, *[_bytes(v) for v in values])


class Mover:
    """The copy engine of port.py, by slices."""

    def __init__(self):
        self.tmp = bytearray(64)

    @staticmethod
    def _view(src):
        return memoryview(src.encode() if isinstance(src, str) else src).cast("B")

    def load(self, src, q):
        """Put up to 64 bytes of `src` from offset `q` into `tmp`; return their number."""
        part = self._view(src)[q : q + 64]
        self.tmp[: len(part)] = part
        return len(part)

    def move(self, dst, p, src, q, n):
        """Copy n bytes of `src` from q to `dst` at p (fewer where `src` ends)."""
        part = bytes(self._view(src)[q : q + n])
        dst[p : p + len(part)] = part


class Socket:
    """A socket with MicroPython's stream methods; everything else is the real one's."""

    def __init__(self, *args):
        self.raw = _socket.socket(*args)
        self.error = 0  # errno of a connect that failed

    def __getattr__(self, name):
        return getattr(self.raw, name)

    def readinto(self, buf, n):
        """Read at most n bytes to the start of `buf`: count, 0 at the end, None would block."""
        if self.error:
            raise OSError(self.error, os.strerror(self.error))
        try:
            return self.raw.recv_into(buf, n)
        except BlockingIOError:
            return None

    def write(self, buf, at, n):
        """Write n bytes of `buf` from offset `at`: count taken, None would block."""
        try:
            return self.raw.send(memoryview(buf)[at : at + n])
        except BlockingIOError:
            return None


socket = Socket
getaddrinfo = _socket.getaddrinfo


class Poller:
    """`select.poll` with `ipoll`, also where the host has no poll (Windows). Masks: 1 in, 4 out, 8 error."""

    def __init__(self):
        self._sel = selectors.DefaultSelector()

    def register(self, sock, mask):
        """Watch `sock` for reading (1) and writing (4)."""
        events = (selectors.EVENT_READ if mask & 1 else 0) | (selectors.EVENT_WRITE if mask & 4 else 0)
        self._sel.register(sock.raw, events, sock)

    def ipoll(self, ms):
        """(socket, mask) of what is ready within `ms`."""
        for key, events in self._sel.select(ms / 1000):
            sock = key.data
            sock.error = sock.error or sock.raw.getsockopt(_socket.SOL_SOCKET, _socket.SO_ERROR)
            mask = (1 if events & selectors.EVENT_READ else 0) | (4 if events & selectors.EVENT_WRITE else 0)
            yield sock, mask | (8 if sock.error else 0)
