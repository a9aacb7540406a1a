# What a client needs that receives: the reading of PUBLISH, dispatch to handlers. Loaded by the first
# `subscribe` or the first message, so that a client that only publishes does without.
# Between session.py (whose receive buffer it reads) and client.py (whose callbacks it makes).
from .codec import utf8, wild
from .message import Message
from .port import const, release

# Events, as in session.py
_MESSAGE = const(2)
_SUBSCRIBED = const(4)
_OVERSIZE = const(6)

_DONE = const(1)  # a subscription that awaits nothing


def matches(f, buf, i, j):
    """True when the valid filter `f` (bytes) matches the topic name buf[i:j]."""
    k = 0
    while k < len(f):
        c = f[k]
        if c == 35 or c == 43:  # '#', '+'
            if not k and buf[i] == 36:  # '$' [MQTT-4.7.2-1]
                return False
            if c == 35:
                return True
            while i < j and buf[i] != 47:  # '/'
                i += 1
        elif i < j and buf[i] == c:
            i += 1
        else:
            return i == j and k + 2 == len(f) and f.find(b"/#", k) == k  # "a/#" matches "a"
        k += 1
    return i == j


class Sub:
    """A subscription; `qos` < 0: it is being given up. (In subs.py it would keep that module.)"""

    def __init__(self, topic_filter, given):
        self.filter = topic_filter
        self.given = given
        self.exact = not wild(topic_filter, 0, len(topic_filter))
        self.state = _DONE
        self.pid = 0
        self.again = False  # changed while an answer was awaited


class Inbox:
    """The subscriptions of one client, and its message at hand."""

    def __init__(self, session):
        self.session = session
        self.message = Message(session)
        self.subs = []
        self.todo = self.asked = 0  # subscriptions to be sent, and those sent and not answered
        self.asked_at = 0
        self._tries = 0  # CONNECT packets, up to the next CONNACK
        self.sub = self.same = None  # just answered; the one whose filter is the topic at hand
        self.code = 0
        self.turn = -1  # the subscription whose handler is next to see the message; -1: none is at hand
        self.last = 0  # how many there were when it arrived
        self.taken = False
        self.later = []  # changes asked for meanwhile
        self.helper = None  # the module subs, while there is something to be asked or answered

    # -- subscriptions: subs.py, loaded for the moment

    def change(self, client, given, qos, handler):  # cold: subscribing allocates
        """Subscribe to `given`, or with another QoS or handler; qos -1: unsubscribe. In a callback: afterwards."""
        if client._lock & 1:
            client._inside()
        self._load().change(self, client, given, qos, handler)
        if not client._lock and self.turn < 0:
            self.apply()
        self.prompt(client.transport.sock, 0)

    def prompt(self, sock, n=1):  # cold: connecting allocates
        """`n` CONNECT packets are about to leave through `sock`. Let it send at once: who receives also answers, and
        small writes must not wait for one another (Nagle's algorithm). A client that only publishes gains from that
        wait: many packets become one segment."""
        self._tries += n
        try:
            sock.setsockopt(6, 1, 1)  # TCP_NODELAY
        except (OSError, AttributeError):  # no socket now, or one of another kind
            pass

    def apply(self):  # cold: subscribing allocates
        """Make the changes that had to wait."""
        self._load().apply(self)

    def ask(self, now):  # cold: subscribing allocates
        """The packet of the next subscription to be sent."""
        return self._load().ask(self, now)

    def answered(self):  # cold: subscribing allocates
        """A SUBACK or UNSUBACK came in."""
        event = self._load().answered(self)
        self._release()
        return event

    def resume(self, kept):  # cold: connecting allocates
        """A connection is made: what the broker does not know is to be sent again.

        Where a CONNECT before it had no CONNACK, the session that was kept may have begun there, with no subscription.
        """
        if kept and self._tries > 1:
            kept = 2
        self._tries = 0
        if self.subs:
            self._load().resume(self, kept)
            self._release()

    def _load(self):  # cold: subscribing allocates
        # Kept from the asking to the answer: a small heap has room for it once, and may not a moment later.
        if not self.helper:
            from . import subs

            release("subs")
            self.helper = subs
        return self.helper

    def _release(self):
        if not self.todo | self.asked:
            self.helper = None

    def uses(self, pid):
        """True when a SUBSCRIBE or UNSUBSCRIBE with this packet id is not answered."""
        for s in self.subs:
            if s.state > _DONE and s.pid == pid:
                return True
        return False

    # -- a PUBLISH

    def read(self, whole):
        """Read the PUBLISH just framed: an event or a fault. whole: False for one that was read through."""
        x = self.session
        i = x.at
        e = x.rx[i] << 8 | x.rx[i + 1]
        i += 2
        e += i
        x.at = i
        x.topic_end = x.pay = e
        if x.head & 14:
            if x.head & 6 == 6 or x.head & 14 == 8:  # [MQTT-3.3.1-4] [MQTT-3.3.1-2]
                return -13
            e = self._packet_id(x, whole)
        if e > x.end and (whole or e > x.window + x.total) or x.topic_end == i:  # [MQTT-4.7.3-1]
            return -12
        if not self._equal(x) and not self._sound(x):
            return -15
        e = _MESSAGE if whole else _OVERSIZE
        if x.head & 6:
            e = x.receipt(e)
        if e == _MESSAGE:
            self.turn = 0
            self.last = len(self.subs)
            self.taken = False
        return e

    def _packet_id(self, x, whole):
        # It stands behind the topic, the payload behind it; of a packet read through it was kept.
        e = x.pay = x.pay + 2
        if whole and e <= x.end:
            x.pid = x.rx[e - 2] << 8 | x.rx[e - 1]
        return e

    def _sound(self, x):
        # May the topic be one? Of one that was read through, the beginning is kept and may end inside a character.
        e = min(x.topic_end, x.end)
        state = utf8(x.rx, x.at, e)
        cut = e < x.topic_end
        x.topic_end = e
        return (not state or cut and state > 0) and not wild(x.rx, x.at, e)

    def _equal(self, x):
        # Is there a subscription whose filter is this very topic? It spares the check of the topic.
        for self.same in self.subs:  # noqa: B020 - one local less keeps the frame off the heap
            if self.same.exact and len(self.same.filter) == x.topic_end - x.at:
                if x.rx.find(self.same.filter, x.at, x.topic_end) >= 0:
                    return True
        self.same = None
        return False

    # -- callbacks

    def event(self, client, e):
        """Hand an event of this module to `client`'s callbacks."""
        if e == _SUBSCRIBED:
            client._call(client.on_subscribed, self.sub.given, self.code)
        else:
            client.oversize += 1
            if client.on_oversize:
                self._tell_oversize(client, self.session)

    def _tell_oversize(self, client, x):
        e = x.topic_end
        while utf8(x.rx, x.at, e) > 0:  # the topic may be cut inside a character
            e -= 1
        client._call(client.on_oversize, str(x.rx[x.at : e], "utf-8"), x.total)

    def dispatch(self, client):
        """Let every matching handler see the message at hand once; after an exception, those that are left."""
        x = self.session
        while self.turn < self.last:
            s = self.subs[self.turn]
            self.turn += 1
            if s.handler and (s is self.same or not s.exact and matches(s.filter, x.rx, x.at, x.topic_end)):
                self.taken = True
                self.message.client = client
                client._lock = 2  # a callback is running
                s.handler(self.message)
                client._lock = 1
        self.turn = -1
        if not self.taken:
            self.message.client = client
            client._call(client.on_message, self.message)
        self.message.client = None
        if self.later:
            self.apply()
