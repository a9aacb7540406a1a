# Messages and subscriptions of MQTT 5: the reading of a PUBLISH with properties and alias, its dispatch by subscription
# identifier, the message's properties. SUBSCRIBE and its answer are in v5subs.py.
from .inbox import Inbox, matches
from .message import Message
from .port import const, release

_MESSAGE = const(2)  # events, as in session.py
_OVERSIZE = const(6)
_PUBLISH = const(2)  # where a property may stand


class Message5(Message):
    """The message at hand, with `properties`."""

    @property
    def properties(self):
        """Its properties, a dict made anew: see properties.py for the names."""
        s = self._view()
        if not s.qn:
            return {}
        s.heeded = True
        from .properties import decode

        return decode(s.rx, s.qat, s.qat + s.qn)

    def acknowledge(self, reason=0, properties=None):  # cold: a plain acknowledgement needs no call
        """What the broker is told: reason 0: accepted, 0x80, 0x83, 0x87, 0x90, 0x97 or 0x99: refused; properties:
        reason_string, user_property. The last call counts. False: nothing is told, at QoS 0 and by 3.1.1."""
        from .v5ack import note

        return note(self._view(), reason, properties)


class Inbox5(Inbox):
    """As the inbox."""

    def __init__(self, session):  # cold: once a client
        Inbox.__init__(self, session)
        self.message = Message5(session)
        self.number = 0  # the last subscription identifier given
        self.extra = 0, None  # options and properties of the subscription being made
        self.denied = []  # (filter, reason, unsubscribe?) of those that this broker would not take
        self.by_number = False  # the message at hand names subscriptions that there are
        self.slots = session.window + session.size  # where the topics of incoming aliases are kept, in rx
        self.room = 64  # bytes of each
        self.sizes = [0] * session.alias_in  # of each topic, 0: none

    def _release(self):
        if not self.todo | self.asked and self.helper:
            self.helper = None
            self.session.shed()

    def _load(self):  # cold: subscribing allocates
        if not self.helper:
            from . import v5subs

            release("v5subs")
            release("subs")  # on which it stands
            self.helper = v5subs
        return self.helper

    def resume(self, kept):  # cold: connecting allocates
        """As the inbox's; aliases are the connection's [MQTT-3.3.2-7]."""
        for k in range(len(self.sizes)):
            self.sizes[k] = 0
        Inbox.resume(self, kept)

    # -- a PUBLISH

    def read(self, whole):
        """As the inbox's."""
        x = self.session
        x.qn = x.idents = 0
        self.by_number = False
        if x.level == 4:
            return Inbox.read(self, whole)
        i = x.at
        x.pay = x.topic_end = i + 2 + (x.rx[i] << 8 | x.rx[i + 1])
        x.at = i + 2
        i = self._header(x, whole)
        if i:
            return i
        x.alias = 0
        if whole:
            i = self._properties(x)
            if i < 0:
                return i
        elif self.sizes and x.pay < x.end and x.properties(x.pay, _PUBLISH) < 0:
            x.alias = 0  # of one too large, the alias counts where it is in what is kept
        return self._named(x, whole)

    def _header(self, x, whole):
        if x.head & 6:
            if x.head & 6 == 6:  # [MQTT-3.3.1-4]
                return -13
            self._packet_id(x, whole)
        elif x.head & 8:  # [MQTT-3.3.1-2]
            return -13
        if x.pay >= x.end if whole else x.pay > x.window + x.total:
            return -12
        return 0

    def _properties(self, x):
        i = x.properties(x.pay, _PUBLISH)
        if i > 0:
            x.pay += i
        return i

    def describe(self, x):  # cold: once a stream
        """Properties and topic of a message of which only the beginning is in rx: < 0 where they are bad."""
        if x.level == 4:
            x.qn = x.idents = 0
            return 0
        x.alias = 0
        k = self._properties(x)
        if k > 0 and x.alias:
            k = self._alias(x, x.alias - 1)
        return k

    def _named(self, x, whole):
        if x.alias:
            i = self._alias(x, x.alias - 1)
            if i < 0:
                return i
        elif x.topic_end == x.at and whole:
            return -17  # neither topic nor alias (3.3.2.1)
        if not self._equal(x) and x.at < self.slots and x.topic_end > x.at and not self._sound(x):
            return -15
        return self._event(x, whole)

    def _event(self, x, whole):
        e = _MESSAGE if whole else _OVERSIZE
        if x.head & 6:
            e = x.receipt(e)
        if e == _MESSAGE:
            self.turn = 0
            self.last = len(self.subs)
            self.taken = False
            self.by_number = x.idents and self._known(x)
        return e

    def _alias(self, x, k):
        # Topic for alias, or alias for topic.
        if k >= len(self.sizes):  # [MQTT-3.3.2-10]
            return -23
        n = x.topic_end - x.at
        if not n:
            x.at = self.slots + k * self.room
            x.topic_end = x.at + self.sizes[k]
            return 0 if self.sizes[k] else -23
        if n > self.room:
            self._widen(x, n)
        x.mover.move(x.rx, self.slots + k * self.room, x.rx, x.at, n)
        self.sizes[k] = n
        return 0

    def _widen(self, x, n):  # cold: a topic longer than all before
        old, new = self.room, n + 63 & ~63
        rx = bytearray(self.slots + new * len(self.sizes))
        rx[: self.slots] = x.rx[: self.slots]
        for k in range(len(self.sizes)):
            p, q = self.slots + k * old, self.slots + k * new
            rx[q : q + old] = x.rx[p : p + old]
        x.rx = rx
        self.room = new

    # -- whose it is

    def _known(self, x):
        for s in self.subs:
            if self._listed(x, s):
                return True
        return False

    def _listed(self, x, s):
        # Does the message name this subscription? An identifier may be of a life before: the topic must fit too.
        return (x.ident == s.number or x.idents > 1 and self._among(x, s.number)) and self._fits(x, s)

    def _fits(self, x, s):
        if s.exact:  # several have the same filter where some are shared
            return self.same and s.filter == self.same.filter
        return matches(s.filter, x.rx, x.at, x.topic_end)

    def _among(self, x, number):  # cold: overlapping subscriptions in one packet
        x.heeded = True
        from .properties import decode

        return number in decode(x.rx, x.qat, x.qat + x.qn)["subscription_identifier"]

    def dispatch(self, client):
        """As the inbox's; a message that names its subscriptions is for these."""
        x = self.session
        while self.by_number and self.turn < self.last:
            self.turn += 1
            if self._listed(x, self.subs[self.turn - 1]):
                self._hand(client, self.subs[self.turn - 1].handler)
        self.by_number = False
        self._to_others(client)

    _by_filter = Inbox.dispatch

    def _to_others(self, client):
        try:
            self._by_filter(client)
        finally:
            self._acknowledge()

    def _acknowledge(self):
        x = self.session
        if not x.owed or self.turn >= 0:  # an exception left some that are still to see it
            return
        x.owed = False
        if x.answer:
            self._answer(x)
        else:
            x.put(0x40 if x.head & 2 else 0x50, x.pid)  # [MQTT-3.3.4-1] [MQTT-4.6.0-2] [MQTT-4.6.0-3]

    def _answer(self, x):  # cold: a handler had its say
        from .v5ack import send

        send(x)

    def _hand(self, client, handler):
        if handler:
            self.taken = True
            self.message.client = client
            client._lock = 2  # a callback is running
            handler(self.message)
            client._lock = 1
