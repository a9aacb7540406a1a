# The outbox of a client with a journal, and QoS 2 with one: where the journal looks on. Part of the optional journal.
# What is written is not decided here.
from .outbox import Outbox
from .port import const, pack_into

_HEAD = const(8)  # of a record
NONE = 1 << 29  # an offset behind all others


class Kept(Outbox):
    """The outbox of a client with a journal: [base, gap) goes out; what is behind waits for what only the file has."""

    def __init__(self, old, journal, client):  # cold: once a client
        self.clock = 0  # of MQTT 5: seconds by which expiries were counted down
        for name in old.__dict__:
            setattr(self, name, old.__dict__[name])
        self.journal = journal
        self.client = client
        self.view = memoryview(self.buf)
        self.wr = self.base  # messages before it are on flash
        self.gap = NONE  # never sent and on flash: they may go out only after a state says so

    def commit(self):
        """As the outbox's, with the time."""
        pack_into(">H", self.buf, self.tail + 6, self.client._now >> 6 & 0xFFFF)
        Outbox.commit(self)
        if self.first & 4:
            self.journal.reserve(self.pid)

    def peek(self, window):
        """As the outbox's."""
        window = Outbox.peek(self, window)
        return window if window < self.gap else -1

    def free(self, p):
        """As the outbox's."""
        if self.base <= p < self.wr and not self.fleeting(p):
            self.journal.freed(self.step(p) - p)
        self.leave(p)

    def fleeting(self, p):
        """Is the record at `p` none for the file? QoS 0; stream.py has another for a stream, which needs its source."""
        return not self.buf[p + _HEAD] & 6

    def leave(self, p):
        """Take the record at `p` out, wherever else it is."""
        Outbox.free(self, p)
        if self.tail == self.base:
            self.wr = self.gap = self.base
            if not self.journal.waiting:
                self.gap = self.journal.rd = NONE

    def room(self, drop):
        """As the outbox's; what is on flash and was never sent leaves first."""
        if self.base + self.used + self.size > self.limit >= self.base + self.size:
            self.journal.spill()
        return Outbox.room(self, drop)

    def _compact(self):
        self.wr = self._kept(self.wr)
        if self.gap < NONE:
            self.gap = self._kept(self.gap)
        Outbox._compact(self)

    def _kept(self, end):
        # Where `end` will be without the holes.
        n = self.base
        p = self.head
        while p < end and p < self.tail:
            if self.buf[p + 3]:
                n += self.step(p) - p
            p = self.step(p)
        return n

    def rewind(self, clean):
        """As the outbox's."""
        Outbox.rewind(self, clean)
        if clean and self.journal.stored:
            self.journal.begin_again()

    def filed(self, p):
        """The record at `p` is about to be written: v5kept.py has something to do."""
        return 0

    def unfiled(self, k):
        """It was written; `k`: what `filed` answered."""

    def entered(self, p):
        """The record at `p` was read."""

    def unsaved(self):
        """Offset of the first message that is not on flash, -1: all are."""
        p = self.wr
        while p < self.tail:
            if self.buf[p + 3] and not self.fleeting(p):
                return p
            self.wr = p = self.step(p)
        return -1


class Once:
    """QoS 2 with a journal: what changes is on flash before it is answered."""

    def __init__(self, journal, inner):
        self.journal = journal
        self.inner = inner
        self.release = inner.release
        self.new = inner.new

    def forget(self):
        """As ExactlyOnce."""
        if self.inner.used:
            self.journal.must |= 1
        self.inner.forget()

    def received(self, s, event):
        """As ExactlyOnce."""
        self.journal.must |= 1
        return self.inner.received(s, event)

    def leave(self, pid):
        """As ExactlyOnce."""
        self.journal.must |= 1
        self.inner.leave(pid)

    def take(self, s, now):
        """As ExactlyOnce."""
        if s.head == 0x50:  # PUBREC: its message is to be on flash too
            self.journal.must |= 2
        elif s.head == 0x62:  # PUBREL
            self.journal.must |= 1
        return self.inner.take(s, now)
