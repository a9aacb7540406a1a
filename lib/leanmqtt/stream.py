# Messages larger than memory, both ways, in chunks: loaded by the first `publish_stream`, and by chunks.py for the
# first message that comes in. It takes the place of a few methods of one client's outbox, session and inbox (what an
# instance has goes before what its class has), so that a client without streams pays nothing; what is no stream goes
# on to the originals.
#
# Out: a stream is a record of the outbox like any other, in its turn, window, packet id and state; its packet ends
# before the payload, which comes from the source whenever the record is written. In: of a packet larger than rx_size
# the beginning, with the topic, is assembled as ever; the rest is handed out where the reads put it.
from . import OutboxFull
from .chunks import Taker
from .codec import Frames, string, varint
from .inbox import matches
from .port import const

_CHUNK = const(512)
_MOST = const(268_435_455)  # the largest remaining length (2.2.3)
_HEAD = const(8)  # of a record in the outbox

# What is being written, as in session.py
_RAW = const(2)
_OUT = const(3)

_MESSAGE = const(2)  # an event


def publish(client, topic, length, source, qos, retain, properties=None):  # cold: once a stream
    """Client.publish_stream; properties: of MQTT 5."""
    if client._lock & 1:
        client._inside()
    if qos != 0:
        client._grade(qos)
    client._measure(topic, b"")
    if not hasattr(source, "readinto") or not hasattr(source, "seek"):
        raise ValueError("readinto must be a file, or an object with readinto(buf) and seek(0), not %r" % (source,))
    if properties:
        client._with(properties)
    try:
        n = client._out.tn + (4 if qos else 2) + described(client._out)
        if not isinstance(length, int) or not 0 <= length <= _MOST - n:
            raise ValueError("length must be an integer from 0 to %d, not %r" % (_MOST - n, length))
        if not length:
            return client.publish(topic, b"", qos, retain)
        if not hasattr(client, "_sender"):
            client._sender = Sender(client)
        topic = topic.encode() if isinstance(topic, str) else bytes(topic)
        return client._sender.begin(topic, length, n, source, (0x31 if retain else 0x30) | qos << 1)
    finally:
        if properties:
            client._out.plain()


def described(o):  # cold: once a stream
    """Bytes of the properties of the packet being put into the outbox `o`, with their length; of 3.1.1 none."""
    return o.field() if hasattr(o, "field") else 0


class Sender:
    """The stream in one client's outbox: there is at most one."""

    def __init__(self, client):  # cold: once a client
        self.client = client
        self.session = client._session
        self.out = client._out
        self.buf = bytearray(_CHUNK)
        self.source = None  # None: there is no stream
        self.length = 0
        self.left = -1  # payload bytes not asked for yet; -1: it is not the payload that is being written
        self.fresh = False  # nothing was asked for yet
        self.out.sent = self.sent
        self.out.free = self.free
        if hasattr(self.out, "fleeting"):
            self.out.fleeting = self.fleeting
        self.session.span = self.span

    def begin(self, topic, length, n, source, first):  # cold: once a stream
        """Put a stream into the outbox, with `n` bytes between its length field and its payload; its packet id."""
        if self.source:
            raise OutboxFull("a stream is pending: one at a time, the next when it is delivered")
        o = self.out
        head = bytearray(5)
        head[0] = o.first = first
        k = varint(head, 1, n + length)
        o.pn = k - 2  # what the length field has more than usual is payload to the outbox
        if not o.room(self.client._drop) or o.count > 65000:
            self.client._refuse()
        o.pid = self.session.new_id() if first & 6 else 0
        o.size = _HEAD + k + n
        head = head[:k] + string(topic) + (bytes((o.pid >> 8, o.pid & 255)) if o.pid else b"")
        o.mover.move(o.buf, o.tail + _HEAD, head, 0, len(head))
        if described(o):
            o.describe(o.tail + _HEAD + len(head))
        self.length = length
        self.source = source
        o.commit()
        return o.pid

    def _ours(self, p):
        # Is the record at `p` the stream? Its length field alone says more than what the record holds.
        if not self.source:
            return False
        b = self.out.buf
        i = p + _HEAD + 1
        n = k = 0
        while b[i] & 128:
            n |= (b[i] & 127) << k
            k += 7
            i += 1
        return (n | b[i] << k) > self.out.step(p) - i - 1

    # -- in the place of methods of the outbox and the session

    def sent(self, now):
        """Outbox.sent: of the stream it may have been the head, or a chunk."""
        if self.left < 0 and self._ours(self.out.next):
            self.left = self.length
            self.fresh = True
        elif self.left < 1:
            self.left = -1
            type(self.out).sent(self.out, now)

    def free(self, p):
        """Outbox.free: with the record goes the source."""
        ours = self._ours(p)
        type(self.out).free(self.out, p)
        if ours:
            self.source = None

    def fleeting(self, p):
        """Kept.fleeting, of the journal: a reset ends the source, and what is left of the stream is no packet."""
        return self._ours(p) or type(self.out).fleeting(self.out, p)

    def span(self, now):
        """Session.span: while the payload is written, nothing else is."""
        s = self.session
        if not self.out.done:  # nothing is half written: it was on a link that is gone
            self.left = -1
        if self.left < 0:
            return type(s).span(s, now)
        if not s.tx:
            self._fill()
        return s.tx_len

    # -- the source

    def _fill(self):
        s = self.session
        with self:
            s.tx_len = self._ask()
        if s.tx_len:
            self.left -= s.tx_len
            s.tx_buf = self.buf
            s.tx_off = 0
            s.tx = _OUT

    def _ask(self):
        if self.fresh:
            self.source.seek(0)
            self.fresh = False
        n = self.source.readinto(self.buf)
        if n is None:  # nothing now: the next poll asks again
            return 0
        if not 0 < n <= _CHUNK:
            raise ValueError("readinto answered %d where %d bytes were wanting" % (n, self.left))
        return min(n, self.left)

    def __enter__(self):
        pass

    def __exit__(self, kind, error, trace):
        # `with` catches an error of the source in a frame that stays off the heap; `except ... as` would not.
        if error is not None:
            self._fail(error)
        return isinstance(error, Exception)

    def _fail(self, error):  # cold: the end of a connection
        # The packet can never be completed: the connection ends, and not one byte more is written.
        o = self.out
        if not o._report(o.next):
            o.drops.extend((0, 0))
            o._report(o.next)
        o.dropped += 1
        o.done = 0
        self.free(o.next)
        self.left = -1
        self.session.tx = _RAW
        self.client._broken = error


class Receiver:
    """The message that one client takes in chunks."""

    def __init__(self, client):  # cold: once a client
        self.session = client._session
        self.inbox = self.session.open_inbox()
        self.going = False  # there is one
        self.chunk = False  # what is to be dispatched is a chunk
        self.offset = self.after = self.total = 0  # of the chunk, behind it, of the whole payload
        self.pid = 0
        self.session.next = self.next
        self.session._skip = self.skip
        self.inbox.dispatch = self.dispatch

    # -- in the place of methods of the session

    def next(self, now):
        """Session.next: a chunk is a message too."""
        if self.going and self.session.got:
            return self._more()
        self.going = self.chunk = False  # nothing is assembled: it was on a link that is gone
        return self.first(type(self.session).next(self.session, now))

    def first(self, event):
        """What Session.next gave, or the first chunk of a stream that began within it."""
        if not self.going:
            return event
        return self._found() if self.session.pay < self.session.end else self._more()

    def _more(self):
        s = self.session
        if s.pos == s.have:
            return 0
        s.pay = s.pos
        s.pos = s.end = s.pos + min(s.skip, s.have - s.pos)
        s.skip -= s.end - s.pay
        return self._found()

    def skip(self):
        """Frames._skip: 1 where chunks are wanted, so that nothing more is read."""
        s = self.session
        if s.skip and s.total - s.skip == s.size and s.up and self._begins(s, s.at):
            self.going = True
            return 1
        return Frames._skip(s)

    def _begins(self, s, at):  # cold: once a message
        # What is wrong with it is for Inbox.read to say, when it is read through.
        s.at = at + 2
        s.topic_end = s.pay = s.at + (s.rx[at] << 8 | s.rx[at + 1])
        if s.head & 6:
            s.pay += 2
        if s.at < s.topic_end and s.pay <= s.end and s.head & 6 != 6 and s.head & 14 != 8:
            self.pid = s.rx[s.pay - 2] << 8 | s.rx[s.pay - 1]
            self.after = 0
            if self._readable(s) and self._new(s) and self._wanted(s):
                self.total = s.window + s.total - s.pay
                return True
        s.at = at
        return False

    def _readable(self, s):  # cold: once a message
        # MQTT 5 has more before the payload; what is there is a stream like any other.
        if hasattr(self.inbox, "describe") and self.inbox.describe(s) < 0:
            return False
        return self.inbox._equal(s) or self.inbox._sound(s)

    def _new(self, s):
        if not s.head & 6:
            return True
        return self.pid and (not s.head & 4 or s.qos2 and s.qos2.new(self.pid))

    def _wanted(self, s):  # cold: once a message
        found = False
        for x in self.inbox.subs:
            if type(x.handler) is Taker:
                x.handler.lost = x is not self.inbox.same and (
                    x.exact or not matches(x.filter, s.rx, s.at, s.topic_end)
                )
                found = found or not x.handler.lost
        return found

    def _found(self):
        s = self.session
        self.chunk = True
        self.offset = self.after
        self.after += s.end - s.pay
        e = _MESSAGE
        if not s.skip:  # the last one: the packet is acknowledged
            self.going = False
            s.got = s.need = 0
            s.pid = self.pid
            if s.head & 6:
                e = s.receipt(e)
        if e > 0:
            self.inbox.turn = 0
            self.inbox.last = len(self.inbox.subs)
            self.inbox.taken = True
        return e

    # -- in the place of a method of the inbox

    def dispatch(self, client):
        """Inbox.dispatch: a chunk is for those who take chunks."""
        i = self.inbox
        i.message.start = self.offset if self.chunk else 0
        i.message.whole = self.total if self.chunk else -1
        while self.chunk and i.turn < i.last:
            i.turn += 1
            self._hand(client, i.subs[i.turn - 1].handler)
        type(i).dispatch(i, client)

    def _hand(self, client, handler):
        if type(handler) is Taker and not handler.lost:
            self.inbox.message.client = client
            handler.lost = True
            client._lock = 2  # a callback is running
            handler.handler(self.inbox.message)
            client._lock = 1
            handler.lost = False
