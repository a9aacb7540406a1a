"""Sources of streams, and what a broker and a handler see of them.

What must not live here: anything of leanmqtt. Runs on CPython and MicroPython.
"""


def pattern(n, seed=0):
    """n bytes in which no two pieces are the same for long."""
    return bytes([(i * 7 + i // 251 + seed) & 255 for i in range(n)])


class Source:
    """A file in memory with moods."""

    def __init__(self, data, piece=10**9):
        self.data, self.piece = data, piece
        self.at = self.asked = self.rewound = 0
        self.fails = None  # [offset, exception]: raised there
        self.dry = False  # nothing at the moment

    def seek(self, at):
        assert at == 0, "asked to go anywhere but to the start"
        self.at = at
        self.rewound += 1

    def readinto(self, buf):
        self.asked += 1
        if self.dry:
            return None
        if self.fails and self.at >= self.fails[0]:
            raise self.fails[1]
        n = min(len(buf), self.piece, len(self.data) - self.at)
        if self.fails:
            n = min(n, self.fails[0] - self.at)
        buf[:n] = self.data[self.at : self.at + n]
        self.at += n
        return n


class Taker:
    """A handler that takes chunks and puts them together: `whole` messages as (topic, payload)."""

    def __init__(self):
        self.whole, self.chunks, self.part = [], [], b""
        self.fails = None  # from this offset on it raises

    def __call__(self, m):
        self.chunks.append((m.offset, m.payload_len, m.total))
        if self.fails is not None and m.offset >= self.fails:
            raise KeyError("the handler's own")
        if not m.offset:
            self.part = b""
        assert m.offset == len(self.part), "a chunk is missing"
        self.part += m.payload
        assert len(self.part) <= m.total
        if len(self.part) == m.total:
            self.whole.append((m.topic, self.part))
