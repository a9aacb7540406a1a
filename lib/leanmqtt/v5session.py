# MQTT 5 below the public calls: the session that reads its packets and obeys what the broker announced, and the outbox
# whose records have properties. Both also speak 3.1.1 once the broker refused 5 (`level`). What is seldom (CONNECT,
# CONNACK, AUTH, words) is in v5cold.py; subscriptions and messages are in v5inbox.py.
from .codec import utf8, varint
from .outbox import Outbox
from .port import const, pack_into, release
from .session import Session

_MASK = const(0x3FFFFFFF)
_HEAD = const(8)  # of a record in the outbox
_QUEUED = const(1)
_RELEASE = const(3)
_SENT = const(4)
_CTL = const(1)  # what is being written, as in session.py
_RAW = const(2)
_OUT = const(3)
_HANDLED = const(1)  # an event
_PUBLISH = const(2)  # where a property may stand
_ACK = const(4)
_FATES = const(16)

# The properties by identifier, 0 to 42 (table 2-4): kind, and where each may stand, both as properties.py says.
KIND = b"\0\1\3\5\0\0\0\0\5\6\0\4\0\0\0\0\0\3\5\2\0\5\6\1\3\1\5\0\5\0\0\5\0\2\2\2\1\1\7\3\1\1\1"
WHERE = (
    b"\0\x42\x42\x42\0\0\0\0\x42\x42\0\x82\0\0\0\0\0\x29\1\1\0\x31\x31\x20"
    b"\x40\x20\1\0\x09\0\0\x1d\0\x21\x21\2\1\1\xff\x21\1\1\1"
)


class Outbox5(Outbox):
    """The outbox: each record is the packet with its whole topic, no alias, and the expiry first of its properties."""

    def __init__(self, size, mover, birth=None):  # cold: once a client
        self.level = 5
        self.writer = None  # of properties
        self.given = None  # the properties of the packet being put in
        self.qn = 0  # their bytes
        self.expiring = False  # some record has, or had, an expiry
        self.late = False  # some is over, and there was no room to note that
        self.fates = [0] * _FATES  # packet id, reason of what was refused or expired and is not reported yet
        self.told = 0  # entries of it in use
        self.clock = self.expired = 0  # seconds counted down; messages that were over
        if birth and birth.properties:
            self.mover = mover
            self.properties(birth.properties)
        Outbox.__init__(self, size, mover, birth)
        if birth:
            self.at -= self._field()
        self.plain()

    def plain(self):
        """The next packet has no properties."""
        self.given = None
        self.qn = 0

    def properties(self, given):
        """The next packet has these."""
        if not self.writer:
            self._load()
        self.qn = self.writer.measure(given, _PUBLISH)
        self.given = given
        if "message_expiry_interval" in given:
            self.expiring = True

    def _load(self):  # cold: once a client
        from .properties import Writer

        self.writer = Writer(self.mover)

    def _field(self):
        # Bytes of the properties with their length.
        if self.level == 4:
            return 0
        return self.qn + (1 if self.qn < 128 else 2 if self.qn < 16384 else 3)

    def measure(self):
        """As the outbox's."""
        self.pn += self._field()
        Outbox.measure(self)
        self.pn -= self._field()

    def encode(self, topic, payload):
        """As the outbox's."""
        if self.level == 4:
            return Outbox.encode(self, topic, payload)
        self.pn += self._field()
        self._topic(topic)
        self.pn -= self._field()
        self._rest(self.tail + self.size - self.pn - self._field(), payload)

    def _topic(self, topic):
        p = self.tail + _HEAD
        if self.size < 128 + _HEAD + 2:
            pack_into(">BBH", self.buf, p, self.first, self.size - _HEAD - 2, self.tn)
            p += 4
        else:
            p = self._long(p)
        self._copy(p, topic, self.tn)
        if self.first & 6:  # [MQTT-2.2.1-2]
            pack_into(">H", self.buf, p + self.tn, self.pid)

    def _rest(self, p, payload):
        p = varint(self.buf, p, self.qn)  # [MQTT-2.2.2-1]
        if self.given:
            p = self.writer.write(self.buf, p, self.given)
        self._copy(p, payload, self.pn)

    # -- expiry

    def expiry(self, p):
        """Where the expiry of the record at `p` stands; 0: it has none."""
        b = self.buf
        p += _HEAD
        k = b[p] & 6
        p += 1
        while b[p] & 128:
            p += 1
        p += 3 + (b[p + 1] << 8 | b[p + 2])
        if k:
            p += 2
        if not b[p]:
            return 0
        while b[p] & 128:
            p += 1
        return p + 2 if b[p + 1] == 2 else 0

    def age(self, n, busy):
        """`n` seconds went by: each expiry is counted down, and what is over and was never sent leaves.

        busy: the record at `next` is being written and stays as it is.
        """
        self.clock += n
        self.late = False
        p = self.head  # the birth message is another one each time
        while p < self.tail:
            if self.buf[p + 3] and not (p == self.next and busy):
                k = self.expiry(p)
                if k and self._count(k, n):
                    self._over(p, k)
            p = self.step(p)

    def _over(self, p, k):
        if self.buf[p + 3] != _QUEUED:
            self.buf[k + 3] = 1  # what is under way keeps one second
        elif self.told < len(self.fates):
            self.expired += 1
            self.refuse(p, -2)
        else:
            self.late = True  # as soon as others are reported

    def _count(self, k, n):
        # Two halves: on 32 bits the whole would be an object. True: it is over.
        high = (self.buf[k] << 8 | self.buf[k + 1]) - (n >> 16)
        n = (self.buf[k + 2] << 8 | self.buf[k + 3]) - (n & 0xFFFF)
        if n < 0:
            n += 65536
            high -= 1
        if high < 0 or not high | n:
            pack_into(">HH", self.buf, k, 0, 0)
            return True
        pack_into(">HH", self.buf, k, high, n)
        return False

    def refuse(self, p, reason):
        """Take the record at `p` out for `reason`, which on_delivered will say."""
        if reason < 0 or not self.buf[p + _HEAD] & 6:
            self.dropped += 1
        if self.buf[p + _HEAD] & 6 and p >= self.base:
            self.fates[self.told] = self.buf[p + 4] << 8 | self.buf[p + 5]
            self.fates[self.told + 1] = reason
            self.told += 2
        self.free(p)

    def fate(self):
        """The oldest fate leaves the list: its packet id; its reason is in `size`."""
        f = self.fates
        p = f[0]
        self.size = f[1]
        self.told -= 2
        for k in range(self.told):
            f[k] = f[k + 2]
        return p


class Session5(Session):
    """The session, at level 5 or 4. `five`: the client's V5."""

    five = None

    def __init__(self, *args):  # cold: once a client
        self.level = 5
        self.raw = None  # an AUTH to be written
        self.aliases = None  # outgoing ones: v5alias.py
        self.lead = None  # the beginning of the packet at hand, where it is not as the outbox has it
        self.lead_n = self.lead_at = 0  # bytes of it; bytes of the record it stands for
        self.alias = self.ident = self.idents = self.seen = self.where = 0  # of the properties at hand
        self.qat = self.qn = 0  # where they are, and how many bytes
        self.heeded = False  # a handler reads properties
        self.alias_in = 0  # topics kept for incoming aliases
        self.reason = 0
        self.limits()
        Session.__init__(self, *args)
        self.most = self.inflight
        self.own_beat = self.beat

    def limits(self):
        """What holds until a broker says otherwise."""
        self.max_qos = 2
        self.retain_ok = self.ids_ok = self.shared_ok = self.wild_ok = True
        self.packet_max = _MASK
        self.alias_max = 0

    # -- the connection

    def open(self, packet, now):
        """As the session's; its CONNECT at level 5."""
        if self.level == 5:
            packet = self.five.hello()
        Session.open(self, packet, now)

    def close(self):
        """As the session's."""
        self.raw = None
        self.lead_n = 0
        if self.aliases:
            self.aliases.announced = 0  # [MQTT-3.3.2-7]
        Session.close(self)

    def open_inbox(self):  # cold: once a client
        """As the session's."""
        if not self.inbox:
            from .v5inbox import Inbox5

            self.inbox = Inbox5(self)
        return self.inbox

    def shed(self):  # cold: what is seldom needed leaves the memory again
        """Let go of properties.py, unless the application uses properties."""
        if not self.out.writer and not self.heeded:
            try:
                release("properties")
            except KeyError:  # it was not loaded
                pass

    # -- out

    def span(self, now):
        """As the session's."""
        if not self.tx:
            if self._nothing():
                return 0
            self.tx = self._choose(now)
        if self.tx == _OUT:
            self._record(self.out)
        elif self.tx == _CTL:
            self.tx_buf = self.ctl
            self.tx_off = self.ctl_off
            self.tx_len = self.ctl_len - self.ctl_off
        return self.tx

    def _nothing(self):
        if self.raw or self.ctl_len or self.out.next != self.out.tail:
            return False
        return not (self.inbox and self.inbox.todo)

    def _record(self, o):
        if o.done < self.lead_n:
            self.tx_buf = self.lead
            self.tx_off = o.done
            self.tx_len = self.lead_n - o.done
        else:
            self.tx_buf = o.buf
            self.tx_off = o.next + self.lead_at + o.done - self.lead_n
            self.tx_len = o.step(o.next) - self.tx_off

    def _choose(self, now):
        if self.raw:
            self.tx_buf = self.raw
            self.tx_off = 0
            self.tx_len = len(self.raw)
            self.raw = None
            return _RAW
        now = Session._choose(self, now)
        while now == _OUT and self._unfit(self.out):
            if self.out.told >= len(self.out.fates):
                return 0
            self.out.refuse(self.out.next, self.reason)
            self.reason = 0
            now = Session._choose(self, 0)
        if now == _OUT:
            self.lead_n = 0
            self.lead_at = _HEAD
            if self.alias_max:
                self.aliases.shorten(self, self.out.next)
        return now

    def _unfit(self, o):
        # May the record at `next` not be sent to this broker? Of those sent before too: it would close each time.
        p = o.next
        k = o.buf[p + _HEAD]
        if o.done:
            return False
        self.reason = 0
        if k >> 1 & 3 > self.max_qos:  # [MQTT-3.2.2-11]
            self.reason = 0x9B
        elif k & 1 and not self.retain_ok:  # [MQTT-3.2.2-14]
            self.reason = 0x9A
        elif self._size(o.buf, p + _HEAD) > self.packet_max:  # [MQTT-3.2.2-15]
            self.reason = 0x95
        return self.reason

    def _size(self, b, i):
        # Of the packet at b[i]: a stream's is longer than its record.
        k = i
        n = 0
        while b[k + 1] & 128:
            n |= (b[k + 1] & 127) << 7 * (k - i)
            k += 1
        return 2 + k - i + (n | b[k + 1] << 7 * (k - i))

    def wrote(self, n, now):
        """As the session's; a packet may lie in two places."""
        if self.tx == _OUT and self.out.done + n == self.lead_n and self._more():
            self.last_tx = now
            self.out.done += n
            return
        Session.wrote(self, n, now)

    def _more(self):
        return self.out.next + self.lead_at < self.out.step(self.out.next)

    # -- in

    def next(self, now):
        """As the session's."""
        if self.level == 4:
            return Session.next(self, now)
        if self.ctl_len > 52:
            return 0
        k = self.frame()
        if k < 1:
            return self._none(k)
        if self.up and self.head & 0xF0 == 0x30:
            return (self.inbox or self.open_inbox()).read(k == 1)
        if k == 2:
            return -12
        if not self.up or self.end - self.at < 2 or self.head & 0x80:
            return self._other()
        self.pid = self.rx[self.at] << 8 | self.rx[self.at + 1]
        return self._ack(now) if self.pid else -14

    def _none(self, k):
        if not self.up and self.got and self.head != 0x20 and self.head != 0xF0:  # [MQTT-3.2.0-1]
            return -10
        return k and -12

    def _other(self):
        if self.level == 4:
            return Session._other(self)
        if not self.up or self.head == 0xF0 or self.head == 0xE0:
            return self._seldom()
        if self.head == 0xD0 and self.end == self.at:
            self.ping = 0
            return _HANDLED
        self.pid = self.rx[self.at] << 8 | self.rx[self.at + 1]
        if (self.head == 0x90 or self.head == 0xB0) and self.inbox and self.end - self.at > 3:
            return self.inbox.answered() if self.pid else -14
        return -17

    def _seldom(self):  # cold: once a connection
        from . import v5cold

        release("v5cold")
        event = v5cold.take(self.five, self)
        self.shed()
        return event

    def _ack(self, now):
        # PUBACK, PUBREC, PUBREL, PUBCOMP: without a reason it is 0.
        k = self.end - self.at
        self.reason = self.rx[self.at + 2] if k > 2 else 0
        if k > 3:
            k = self.properties(self.at + 3, _ACK)
            if k < 0 or self.at + 3 + k != self.end:
                return k if k < 0 else -12
        if self.reason > 127 and (self.head == 0x40 or self.head == 0x50):  # [MQTT-4.4.0-2]
            return self._refused(self.out.find(self.pid))
        if self.head != 0x40:
            return self.qos2.take(self, now) if self.qos2 else -17
        k = self.out.find(self.pid)
        if k < 0 or self.out.buf[k + 3] != _SENT or not self.out.buf[k + _HEAD] & 2:
            return -18
        return self.final(k)

    def _refused(self, k):
        if k < 0 or self.out.buf[k + 3] != _SENT or self.out.buf[k + _HEAD] & 6 != (2 if self.head == 0x40 else 4):
            return -18
        if self.out.told >= len(self.out.fates):  # more than eight at once: the reason of this one is lost
            return self.final(k)
        self.five.why(self)
        self.out.refuse(k, self.reason)
        return _HANDLED

    # -- properties

    def properties(self, i, where):
        """Check the properties whose length is at rx[i]: bytes that they take with it, or a fault.

        Notes where they are, alias, identifiers.
        """
        n = self.rx[i] & 127
        k = 1
        while self.rx[i + k - 1] & 128:
            if k > 3 or i + k >= self.end:
                return -12
            n |= (self.rx[i + k] & 127) << 7 * k
            k += 1
        self.alias = self.idents = self.seen = 0
        self.where = where
        self.qat = i + k
        if i + k + n > self.end or k > 1 and not self.rx[i + k - 1]:  # [MQTT-1.5.5-1]
            return -12
        if n:
            i = self._walk(i + k, i + k + n)
            if i < 0:
                return i
        self.qn = n
        return k + n

    def _walk(self, i, end):
        while i < end:
            k = self.rx[i]
            if k > 42 or not WHERE[k] & self.where:
                return -19
            if k != 0x26 and k != 0x0B:
                if self.seen >> k % 30 & 1:  # twice; no two that share a bit stand in one packet
                    return -19
                self.seen |= 1 << k % 30
            i = self._value(k, i + 1, end)
            if i < 0 or i > end:
                return i if i < 0 else -12
        return i

    def _value(self, k, i, end):
        t = KIND[k]
        if i >= end or t == 2 and i + 2 > end:
            return -12
        if t == 2:
            if k == 0x23:
                self.alias = self.rx[i] << 8 | self.rx[i + 1]
                if not self.alias:  # [MQTT-3.3.2-8]
                    return -23
            return i + 2
        if t == 1:
            return i + 1 if self.rx[i] < 2 else -19
        if t == 3:
            return i + 4
        if t == 4:
            return self._identifier(i)
        if t < 7:
            return self._text(t, i, end)
        i = self._text(t, i, end)
        return self._text(t, i, end) if i > 0 else i

    def _identifier(self, i):
        self.idents += 1
        self.ident = self.rx[i] & 127
        k = 7
        while self.rx[i] & 128:
            i += 1
            if k > 21 or i >= self.end:
                return -12
            self.ident |= (self.rx[i] & 127) << k
            k += 7
        return i + 1 if self.ident else -19

    def _text(self, t, i, end):
        if i + 2 > end:
            return -12
        t = t != 6
        i += 2
        end = min(end, i + (self.rx[i - 2] << 8 | self.rx[i - 1])) if t else end
        if not t:
            return i + (self.rx[i - 2] << 8 | self.rx[i - 1])
        if end != i + (self.rx[i - 2] << 8 | self.rx[i - 1]) or utf8(self.rx, i, end):  # [MQTT-1.5.4-1]
            return -12
        return end
