"""What the board itself serves, TCP and UDP: the way from this host to a port that a firmware has bound.

A board's port 80 is none of this host's, so each gets a door here (net.py) that leads to where the board listens. It
is open while the board is on the air, by its own access point or on a network. A board that loses its power takes its
links with it: who came to it sees a reset.
"""

import random
import socket

from .net import Door, Network
from .ntp import TimeServers
from .pace import Pace

_PORTS = range(10_000, 32_000)  # below what the system gives to outgoing connections


class Served:
    """Lives on the board's event loop."""

    def __init__(self, pace: Pace):
        self._air = Network(None, TimeServers(None, pace.now), pace)
        self._doors: dict[int, Door] = {}

    def on_the_air(self, yes: bool):
        self._air.connected(yes)
        if not yes:
            self.cut()

    def cut(self):
        self._air.cut()

    def freeze(self, yes: bool):
        self._air.freeze(yes)

    def slow(self, bytes_per_second: float | None):
        self._air.slow(bytes_per_second)

    @property
    def links(self) -> int:
        return len(self._air.links)

    def inside(self, port: int) -> int:
        """Where the board is to bind for its `port`; what was bound for it before is given up."""
        found = _free_port()
        self._door(port).lead("127.0.0.1", found)
        return found

    def outside(self, port: int) -> int:
        """Where the host gets to it."""
        return self._door(port).port

    def close(self):
        self._air.close()

    def _door(self, port: int) -> Door:
        if port not in self._doors:
            self._doors[port] = self._air.door("127.0.0.1", 0, of=port)
        return self._doors[port]


def _free_port() -> int:
    while True:
        port = random.SystemRandom().choice(_PORTS)
        with socket.socket() as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            try:
                tcp.bind(("127.0.0.1", port))
                udp.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
