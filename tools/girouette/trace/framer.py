"""Cuts a stream of bytes into packets by their first byte and length, and keeps of each only what it is shown of.

A message may be larger than any memory: its body is counted to its end, and `KEEP` bytes of it are held.
"""

from dataclasses import dataclass

from .rules import cited

KEEP = 64 * 1024


@dataclass
class Frame:
    """`body`: the first KEEP of `length` bytes after the fixed header; `size`: bytes on the wire."""

    first: int
    body: bytes
    length: int
    size: int
    begun: float  # when its first byte came


class Framer:
    """One direction of a connection. `lost`: why nothing can be told any more from its bytes, or None."""

    def __init__(self):
        self.lost: str | None = None
        self._begin()

    def _begin(self):
        self._head = bytearray()
        self._body = bytearray()
        self._length = None  # of the body, once it is known
        self._left = 0
        self._since = 0.0

    def feed(self, data: bytes, at: float) -> list[Frame]:
        """The packets that are whole now."""
        found = []
        view = memoryview(data)
        while view and not self.lost:
            if self._length is None:
                self._since = self._since if self._head else at
                view = self._header(view, found)
            else:
                view = self._fill(view, found)
        return found

    def skip(self, count: int) -> bool:
        """So many bytes are missing: whether it is known where the next packet begins. Else it begins now."""
        inside = self._length is not None and count <= self._left
        if inside:
            self._left -= count
            self._body.extend(bytes(max(0, min(count, KEEP - len(self._body)))))
        else:
            self._begin()
        return inside

    @property
    def within(self) -> bool:
        """Whether a packet has begun and is not whole."""
        return bool(self._head)

    def _header(self, view, found):
        self._head.append(view[0])
        if len(self._head) > 1 and not view[0] & 0x80:
            self._length = sum((byte & 0x7F) << 7 * place for place, byte in enumerate(self._head[1:]))
            self._left = self._length
            if not self._left:
                self._end(found)
        elif len(self._head) == 5:
            self.lost = f"the length of a packet has more than 4 bytes {cited('length', 4)}"
        return view[1:]

    def _fill(self, view, found):
        count = min(len(view), self._left)
        room = max(0, KEEP - len(self._body))
        self._body += view[: min(count, room)]
        self._left -= count
        if not self._left:
            self._end(found)
        return view[count:]

    def _end(self, found):
        size = len(self._head) + self._length
        found.append(Frame(self._head[0], bytes(self._body), self._length, size, self._since))
        self._begin()
