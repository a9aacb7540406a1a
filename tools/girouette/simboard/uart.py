"""A serial port of the chip, and the other end of its two wires: bytes at their times, 10 bits each.

What a part says at another speed than the port listens at is garbage. What it says is the part's.
"""

import random
from collections import deque

from .parts.serial import SerialPart

_ROOM = 256  # bytes that the chip keeps for a program which does not read


class Uart:
    """`part` is what the port is wired to, or None; time is the part's."""

    def __init__(self, part: SerialPart | None, baud: int):
        self._part, self._baud = part, baud
        self._came: deque[int] = deque()
        self._random = random.Random(baud)
        if part:
            part.hush(part.clock())

    def any(self) -> int:
        self._listen()
        return len(self._came)

    def read(self, n: int) -> bytes:
        self._listen()
        return bytes(self._came.popleft() for _ in range(min(n, len(self._came))))

    def write(self, data: bytes):
        if self._part:
            self._part.hear(self._garbled(data), self._part.clock())

    def _listen(self):
        if self._part:
            said = self._garbled(self._part.said(self._part.clock()))
            self._came += said[: _ROOM - len(self._came)]  # what finds no room is lost

    def _garbled(self, data: bytes) -> bytes:
        return data if self._baud == self._part.baud else bytes(self._random.randrange(256) for _ in data)


