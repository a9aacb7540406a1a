# A best-effort No Local for MQTT 3.1.1, whose broker sends a client its own messages back where it subscribes to them:
# an optional module. A digest of each message as its last byte is written cancels one arrival. What it cannot know:
# docs/nolocal.md. MQTT 5 has a No Local of its own.
#
# Nothing of the core knows of it: it stands before the transport's `write`, where every packet passes whole or ends,
# and before the client's `_event`, which what is cancelled does not reach. So what is dropped, withdrawn or amended in
# the outbox, or waits in a journal, was not written and counts for nothing.
#
# A place of the ring, 4 bytes: state (2 bits) | digest (30 bits: the payload's length & 255, and 22 of a polynomial),
# or, once it has cancelled a message of QoS 1: state | digest's upper 14 bits | packet id. An integer of these 4
# bytes would be too large for MicroPython's small ones: it is two halves everywhere.
from .inbox import matches
from .port import const, pack_into
from .session import Session

_PRIME = const(4177969)  # the largest p with (p - 1) * 257 + 255 < 2 ** 30
_WAITS = const(0x4000)  # states: for its arrival
_CAME = const(0x8000)  # and was cancelled; the broker may send it again
_HEAD = const(8)  # of a record in the outbox

# Events, as in session.py
_MESSAGE = const(2)
_CONNECTED = const(5)


def digest(h, buf, i, j):
    """`h` (below _PRIME) and the bytes buf[i:j], as a number below _PRIME."""
    while i < j:
        h = (h * 257 + buf[i]) % _PRIME
        i += 1
    return h


class NoLocal:
    """Keeps what `client` publishes from its own handlers. size: so many messages may be on their way back at once.

    hidden: arrivals cancelled. forgotten: digests that made room for newer ones before their message came.
    """

    def __init__(self, client, size=16):  # cold: once a client
        if not isinstance(size, int) or not 1 <= size <= 1024:
            raise ValueError("size must be an integer from 1 to 1024, not %r" % (size,))
        client = getattr(client, "plain", client)  # of a client for asyncio
        if type(client._session) is not Session:
            raise ValueError("NoLocal is for MQTT 3.1.1: with version=5, subscribe with no_local=True")
        self.hidden = self.forgotten = 0
        self._session = client._session
        self._out = client._out
        self._inbox = self._session.open_inbox()
        self._ring = bytearray(4 * size)
        self._at = 0  # where the next one goes: over the oldest
        self._used = 0  # places that are not empty
        self._key = bytearray(4)  # what is looked for
        self.rx = self._out.buf  # of what is sent, by the names that the session has for what came
        self.at = self.topic_end = self.pay = self.end = 0
        self._upper = self._lower = 0  # the digest at hand
        self._write = client.transport.write
        self._event = client._event
        client.transport.write = self.write  # what an instance has goes before what its class has
        client._event = self.event

    # -- out

    def write(self, span):
        """Transport.write: what ends a PUBLISH of the outbox is noted."""
        n = self._write(span)
        if n == span.tx_len and span.tx_buf is self.rx:
            self._sent(span)
        return n

    def _sent(self, s):
        # The packet is the record at `next`, or will be: one may be written from the free end before it is a record.
        i = self._out.next + _HEAD
        self.end = s.tx_off + s.tx_len
        # Larger ones do not come as messages.
        if self.end - i <= s.size and self._body(self.rx, i + 1) and self._subscribed():
            if self.rx[i] & 6:
                self.pay += 2
            self._measure(self)
            # QoS 2, sent again in a session that goes on: it is one message to the broker.
            if self.rx[i] & 12 != 12 or self._find() < 0:
                self._put()

    def _body(self, b, i):
        # Where things are, behind the length field at `i`; False: the payload is a stream's, and not here.
        n = b[i] & 127
        k = 7
        while b[i] & 128:
            i += 1
            n |= (b[i] & 127) << k
            k += 7
        self.at = i + 3
        self.topic_end = self.pay = i + 3 + (b[i + 1] << 8 | b[i + 2])
        return i + 1 + n == self.end

    def _subscribed(self):
        # What no subscription matches does not come back.
        for s in self._inbox.subs:
            if s.qos >= 0 and self._fits(s):
                return True
        return False

    def _fits(self, s):
        if s.exact:
            return len(s.filter) == self.topic_end - self.at and self.rx.find(s.filter, self.at, self.topic_end) >= 0
        return matches(s.filter, self.rx, self.at, self.topic_end)

    def _put(self):
        r = self._ring
        i = self._at
        if r[i] & 0xC0:
            self.forgotten += r[i] >> 6 & 1
        else:
            self._used += 1
        for k in range(4):
            r[i + k] = self._key[k]
        self._at = (i + 4) % len(r)

    # -- in

    def event(self, e):
        """Client._event: an arrival that is the client's own ends here, acknowledged as any."""
        if e == _MESSAGE:
            if self._used and self._own(self._session):
                self.hidden += 1
                self._inbox.turn = -1
                return
        elif e == _CONNECTED and not self._session.session_present:
            self._forget()  # and so has the broker
        self._event(e)

    def _own(self, s):
        # A retained copy is no echo, and a chunk of a stream no message.
        if s.head & 1 or s.at >= s.window and s.total > s.size:
            return False
        self._measure(s)
        if s.head & 14 == 10 and self._again(s.pid):
            return True
        i = self._find()
        if i < 0:
            return False
        self._take(i, s.pid if s.head & 2 else 0)
        return True

    def _again(self, pid):
        # Is it one that was cancelled, and whose acknowledgement was lost?
        pack_into(">HH", self._key, 0, self._upper | _CAME, pid)
        if self._find() >= 0:
            return True
        pack_into(">HH", self._key, 0, self._upper | _WAITS, self._lower)
        return False

    def _take(self, i, pid):
        if pid:
            pack_into(">HH", self._ring, i, self._upper | _CAME, pid)
        else:
            pack_into(">HH", self._ring, i, 0, 0)
            self._used -= 1

    def _forget(self):
        for i in range(len(self._ring)):
            self._ring[i] = 0
        self._used = 0

    # -- digests

    def _measure(self, x):
        # The digest of the message that x has at hand, as what is looked for: the one that waits for it.
        h = digest(0, x.rx, x.at, x.topic_end)
        h = digest(h, x.rx, x.pay, x.end)
        self._upper = (x.end - x.pay & 255) << 6 | h >> 16
        self._lower = h & 0xFFFF
        pack_into(">HH", self._key, 0, self._upper | _WAITS, self._lower)

    def _find(self):
        # Where in the ring the four bytes looked for are; -1: nowhere.
        i = self._ring.find(self._key)
        while i >= 0 and i & 3:
            i = self._ring.find(self._key, i + 1)
        return i
