# MQTT 5 below the public calls: the session that reads its packets and obeys what the broker announced. It also speaks
# 3.1.1 once the broker refused 5 (`level`). Its outbox is in v5outbox.py; what is seldom (CONNECT, CONNACK, AUTH,
# words) in v5cold.py; subscriptions and messages in v5inbox.py.
from .codec import utf8
from .port import const, release
from .session import Session

_MASK = const(0x3FFFFFFF)
_HEAD = const(8)  # of a record in the outbox
_SENT = const(4)  # a state of one
_RAW = const(2)  # what is being written, as in session.py
_OUT = const(3)
_HANDLED = const(1)  # events
_MESSAGE = const(2)
_ACK = const(4)  # where a property may stand
_BINARY = const(6)  # a kind of property

# The properties by identifier, 0 to 42 (table 2-4): kind, and where each may stand, both as properties.py says.
KIND = b"\0\1\3\5\0\0\0\0\5\6\0\4\0\0\0\0\0\3\5\2\0\5\6\1\3\1\5\0\5\0\0\5\0\2\2\2\1\1\7\3\1\1\1"
WHERE = (
    b"\0\x42\x42\x42\0\0\0\0\x42\x42\0\x82\0\0\0\0\0\x29\1\1\0\x31\x31\x20"
    b"\x40\x20\1\0\x09\0\0\x1d\0\x21\x21\2\1\1\xff\x21\1\1\1"
)


class Session5(Session):
    """The session, at level 5 or 4. `five`: the client's V5."""

    five = None

    def __init__(self, *args):  # cold: once a client
        self.level = 5
        self.raw = None  # to be written behind `ctl`: an AUTH, an acknowledgement that says more than usual
        self.owed = False  # the message at hand is to be acknowledged once its handlers have seen it
        self.answer = None  # what its acknowledgement says: see v5ack.py
        self.aliases = None  # outgoing ones: v5alias.py
        self.lead = None  # the beginning of the packet at hand, where it is not as the outbox has it
        self.lead_n = self.lead_at = 0  # bytes of it; bytes of the record it stands for
        self.alias = self.ident = self.idents = self.seen = self.where = 0  # of the properties at hand
        self.qat = self.qn = 0  # where they are, and how many bytes
        self.heeded = False  # a handler reads properties
        self.alias_in = 0  # topics kept for incoming aliases
        self.refusal = 0  # why the record at hand may not be sent
        self.limits()
        Session.__init__(self, *args)
        self.most = self.inflight
        self.own_beat = self.beat

    def limits(self):
        """What holds until a broker says otherwise."""
        self.max_qos = 2
        self.retain_ok = self.ids_ok = self.shared_ok = self.wild_ok = True
        self.packet_max = _MASK
        self.alias_max = self.qn = self.reason = 0  # reason: that of the acknowledgement at hand

    # -- the connection

    def open(self, packet, now):
        """As the session's; its CONNECT at level 5."""
        if self.level == 5:
            packet = self.five.hello()
        Session.open(self, packet, now)

    def close(self):
        """As the session's."""
        self.raw = self.answer = None
        self.owed = False
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
        if self.raw and not self.tx:
            self.tx = self._choose(now)
        if Session.span(self, now) == _OUT:
            self._record(self.out)
        return self.tx

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
        if self.raw and not self.ctl_len:
            self.tx_buf = self.raw
            self.tx_off = 0
            self.tx_len = len(self.raw)
            self.raw = None
            return _RAW
        k = Session._choose(self, now)
        while k == _OUT and self._unfit(self.out):
            if self.out.told >= len(self.out.fates):
                return 0
            self.out.refuse(self.out.next, self.refusal)
            k = Session._choose(self, now)
        if k == _OUT:
            self.lead_n = 0
            self.lead_at = _HEAD
            if self.alias_max:
                self.aliases.shorten(self, self.out.next)
        return k

    def _unfit(self, o):
        # May the record at `next` not be sent to this broker? Of those sent before too: it would close each time.
        p = o.next
        k = o.buf[p + _HEAD]
        if o.done:
            return False
        self.refusal = 0
        if k >> 1 & 3 > self.max_qos:  # [MQTT-3.2.2-11]
            self.refusal = 0x9B
        elif k & 1 and not self.retain_ok:  # [MQTT-3.2.2-14]
            self.refusal = 0x9A
        elif o.counted(p + _HEAD + 1) >= self.packet_max:  # by its own length: a stream is longer [MQTT-3.2.2-15]
            self.refusal = 0x95
        return self.refusal

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
        if self.ctl_len > 52 or self.raw:  # no room for answers, or one is to leave before them [MQTT-4.6.0-2]
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
        self.qn = 0
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
        return self.final(k)

    def receipt(self, e):
        """As the session's; of a message that goes to handlers, dispatch acknowledges when they have seen it."""
        e = Session.receipt(self, e)
        if e == _MESSAGE:
            self.ctl_len -= 4
            self.owed = True
        return e

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
        i += 2
        n = i + (self.rx[i - 2] << 8 | self.rx[i - 1])
        if t != _BINARY and (n > end or utf8(self.rx, i, n)):  # [MQTT-1.5.4-1]
            return -12
        return n
