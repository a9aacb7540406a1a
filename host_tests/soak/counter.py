"""The model of the counting part: it knows which numbers were read, and when."""

import time

from girouette.simboard.parts import Nak


class Counter:
    """Register 0 gives the next number, in three bytes; `read_at[n]` is when number n was read."""

    name = "counter"
    scl, sda, address = 22, 21, 0x40
    weather = None

    def __init__(self):
        self.clock = time.monotonic  # the board's, once it has one
        self.read_at: list[float] = []
        self.there = True

    def power_up(self):
        """It keeps its count: a number is never given twice."""

    def write(self, data: bytes):
        if not self.there:
            raise Nak

    def read(self, n: int) -> bytes:
        if not self.there:
            raise Nak
        self.read_at.append(self.clock())
        return (len(self.read_at) - 1).to_bytes(n, "big")
