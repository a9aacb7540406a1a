"""`NtpServer`: a time server for the board, with the faults that servers have. From RFC 5905, not from any client.

How its datagrams get to the board is datagrams.py's business.
"""

import fnmatch
import struct
import time
from collections.abc import Callable

PORT = 123
_FROM_1900 = 2208988800  # seconds to 1970
_CLIENT, _SERVER = 3, 4  # modes
_HEADER = struct.Struct(">BBbb4s4s4sQ8sQQ")
_UNSYNCHRONISED = 3  # leap indicator


def _stamp(seconds: float) -> int:
    """Seconds since 1970 as 32 bits of seconds since 1900, which begin anew in 2036, and 32 of their fraction."""
    return int((seconds + _FROM_1900) * (1 << 32)) & 0xFFFF_FFFF_FFFF_FFFF


class NtpServer:
    """A server that tells the host's time. Its faults are attributes, to be changed at any time.

    offset          seconds that it is ahead of the host's clock
    silent          no answer
    kiss            a code such as "RATE" or "DENY": an answer of stratum 0 that tells only this
    unsynchronised  it does not know the time itself: leap indicator 3, stratum 0
    forged          the origin of its answers is not what the client sent, as with an answer to somebody else
    delay           seconds until it answers
    """

    def __init__(self, offset: float = 0.0):
        self.offset = offset
        self.silent = self.unsynchronised = self.forged = False
        self.kiss: str | None = None
        self.delay = 0.0
        self.stratum = 2
        self.asked = 0  # requests so far, answered or not
        self.go_with(time.monotonic)

    def go_with(self, seconds: Callable[[], float]):
        """Whose seconds it counts: they begin at the host's time."""
        self._seconds = seconds
        self._begin = time.time() - seconds()

    def now(self) -> float:
        """Seconds since 1970; they go as fast as the board's."""
        return self._begin + self._seconds() + self.offset

    def answer(self, request: bytes) -> bytes | None:
        """What it sends back; None: nothing."""
        self.asked += 1
        if self.silent or len(request) < _HEADER.size or request[0] & 7 != _CLIENT:
            return None
        leap, stratum, reference = 0, self.stratum, b"\xc0\x00\x02\x01"
        if self.kiss or self.unsynchronised:
            leap, stratum, reference = _UNSYNCHRONISED, 0, (self.kiss or "INIT").encode()
        now, version, origin = _stamp(self.now()), request[0] >> 3 & 7, bytes(request[40:48])
        if self.forged:
            origin = bytes(byte ^ 0x55 for byte in origin)
        first = leap << 6 | version << 3 | _SERVER
        return _HEADER.pack(
            first, stratum, request[2] & 0x7F, -20, b"\0\0\1\0", b"\0\0\2\0", reference,
            now - (60 << 32) & 0xFFFF_FFFF_FFFF_FFFF, origin, now, now,
        )  # fmt: skip


class TimeServers:
    """Which names lead to which servers. `ntp`: a NtpServer for all of *.ntp.org, or {name: NtpServer}; names may be
    patterns or addresses. A name of *.ntp.org without a server has an address where nobody answers."""

    def __init__(self, ntp: NtpServer | dict[str, NtpServer] | None, seconds: Callable[[], float] | None = None):
        table = ntp if isinstance(ntp, dict) else {"*.ntp.org": ntp}
        self._names: dict[str, str] = {}
        self.at: dict[str, NtpServer | None] = {}  # by address
        for i, (name, server) in enumerate({**table, "*.ntp.org": table.get("*.ntp.org")}.items(), 1):
            address = name if name.replace(".", "").isdigit() else f"203.0.113.{i}"  # RFC 5737: in nobody's network
            self._names[name] = address
            self.at[address] = server
            if server and seconds:
                server.go_with(seconds)

    def address(self, name: str) -> str | None:
        for pattern, address in self._names.items():
            if fnmatch.fnmatchcase(name, pattern):
                return address
        return None
