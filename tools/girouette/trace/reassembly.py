"""The streams of a TCP connection from its segments: in order, without what was sent twice. RFC 9293, section 3.10.7.4.

What never arrived in the capture is told as a gap, so that nothing is made up. MQTT is not known here.
"""

from collections.abc import Callable

_MOST_WAITING = 1 << 20  # bytes behind a hole: then the capture has lost it, for no window of a node's is that large
_CIRCLE = 1 << 32


class Stream:
    """One direction. `deliver(data, at)` gets what is next, `gap(count, at)` what is missing before it."""

    def __init__(self, deliver: Callable, gap: Callable):
        self._deliver, self._gap = deliver, gap
        self._next: int | None = None  # sequence number awaited
        self._waiting: dict[int, tuple[bytes, float]] = {}

    def begin(self, sequence: int):
        """The number of the SYN."""
        self._next = (sequence + 1) % _CIRCLE

    def segment(self, sequence: int, data: bytes, at: float):
        """One segment, in whatever order."""
        if self._next is None:  # the capture began in the middle
            self._next = sequence
        if not data:
            return
        held = self._waiting.get(sequence)
        if held is None or len(held[0]) < len(data):
            self._waiting[sequence] = (bytes(data), at)
        self._drain(at)
        if sum(len(data) for data, _ in self._waiting.values()) > _MOST_WAITING:
            self._jump(at)

    def end(self, at: float):
        """Nothing comes any more: what waits behind a hole is given."""
        while self._waiting:
            self._jump(at)

    def _drain(self, at: float):
        while ready := [place for place in self._waiting if self._ahead(place) <= 0]:
            place = min(ready, key=self._ahead)
            data, _ = self._waiting.pop(place)
            fresh = data[-self._ahead(place) :]
            if fresh:
                self._next = (self._next + len(fresh)) % _CIRCLE
                self._deliver(fresh, at)

    def _jump(self, at: float):
        place = min(self._waiting, key=self._ahead)
        count, self._next = self._ahead(place), place
        self._gap(count, at)
        self._drain(at)

    def _ahead(self, place: int) -> int:
        """How far behind the awaited number it is; negative: in part or wholly known."""
        return (place - self._next + _CIRCLE // 2) % _CIRCLE - _CIRCLE // 2
