# The file of a journal: what it holds, how it is read after a reset, written and compacted. Part of the optional
# journal. When that is done, and what may be dropped, is journal.py's.
#
# It holds messages, as they lie in the outbox (their state: 1 never sent, 2 perhaps sent, 3 released), and states
# (9): offset of the first message never sent, packet ids received and not released, and packet id and state of each
# message before that offset that is not finally acknowledged. The last state counts, with what lies behind it.
from struct import unpack_from

from . import records
from .kept import NONE
from .port import const, pack_into

_SEAL = const(4)  # behind it in the file
_QUEUED = const(1)  # states of a message
_RESEND = const(2)
_RELEASE = const(3)
_STATE = const(9)  # a state record
_OUT = const(3)  # the session is writing a record of the outbox
_IDS = const(60_000)  # packet ids a file may span: none comes again in it
_AHEAD = const(1024)  # ids of QoS 2 that a state covers
_RETRY_MS = const(10_000)


class Store:
    """What a Journal is made of below its decisions."""

    def _replay(self):  # cold: once a client
        log = self.log
        at = records.START
        state = 0
        n = log.check(at)
        while n:
            if log.head[7] == _STATE:
                state = at
            self._learn(log.head)
            at += n + _SEAL
            n = log.check(at)
        log.cut(at)
        if state:
            self._take_state(state)
        self._count()

    def _learn(self, head):
        # The packet ids in use.
        i = head[8] << 8 | head[9]
        if head[7] == _STATE or (i - self.top) % 65535 < 32768 or not self.first:
            self.top = self.session.last = i
        if head[7] != _STATE and not self.first:
            self.first = i

    def _take_state(self, at):  # cold: once a client
        b = bytearray(self.log.look(at))
        self.log.read(at, b)
        k = b[6] << 8 | b[7]  # bytes of ids received
        self.edge = unpack_from(">I", b, 8)[0]
        n = (len(b) - 12 - k) % 3 and 4  # of MQTT 5: the outbox's clock
        self.back = b[12 + k : len(b) - n]
        if n:
            self.out.clock = unpack_from(">I", b, len(b) - 4)[0]
        if self.qos2 and k:
            self.qos2.ids[:k] = b[12 : 12 + k]
            self.qos2.used = k >> 1

    def _count(self):  # cold: once a client
        self.rd = records.START
        n = self._next()
        start = self.rd
        while n:
            self.waiting += 1
            self.live += n + _SEAL
            self.rd += n + _SEAL
            n = self._next()
        self.rd = NONE
        if self.waiting:
            self.rd = start
            self.stored = self.waiting
            self.out.count += self.waiting
            self.out.gap = self.out.base

    def _next(self):
        # The size of the message that waits at `rd`, which is moved there; 0: there is none.
        log = self.log
        while self.rd < log.end:
            n = log.look(self.rd)
            if not n:
                return 0
            if log.head[7] != _STATE and (self.rd >= self.edge or self._listed(log.head[8], log.head[9]) >= 0):
                return n
            self.rd += n + _SEAL
        return 0

    def _listed(self, high, low):
        b = self.back
        for i in range(0, len(b), 3):
            if b[i + 2] and b[i] == high and b[i + 1] == low:
                return i
        return -1

    def _enter(self, n):
        o = self.out
        p = o.tail
        k = self._listed(self.log.head[8], self.log.head[9])
        if self.rd < self.edge:
            o.buf[p + 3] = self.back[k + 2]
        if self.lost and o.buf[p + 3] == _RELEASE:
            o.buf[p + 3] = _RESEND
        if self.amend:
            self.amend(o.buf, p, p + n)
        self._consume(n)
        o.tail = o.wr = p + n
        o.used += n
        o.entered(p)
        self.session.spare = 0  # ids are in use that no one looked for

    def _consume(self, n):
        # The message at `rd` is not waiting any more.
        if self.rd < self.edge:
            self.back[self._listed(self.log.head[8], self.log.head[9]) + 2] = 0
        if self.new and self.rd < self.cursor:
            self.rd2 += n + _SEAL
        self.rd += n + _SEAL
        self.waiting -= 1

    # -- writing

    def _write(self, messages):  # cold: a file is written
        # Write the messages, if so, and the state.
        if self.broken:
            self.must = 0
            return False
        if self.log.end + 2 * (self.out.limit - self.out.base) + 512 > self.size or self._span() > _IDS:
            while self._tidy():
                pass
        o = self.out
        was = o.wr, o.gap, self.rd, self.stored, self.live, self.first
        try:
            self.log.begin()
            if messages:
                self._messages()
            self._state(self.log)
            self.log.sync()
        except OSError as e:
            o.wr, o.gap, self.rd, self.stored, self.live, self.first = was
            return self._failed(e)
        self._saved()
        if self.waiting:
            self.evict()
        return True

    def _saved(self):
        self.acked = 0
        self.must = 0
        self.clocked = self.out.clock
        self.top = self._top()

    def _messages(self):
        # Append what is not on flash.
        o = self.out
        p = o.unsaved()
        while p >= 0:
            n = o.step(p) - p
            k = o.buf[p + 3]
            if k == _QUEUED and p == o.next and (o.done or self.session.tx == _OUT):
                k = _RESEND  # it is just going out
            if k == _QUEUED and o.gap == NONE:
                o.gap = p
                self.rd = self.log.at
            self._append(p, n, k if k <= _RELEASE else k - 2)
            o.wr = p + n
            p = o.unsaved()

    def _append(self, p, n, state):  # cold: a file is written
        b = self.out.buf
        k = b[p + 3]
        b[p + 3] = state
        i = self.out.filed(p)
        try:
            self.log.append(self.out.view[p : p + n])
        finally:
            b[p + 3] = k
            self.out.unfiled(i)
        if not self.first:
            self.first = b[p + 4] << 8 | b[p + 5]
        self.stored += 1
        self.live += n + _SEAL

    def _top(self):
        return (self.session.last + _AHEAD - 1) % 65535 + 1 if self.qos2 else self.session.last

    def _state(self, log):  # cold: a file is written
        o = self.out
        b = bytearray(12)
        if self.qos2:
            for i in range(0, len(self.qos2.ids), 2):
                if self.qos2.ids[i] | self.qos2.ids[i + 1]:
                    b += self.qos2.ids[i : i + 2]
        k = len(b) - 12
        p = o.head
        while p < o.wr and p < o.gap:
            if o.buf[p + 3] and not o.fleeting(p):
                b += o.buf[p + 4 : p + 6]
                b.append(_RELEASE if o.buf[p + 3] in (_RELEASE, 5) else _RESEND)
            p = o.step(p)
        for i in range(0, len(self.back), 3):
            if self.back[i + 2]:
                b += self.back[i : i + 3]
        if o.clock:
            b += bytes(4)
            pack_into(">I", b, len(b) - 4, o.clock)
        n = len(b)
        rd = log.at if o.gap == NONE else max(self.rd, self.edge)
        pack_into(">BHBHHI", b, 0, n >> 16, n & 0xFFFF, _STATE, self._top(), k, rd)
        log.append(b)

    def _span(self):
        return (self.session.last - self.first) % 65535 if self.first else 0

    def _failed(self, e):
        self.client.last_error = records.words(self.path, e)
        self.log.failed()
        self.broken = True
        self.must = 0
        return self._wait()

    def _wait(self):
        self.pause = min(_RETRY_MS, self.delay_ms)
        self.paused_at = self.client._now
        return False

    def evict(self):  # cold: a file was written
        """What is on flash and was never sent leaves the outbox."""
        o = self.out
        p = o.gap
        end = o.wr
        while p < end:
            if o.buf[p + 3] == _QUEUED and not o.fleeting(p):
                o.count += 1
                self.waiting += 1
                o.leave(p)
            p = o.step(p)

    # -- compaction

    def _tidy(self):  # cold: files are read and written
        # Copy a little of what is alive to a new file, which takes the place of this one; False: it has.
        try:
            if not self.new:
                self.new = records.Log(self.path + ".new", self.log.owner)
                self.new.create()
                self.cursor = self.rd2 = self.edge2 = records.START
                self.first2 = 0
                return True
            left = 512
            while left > 0 and self.cursor < self.log.end:
                left -= self._copy()
            if self.cursor < self.log.end:
                return True
            self._swap()
        except OSError as e:
            if self.new:
                self.new.failed()
                records.remove(self.path + ".new")
            self.new = None
            self._failed(e)
        return False

    def _copy(self):
        log = self.log
        at = self.cursor
        n = log.check(at)
        if not n:
            raise OSError(5, "damaged")
        b = log.head
        if b[7] != _STATE and self._alive(at, b[8], b[9]):
            if not self.first2:
                self.first2 = b[8] << 8 | b[9]
            log.copy(at, n, self.new)
            if at < self.rd:
                self.rd2 = self.new.at
            if at < self.edge:
                self.edge2 = self.new.at
        self.cursor = at + n + _SEAL
        return n

    def _alive(self, at, high, low):
        if at >= self.rd:
            return at >= self.edge or self._listed(high, low) >= 0
        return self.out.base <= self.out.find(high << 8 | low) < self.out.wr

    def _swap(self):  # cold: a file is written
        new = self.new
        was = self.rd, self.edge
        if self.out.gap < NONE:
            self.rd = self.rd2
        self.edge = self.edge2
        try:
            self._state(new)
            new.sync()
            new.take_place(self.log)
        except OSError:
            self.rd, self.edge = was
            raise
        self.log = new
        self.new = None
        self.first = self.first2
        self._saved()
