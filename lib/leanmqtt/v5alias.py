# Outgoing topic aliases of MQTT 5: loaded by the first broker that takes some. The outbox keeps every topic whole;
# here a packet about to be written gets a shorter beginning. A topic has its alias for good, a broker is told it once
# on each connection.
from .codec import varint
from .port import const, pack_into

_HEAD = const(8)  # of a record in the outbox
_LEAD = const(128)  # bytes of a packet that leave in one write
_MARKS = const(8)
_MASK = const(0x3FFFFFFF)


class Aliases:
    """At most `most` aliases, for the topics that come a second time first."""

    def __init__(self, out, most):  # cold: once a client
        self.out = out
        self.most = most
        self.names = []  # the first has alias 1
        self.announced = 0  # bit k: the broker knows alias k
        self.marks = [0] * _MARKS  # of topics that came once
        self.place = 0
        self.lead = bytearray(_LEAD + 64)
        self.topic = self.tn = 0  # of the record at hand: where its topic is, how long
        self.q = self.qn = 0  # where its properties are, how long
        self.end = 0  # where its packet ends by its own length
        self.first = 0  # of its bytes

    def shorten(self, s, p):
        """Give the record at `p` an alias, if its topic has one: s.lead[:lead_n] goes before its rest at `lead_at`."""
        self._cut(self.out.buf, p)
        if self.end != self.out.step(p):  # a stream, whose payload is elsewhere
            return
        k = self._find(self.out.buf)
        if not k or k > s.alias_max:  # [MQTT-3.2.2-17]
            return
        if self.announced >> k & 1:
            self._short(s, p, k)
        elif self.end - p - _HEAD + 5 <= s.packet_max:
            self._tell(s, p, k)

    def _cut(self, b, p):
        p += _HEAD
        self.first = b[p]
        self._number(b, p + 1)
        self.end = self.q + self.qn
        p = self.q
        self.tn = b[p] << 8 | b[p + 1]
        self.topic = p + 2
        self._number(b, p + 2 + self.tn + (2 if self.first & 6 else 0))

    def _number(self, b, p):
        # The variable byte integer at b[p], in `qn`; what is behind it, in `q`.
        k = 0
        self.qn = b[p] & 127
        while b[p] & 128:
            p += 1
            k += 7
            self.qn |= (b[p] & 127) << k
        self.q = p + 1

    def _find(self, b):
        # The alias of the topic, 0: it has none. One that comes a second time gets one.
        k = 0
        while k < len(self.names):
            if len(self.names[k]) == self.tn and b.find(self.names[k], self.topic, self.topic + self.tn) >= 0:
                return k + 1
            k += 1
        if k < self.most and self.tn > 3 and self._again(b):
            self._name(b)
            return k + 1
        return 0

    def _again(self, b):
        mark = self._mark(b, self.topic, self.tn)
        for k in range(_MARKS):
            if self.marks[k] == mark:
                return True
        # Any place: of topics that go round, more than there are marks, some stay until they come again.
        self.place = self.place * 5 + 1 & 255
        self.marks[self.place >> 5] = mark
        return False

    def _mark(self, b, i, n):
        # Of two topics with the same mark, one may get an alias the first time: no harm.
        n = (n & 63) << 24 ^ b[i + (n >> 1)] << 16 ^ b[i + n - 1] << 8 ^ b[i + n - 2] ^ b[i + n - 3] << 12
        return n & _MASK | 1

    def _name(self, b):  # cold: once a topic
        self.names.append(bytes(memoryview(b)[self.topic : self.topic + self.tn]))

    def _short(self, s, p, k):
        n = self.qn + 3
        b = self.lead
        b[0] = self.first
        p = self.end - self.q + n - self.qn + 2 + (1 if n < 128 else 2 if n < 16384 else 3)
        p = varint(b, 1, p + 2 if self.first & 6 else p)
        b[p] = b[p + 1] = 0  # the topic
        self._behind(p + 2, n, k)
        self._rest(s)

    def _behind(self, i, n, k):
        # Packet id, length of the properties, the alias.
        if self.first & 6:
            self.lead[i] = self.out.buf[self.topic + self.tn]
            self.lead[i + 1] = self.out.buf[self.topic + self.tn + 1]
            i += 2
        self.tn = varint(self.lead, i, n) + 3
        pack_into(">BH", self.lead, self.tn - 3, 0x23, k)

    def _rest(self, s):
        s.lead = self.lead
        s.lead_n = self.tn
        s.lead_at = self.q - self.out.next
        if self.tn + self.end - self.q <= _LEAD:  # all in one write
            self.out.mover.move(self.lead, self.tn, self.out.buf, self.q, self.end - self.q)
            s.lead_n += self.end - self.q
            s.lead_at += self.end - self.q

    def _tell(self, s, p, k):  # cold: once a topic and connection
        view = memoryview(self.out.buf)
        body = bytes(view[self.topic - 2 : self.topic + self.tn + (2 if self.first & 6 else 0)])
        head = bytearray(4)
        body += head[: varint(head, 0, self.qn + 3)] + bytes((0x23, 0, k))
        head = bytearray(5)
        head[0] = self.first
        s.lead = head[: varint(head, 1, len(body) + self.end - self.q)] + body
        s.lead_n = len(s.lead)
        s.lead_at = self.q - p
        self.announced |= 1 << k
