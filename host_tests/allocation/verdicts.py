"""What the measuring programs say, and what is wrong with it, in words. Nothing here measures."""

from typing import NamedTuple

TIMES = 10_000  # repetitions of each operation with the object layout of the chips, 32 bits, and a made-up broker
FEW = 300  # on 64 bits, and over a real socket


class Verdict(NamedTuple):
    """Three meters of one operation. Bytes are those of all repetitions together."""

    operation: str
    times: int
    done: int  # how often it was really done, with the heap free and again with the heap locked
    live: int  # bytes kept at the end: gc.mem_alloc()
    total: int  # bytes ever asked for: micropython.mem_total()
    locked: str  # "locked" if it runs with the heap locked, else what was raised

    def faults(self):
        if self.done != self.times:
            yield f"was done {self.done:,} times of {self.times:,}"
        if self.live:
            yield f"{self.live:,} bytes live ({self.live / self.times:.4g} each time)"
        if self.total:
            yield f"{self.total:,} bytes asked for ({self.total / self.times:.4g} each time)"
        if self.locked != "locked":
            yield f"{self.locked} with the heap locked"


def parse(text: str) -> list[Verdict]:
    """The verdicts a program printed, one a line."""
    rows = [line.split("\t") for line in text.splitlines()]
    return [Verdict(name, *map(int, numbers), locked) for name, *numbers, locked in rows]


def allocates_nothing(verdicts: list[Verdict]):
    """Raise AssertionError naming each operation that allocates, and how much."""
    assert verdicts, "nothing was measured"
    complaints = [f"{v.operation}: {', '.join(faults)}" for v in verdicts if (faults := [*v.faults()])]
    assert not complaints, "these operations must not allocate:\n" + "\n".join(complaints)


def same_heap(text: str):
    """Raise AssertionError unless the heap in use after the 100th reconnect is that after the 10th, to the byte."""
    reconnects, messages, tenth, hundredth = map(int, text.split())
    assert (reconnects, messages >= 100) == (100, True), f"{reconnects} reconnects, {messages} messages"
    assert 0 < tenth == hundredth, f"{tenth:,} bytes after the 10th reconnect, {hundredth:,} after the 100th"
