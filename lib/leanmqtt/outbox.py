# The outbox: one linear byte arena of encoded PUBLISH packets, each from `publish` to its final ack.
# Queue, in-flight window and retransmission are the same bytes; a record's state stands in its header.
# It knows packets and packet ids; it does not know sockets, time (but for the stamp it is given),
# subscriptions or what a QoS 2 exchange is beyond two states.
#
# A record: size (3 bytes) | state | packet id (2) | stamp (2) | the packet as it is sent.
# [0, base) holds one record that never moves or is dropped: the birth message, if there is one.
# [base, tail) holds the others, oldest first; freed ones are holes until the next compaction.
from .codec import varint
from .port import const, pack_into

_HEAD = const(8)
_DROPS = const(8)
_SLACK = const(64)  # behind the arena: copies to its free end go in steps of 64 bytes

# States; session.py and qos2.py have the same numbers
_FREE = const(0)
_QUEUED = const(1)  # to be sent, never sent before
_RESEND = const(2)  # PUBLISH to be sent again
_RELEASE = const(3)  # PUBREL to be sent again
_SENT = const(4)  # PUBACK or PUBREC awaited; and 5, PUBCOMP awaited


class Outbox:
    """`size` bytes for packets and their 8-byte headers, besides the room for `birth`, a Will."""

    def __init__(self, size, mover, birth=None):
        self.mover = mover
        self.limit = self.base = self.head = self.tail = self.next = 0  # oldest record, free end, next to be written
        self.done = 0  # bytes of the packet at `next` already written
        self.used = 0  # bytes of records that are not holes, the birth message apart
        self.count = 0  # their number
        self.flying = 0  # QoS 1 and 2 records sent on this connection and not finally acknowledged
        self.dup = True  # what is sent again carries DUP
        self.dropped = 0
        self.drops = [0] * _DROPS  # dropped packet ids not yet reported, as ranges: first, last, first, last
        self.ranges = 0  # entries of it in use
        self.tn = self.pn = self.size = self.first = self.pid = 0  # of the packet being put in
        if birth:
            self.tn = len(birth.topic)
            self.pn = len(birth.payload)
            self.first = 0x30 | birth.qos << 1 | (1 if birth.retain else 0)
            self.measure()
            self.base = self.size
        self.limit = self.base + size
        self.buf = bytearray(self.limit + _SLACK)
        if birth:
            self.encode(birth.topic, birth.payload)
            self.commit()
            self.buf[3] = _FREE
            self.at = self.size - self.pn - 2  # where its packet id stands, if it has one
            self.used = self.count = 0
        self.head = self.next = self.tail = self.base

    # -- in

    def measure(self):
        """`size` of a record of `tn` topic and `pn` payload bytes and the fixed header's `first` byte."""
        n = self.tn + self.pn + (_HEAD + 6 if self.first & 6 else _HEAD + 4)
        if n > 127 + _HEAD + 2:
            n += 1 if n < 16384 + _HEAD + 2 else 2 if n < 2097152 + _HEAD + 2 else 3
        self.size = n

    def encode(self, topic, payload):
        """Write the packet behind the tail, where there is room; it counts from `commit` on."""
        p = self.tail + _HEAD
        if self.size < 128 + _HEAD + 2:
            pack_into(">BBH", self.buf, p, self.first, self.size - _HEAD - 2, self.tn)
            p += 4
        else:
            p = self._long(p)
        if self.tn <= _SLACK:
            pack_into("64s", self.buf, p, topic)
        else:
            self._copy(p, topic, self.tn + 63 & ~63)
        p += self.tn
        if self.first & 6:  # [MQTT-2.3.1-5]
            pack_into(">H", self.buf, p, self.pid)
            p += 2
        if self.pn <= _SLACK:
            pack_into("64s", self.buf, p, payload)
        else:
            self._copy(p, payload, self.pn + 63 & ~63)

    def _long(self, p):
        self.buf[p] = self.first
        p = varint(self.buf, p + 1, self.tn + self.pn + (4 if self.first & 6 else 2))
        pack_into(">H", self.buf, p, self.tn)
        return p + 2

    def _copy(self, p, src, n):
        self.mover.move(self.buf, p, src, 0, n)

    def commit(self):
        """Make what `encode` wrote a queued record."""
        pack_into(">BHBH", self.buf, self.tail, self.size >> 16, self.size & 0xFFFF, _QUEUED, self.pid)
        self.tail += self.size
        self.used += self.size
        self.count += 1

    # -- room

    def room(self, drop):
        """Make room at the tail for the packet at hand, dropping what was never sent if `drop`.

        False: there is none.
        """
        self.measure()
        if self.size > self.limit - self.base:  # never
            return False
        if self.tail + self.size <= self.limit:
            return True
        n = self.base + self.used + self.size - self.limit  # bytes that must go
        if n > 0:
            if not drop or self._drop(n, 0) > 0:
                return False
            n = self._drop(n, 1)
            if n > 0 and self._drop(n, 2) > 0:
                return False
        self._compact()
        return True

    def step(self, p):
        """Offset of the record behind the one at `p`."""
        return p + (self.buf[p] << 16 | self.buf[p + 1] << 8 | self.buf[p + 2])

    def _drop(self, n, drop):
        # Drop what was never sent, not even a byte of it, oldest first, until n bytes are free; what is
        # wanting then is returned. drop: 0: only see whether it would do, 1: QoS 0, 2: any.
        p = self.head
        while n > 0 and p < self.tail:
            if self.buf[p + 3] == _QUEUED and not (p == self.next and self.done):
                if not drop or (drop > 1 or not self.buf[p + _HEAD] & 6) and self._report(p):
                    n -= self.step(p) - p
                    if drop:
                        self.dropped += 1
                        self.free(p)
            p = self.step(p)
        return n

    def _report(self, p):
        # Dropped ids mostly follow one another: ranges hold them until poll reports them.
        d = self.drops
        k = self.ranges
        p = self.buf[p + 4] << 8 | self.buf[p + 5]
        if p and not (k and d[k - 1] + 1 == p):
            if k == len(d):
                return False
            d[k] = p
            self.ranges = k = k + 2
        if p:
            d[k - 1] = p
        return True

    def take(self):
        """The packet id of a dropped packet, each once; call it only while there are `ranges`."""
        d = self.drops
        p = d[0]
        d[0] = p + 1
        if p == d[1]:
            self.ranges -= 2
            for k in range(self.ranges):
                d[k] = d[k + 2]
        return p

    def _compact(self):
        q = self.base
        p = r = self.head  # r: where the records begin that go to q together
        if self.next == self.tail:
            self.next = -1
        while p < self.tail:
            if p == self.next:
                self.next = q + p - r
            if not self.buf[p + 3]:
                self._copy_down(q, r, p - r)
                q += p - r
                r = self.step(p)
            p = self.step(p)
        self._copy_down(q, r, p - r)
        self.head = self.base
        self.tail = q + p - r
        if self.next < 0:
            self.next = self.tail

    def _copy_down(self, q, p, n):
        if p != q:
            self.mover.move(self.buf, q, self.buf, p, n)

    # -- out

    def scan(self):
        """Where a scan of all records begins."""
        return 0 if self.base and self.buf[3] else self.head

    def peek(self, window):
        """Offset of the next record to write, -1: none now. At most `window` QoS 1 and 2 records are in flight."""
        while self.next < self.tail:
            b = self.buf
            p = self.next
            if _FREE < b[p + 3] < _SENT:
                if b[p + _HEAD] & 6:
                    if self.flying >= window:
                        return -1
                    b[p + _HEAD] &= 0xF7  # [MQTT-4.3.2-1]
                    if self.dup and b[p + 3] == _RESEND:
                        b[p + _HEAD] |= 8  # [MQTT-3.3.1-1]
                return p
            self.next = self.step(p)
        return -1

    def sent(self, now):
        """The packet at `next` is written whole."""
        p = self.next
        self.next = self.step(p)
        self.done = 0
        if self.buf[p + _HEAD] & 6:
            self.wait(p, _SENT, now)
        else:
            self.free(p)

    def wait(self, p, state, now):
        """The record at `p` is in flight, in `state`: an acknowledgement is due from `now` on."""
        if self.buf[p + 3] < _SENT:
            self.flying += 1
        self.buf[p + 3] = state
        pack_into(">H", self.buf, p + 6, now >> 6 & 0xFFFF)

    # -- acknowledged, lost, resumed

    def find(self, pid):
        """Offset of the record with packet id `pid`, -1: there is none."""
        b = self.buf
        p = 0 if self.base and b[3] else self.head
        while p < self.tail:
            if b[p + 5] == pid & 255 and b[p + 4] == pid >> 8 and b[p + 3]:
                return p
            p = self.step(p)
        return -1

    def free(self, p):
        """The record at `p` has left: acknowledged, written (QoS 0) or dropped."""
        if self.buf[p + 3] >= _SENT:
            self.flying -= 1
        self.buf[p + 3] = _FREE
        if p < self.base:
            return
        self.used -= self.step(p) - p
        self.count -= 1
        p = self.head
        while p < self.tail and not self.buf[p + 3]:
            p = self.step(p)
        if p == self.tail:
            if self.next >= self.base:
                self.next = self.base
            p = self.tail = self.base
        elif self.base <= self.next < p:
            self.next = p
        self.head = p

    def rewind(self, clean):
        """The connection is gone: what was in flight goes again, in its order [MQTT-4.6.0-1]. clean: the broker
        lost the session, so that exchanges of QoS 2 begin again with their PUBLISH."""
        b = self.buf
        if self.done:
            b[self.next + 3] = _RESEND
        self.done = self.flying = 0
        p = self.next = self.scan()
        while p < self.tail:
            if b[p + 3] >= _SENT:
                b[p + 3] -= 2
            if clean and b[p + 3] == _RELEASE:
                b[p + 3] = _RESEND
            p = self.step(p)

    def birth(self, pid):
        """Queue the birth message in front of everything; an unacknowledged one goes again as it was."""
        if not self.buf[3]:
            pack_into(">BH", self.buf, 3, _QUEUED, pid)
            if self.buf[_HEAD] & 6:
                pack_into(">H", self.buf, self.at, pid)
        self.next = 0

    def oldest(self, now):
        """Units of 64 ms for which an acknowledgement has been awaited."""
        n = 0
        p = self.scan()
        while p < self.next:
            if self.buf[p + 3] >= _SENT:
                n = max(n, self._age(p, now))
            p = self.step(p)
        return n

    def _age(self, p, now):
        return (now >> 6) - (self.buf[p + 6] << 8 | self.buf[p + 7]) & 0xFFFF
