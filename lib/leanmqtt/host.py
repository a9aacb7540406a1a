# CPython's side of port.py: MicroPython's names and habits (streams that answer None when they would
# block, pollers with ipoll, 30-bit ticks), so that the client runs unchanged on a PC or a Linux board.
# Never loaded on a microcontroller.
# cold file: CPython allocates anyway
import select
import socket as _socket
import struct
import time
from random import getrandbits

__all__ = (
    "Mover", "Poller", "const", "getaddrinfo", "getrandbits", "pack_into", "release", "sleep_ms", "socket", "ticks_ms",
)  # fmt: skip


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
        self.n = len(part)
        return self.n

    def move(self, dst, p, src, q, n):
        """Copy n bytes of `src` from q to `dst` at p (fewer where `src` ends)."""
        part = bytes(self._view(src)[q : q + n])
        dst[p : p + len(part)] = part


class Socket:
    """A socket with MicroPython's stream methods; everything else is the real one's."""

    def __init__(self, *args):
        self.raw = _socket.socket(*args)

    def __getattr__(self, name):
        return getattr(self.raw, name)

    def readinto(self, buf, n):
        """Read at most n bytes to the start of `buf`: count, 0 at the end, None would block."""
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
    """`select.poll` of one socket, with `ipoll`. Masks: 1 in, 4 out, 8 error."""

    def register(self, sock, mask):
        """Watch `sock` for reading (1) and writing (4)."""
        self._sock = sock
        self._mask = mask

    def ipoll(self, ms):
        """(socket, mask) if it is ready within `ms`."""
        raw = self._sock.raw  # of now: TLS puts its own in place
        if hasattr(select, "poll"):
            p = select.poll()
            p.register(raw, self._mask)
            return p.poll(ms)
        want = [raw]  # Windows
        ready = select.select(want, want if self._mask & 4 else [], want, ms / 1000)
        return [(r[0], mask) for r, mask in zip(ready, (1, 4, 8), strict=True) if r]
