# MQTT 5 at the public calls of one Client: what `version=5` puts in the place of some of its methods (what an instance
# has goes before what its class has), so that a client of 3.1.1 pays nothing. The protocol is v5session.py's, messages
# v5inbox.py's, what is seldom v5cold.py's.
from .port import const, release

_MASK = const(0x3FFFFFFF)
_WAIT = const(1)  # a state of the link
_DELIVERED = const(3)  # events, as in session.py; v5subs.py has the same number of the last
_SUBSCRIBED = const(4)
_UNSUBSCRIBED = const(7)
_FOREVER = 0xFFFFFFFF  # a session that does not expire (3.1.2.11.2)


class V5:
    """`client.v5`: what MQTT 5 adds.

    connack: the properties of the last CONNACK, a dict. on_unsubscribed(filter, reason): 0, 0x11 where there was no
    subscription, 0x80 and more where the broker refused: then the subscription goes on, and the next connection asks
    again. Within it, on_subscribed and on_delivered, `reason`, `reason_string` and `properties` are those of the
    acknowledgement that brought the call; within on_disconnect those of the DISCONNECT, or of the CONNACK that refused.
    """

    def __init__(
        self, client, version, session_expiry=_FOREVER, properties=None, topic_aliases=8, auth=None, redirect=False,
        resume=False, on_unsubscribed=None,
    ):  # fmt: skip  # cold: once a client
        s = client._session
        self.client = client
        self.session = s
        s.five = self
        self.fallback = version == (5, 4)
        self.doubt = 0  # what v5down.py thinks of a broker that does not answer
        self.session_expiry = session_expiry
        self.given = properties or {}
        self.most = topic_aliases
        self.auth = auth
        self.redirect = redirect
        self.known = resume  # there is a session on this side
        self.anew = False  # the next CONNECT asks for a new session
        self.assigned = None  # the client id that the broker gave
        self.connack = {}
        self.said = self.reference = ""  # reason string and server reference of the last CONNACK, AUTH or DISCONNECT
        self.found = {}  # the properties of that packet
        self.parting = None  # while on_disconnect is called for the broker's own end: its reason, its properties
        self.acked = False  # an acknowledgement is being reported
        self.on_unsubscribed = on_unsubscribed
        self.farewell = None  # the DISCONNECT to come
        self.aged = client._now  # when expiries were counted down last
        self.failed = client._fail  # of TLS, perhaps
        for name in ("subscribe", "unsubscribe", "disconnect", "due_ms"):
            setattr(client, name, getattr(self, name))
        client._with = client._out.properties  # publish itself stays: a bound method of five arguments allocates
        client._put = self.put
        client._event = self.event
        client._turn = self.turn
        client._fail = self.fail
        client._goodbye = self.goodbye

    @property
    def expired(self):
        """Messages that were over before they could be sent."""
        return self.client._out.expired

    def keep(self, known):  # cold: once a client
        """The journal took over the outbox; known: it was there before, and the session with it."""
        if self.fallback or not self.client._who[0]:
            raise ValueError("journal: version=5 and a client_id are needed: what is kept is for this version and name")
        self.known = self.known or known
        self.client._out.expiring = True  # the clock goes on for what the file has
        self.client._with = self.client._out.properties

    @property
    def version(self):
        """5, or 4 after a fall back."""
        return self.session.level

    @property
    def reason(self):
        """The reason code of the packet being reported, as the broker sent it: 0x10, nobody has subscribed."""
        if self.acked:
            return self.session.reason
        return self.parting[0] if self.parting else 0

    @property
    def reason_string(self):
        """The reason string of the packet being reported; at other times of the last CONNACK, AUTH or DISCONNECT."""
        return self.properties.get("reason_string", "") if self.acked else self.said

    @property
    def properties(self):
        """The properties of the packet being reported, a dict; of an acknowledgement made anew: reason_string,
        user_property."""
        s = self.session
        if self.parting:
            return self.parting[1]
        if not self.acked or not s.qn:
            return {}
        s.heeded = True
        from .properties import decode

        return decode(s.rx, s.qat, s.qat + s.qn)

    def words(self, reason):  # cold: a module is loaded
        """What a reason means, that a callback gave."""
        from . import v5words

        release("v5words")
        return v5words.reason(reason)

    # -- in the place of the client's public calls

    def subscribe(
        self, topic_filter, qos=1, handler=None, stream=False, no_local=False, retain_as_published=False,
        retain_handling=0, properties=None,
    ):  # fmt: skip  # cold: subscribing allocates
        """Client.subscribe, with the options of 3.8.3.1; retain_handling: 0 send retained, 1 to a new one, 2 never."""
        if retain_handling not in (0, 1, 2):
            raise ValueError("retain_handling must be 0, 1 or 2, not %r" % (retain_handling,))
        bits = (4 if no_local else 0) | (8 if retain_as_published else 0) | retain_handling << 4
        self.session.open_inbox().extra = bits, properties
        type(self.client).subscribe(self.client, topic_filter, qos, handler, stream)

    def unsubscribe(self, topic_filter, properties=None):  # cold: subscribing allocates
        """Client.unsubscribe, with user properties."""
        self.session.open_inbox().extra = 0, properties
        type(self.client).unsubscribe(self.client, topic_filter)

    def disconnect(self, timeout_ms=2000, will=False, reason=0, session_expiry=None, properties=None):  # cold: the end
        """Client.disconnect. will: the broker sends the will all the same; session_expiry: another one from now on;
        properties: reason_string, user_property."""
        self.farewell = self._end().wished(self, will, reason, session_expiry, properties)
        return type(self.client).disconnect(self.client, timeout_ms)

    def reauthenticate(self, data):  # cold: once in a while
        """Begin an enhanced authentication anew, on the connection there is [MQTT-4.12.1-1]."""
        if not self.auth or not self.session.up:
            raise ValueError("reauthenticate: a connection made with `auth` is wanted")
        from .v5cold import auth

        self.session.raw = auth(self, self.session, 0x19, data)

    # -- in the place of what the client does

    def put(self, topic, payload):
        """Client._put: never past the outbox, where aliases and limits are looked at."""
        c = self.client
        o = c._out
        if o.expiring:  # those before it: the new one counts from now
            c._tick()
            self.age(o)
        o.measure()
        if o.tail + o.size > o.limit and not o.room(c._drop) or o.count > 65000:
            o.plain()
            c._refuse()
        o.pid = self.session.new_id() if o.first & 6 else 0
        o.encode(topic, payload)
        o.commit()
        o.plain()
        if self.session.up:
            c._tick()
            c._flush()
        return o.pid

    def turn(self):
        """Client._turn, and what expires."""
        c = self.client
        o = c._out
        if o.expiring:
            self.age(o)
        if o.told and not c._lock & 2:
            self.tell(o.fate())
            return True
        if self.session.inbox and self.session.inbox.denied:
            self._deny(*self.session.inbox.denied.pop(0))
            return True
        return type(c)._turn(c)

    def _deny(self, given, reason, gone):  # cold: subscribing allocates
        self.client._call(self.on_unsubscribed if gone else self.client.on_subscribed, given, reason)

    def event(self, e):
        """Client._event, with what the broker acknowledged."""
        if e == _DELIVERED or e == _SUBSCRIBED or e == _UNSUBSCRIBED:
            self.acked = True
            try:
                self._acknowledged(e)
            finally:
                self.acked = False
        else:
            type(self.client)._event(self.client, e)

    def _acknowledged(self, e):
        c = self.client
        s = self.session
        if e == _DELIVERED:  # a PUBCOMP that knows no such id ends it as well (3.7.2.1)
            c._call(c.on_delivered, s.pid, s.reason if s.reason > 127 and s.head != 0x70 else 0)
        elif e == _UNSUBSCRIBED:
            c._call(self.on_unsubscribed, s.inbox.sub.given, s.inbox.code)
        else:
            type(c)._event(c, e)

    def due_ms(self):
        """Client.due_ms: 0 while an end is to be told that the broker did not tell."""
        if self.client._out.told or self.session.inbox and self.session.inbox.denied:
            return 0
        return type(self.client).due_ms(self.client)

    def tell(self, pid):
        """Call on_delivered for the fate just taken from the outbox."""
        if pid:
            self.client._call(self.client.on_delivered, pid, self.client._out.size)

    def age(self, o):
        """Count down the expiries by the seconds that went by."""
        n = (self.client._now - self.aged & _MASK) // 1000
        if n or o.late and not o.told:
            self.aged = self.aged + n * 1000 & _MASK
            o.age(n, self.session.tx == 3 or o.done)  # of a stream, between two chunks, `done` alone says it

    # -- the connection

    def hello(self):  # cold: once a connection
        """The CONNECT packet."""
        from . import v5cold

        release("v5cold")
        packet = v5cold.hello(self)
        self.session.shed()
        return packet

    def streams(self):  # cold: once a connection
        """Does some handler take messages of any size? Then the broker is not told a largest one."""
        return hasattr(self.client, "_receiver")

    def fall_back(self, fault):  # cold: once a client
        """The broker does not speak MQTT 5: an event, or `fault` where 3.1.1 was not allowed."""
        if not self.fallback or fault != -256 - 0x84:
            return fault
        from .v5down import downgrade

        release("v5down")
        self.session.level = 4
        self.session.limits()
        self.session.close()
        downgrade(self.session.out)
        self.session.shed()
        return self.again()

    def begin_anew(self):  # cold: once a connection
        """Close, and ask for a new session once [MQTT-3.2.2-4]."""
        self.anew = True
        return self.again()

    def again(self):  # cold: once a connection
        """Close, and connect at once: an event."""
        self.client._shut(_WAIT, 0)
        return 1  # handled

    def fail(self, e):  # cold: the end of a connection
        """Link._fail, in the words of MQTT 5."""
        return self._end().fail(self, e)

    def goodbye(self):  # cold: once a connection
        """Link._goodbye, with what disconnect() was told."""
        self._end().goodbye(self)

    def _end(self):  # cold: the end of a connection
        from . import v5end

        release("v5end")
        return v5end
