# The public Client: publish, subscribe, poll, dispatch to handlers. It joins session, outbox and
# transport; protocol rules are the session's, the life of the connection is link.py's.
from . import OutboxFull
from .codec import utf8, wild
from .link import Link
from .port import const, getrandbits, release, ticks_ms
from .transport import Tcp

_MASK = const(0x3FFFFFFF)
_HEAD = const(8)  # of a record in the outbox

# Who is running
_CALL = const(1)  # a public call
_BACK = const(2)  # a callback of the application

# States of the link
_OFF = const(0)
_WAIT = const(1)
_OPENING = const(2)
_UP = const(4)

# Events of the session
_HANDLED = const(1)
_MESSAGE = const(2)
_DELIVERED = const(3)
_CONNECTED = const(5)


class Client(Link):
    """An MQTT client that allocates nothing once connected.

    host: "name", "name:port", "[::1]:port", (name, port) or a list of them, tried in turn; port 0: 1883.
    "ws://name:port/path", or wss:// with tls, for MQTT over WebSocket: see websocket.py.
    tls: an SSLContext or a dict (ca, cert, key, hostname, insecure; see tlsmake.py); port 0 is 8883 then.
    keepalive in seconds, 0: off; clean=False: the broker keeps the session; will, birth: a Will or None.
    rx_size, outbox_size in bytes: the largest packet received, the room for messages not acknowledged.
    inflight: messages of QoS 1 and 2 under way at once; overflow: "oldest" or "refuse".
    ack_timeout_ms: 0: off; backoff_ms: first and last bound of the wait before another attempt.
    ready() -> bool: the network has an address. Callbacks, attributes too: on_message(message),
    on_connect(session_present), on_disconnect(MQTTError or None), on_subscribed(filter, granted or 0x80),
    on_delivered(packet_id, 0: delivered, -1: dropped), on_oversize(topic, length).
    version: 4 (MQTT 3.1.1), 5 or (5, 4); more: of MQTT 5, see v5.py.
    clock() -> ms, rand(bits) -> int, transport (see transport.py): seams for tests and simulations.
    Bad arguments raise ValueError.
    """

    def __init__(
        self,
        client_id,
        host,
        port=0,
        user=None,
        password=None,
        keepalive=60,
        clean=True,
        version=4,
        qos2=False,
        will=None,
        birth=None,
        rx_size=512,
        outbox_size=2048,
        inflight=8,
        overflow="oldest",
        ack_timeout_ms=60_000,
        reconnect=True,
        backoff_ms=(1000, 60_000),
        tls=None,
        ready=None,
        on_message=None,
        on_connect=None,
        on_disconnect=None,
        on_subscribed=None,
        on_delivered=None,
        on_oversize=None,
        clock=None,
        rand=None,
        transport=None,
        **more,
    ):  # cold: once a client
        if version != 4 or more:
            from . import v5config as config
        else:
            from . import config

            if will and will.properties or birth and birth.properties:
                self._bad(-40)
        self._who = config.connect(client_id, user, password, will, keepalive, clean)
        self.rand = rand or getrandbits
        s = config.session(
            rx_size, outbox_size, inflight, clean, keepalive, ack_timeout_ms, birth, qos2, self.rand,
            overflow, backoff_ms,
        )  # fmt: skip
        if tls is not None or "/" in str(host):
            from .over import over

            host, transport = over(self, host, port, tls, transport)
        Link.__init__(self, s, config.host(host, port or 1883), clock or ticks_ms, transport or Tcp())
        release("config")
        self._out = s.out
        self.reconnect = reconnect
        self.backoff_ms = backoff_ms
        self._drop = overflow == "oldest"
        self._lock = 0
        self._quit = -1  # a disconnect() within a callback: the time limit it gave
        self._good = [None] * 4  # topics last found valid
        self._good_str = [None] * 4  # and those given as str, if all ASCII
        self._slot = 0
        self.oversize = 0
        self.session_present = False
        self.ready = ready
        self.on_message = on_message
        self.on_connect = on_connect
        self.on_disconnect = on_disconnect
        self.on_subscribed = on_subscribed
        self.on_delivered = on_delivered
        self.on_oversize = on_oversize
        if version != 4 or more:
            config.start(self, version, more)

    # -- publish

    def publish(self, topic, payload, qos=1, retain=False, properties=None):
        """Queue a message and send it as soon as the link takes it; never waits. Returns the packet id, 0 at QoS 0.

        topic, payload: bytes, bytearray, memoryview or str (UTF-8). Raises OutboxFull when there is no room.
        """
        if self._lock & _CALL:
            self._inside()
        if qos != 0:
            self._grade(qos)
        o = self._out
        if type(topic) is bytes and type(payload) is bytes and topic in self._good:
            o.tn = len(topic)
            o.pn = len(payload)
        else:
            self._measure(topic, payload)
        if properties:
            self._with(properties)
        o.first = (0x31 if retain else 0x30) | qos << 1
        self._lock |= _CALL
        qos = self._put(topic, payload)
        self._lock &= _BACK
        return qos

    def _refuse(self):  # cold: no room
        self._lock &= _BACK
        if self._out.size > self._out.limit - self._out.base:
            self._bad(-43, self._out.size, self._out.limit - self._out.base)
        raise OutboxFull("the outbox is full, with what may not be dropped")

    def _bad(self, code, *detail):  # cold: a bad call
        from .words import fault

        release("words")
        raise fault(code, detail)

    def _with(self, properties):  # cold: MQTT 5 has another
        self._bad(-40)

    def _grade(self, qos):
        if qos != 1 and (qos != 2 or not self._session.qos2):  # [MQTT-3.3.1-4] [MQTT-3-8.3-4]
            self._bad(-41)

    def _measure(self, topic, payload):
        # `type(...) is`: isinstance would want a tuple of types, which allocates.
        o = self._out
        if topic in (self._good_str if type(topic) is str else self._good):
            o.tn = len(topic)
        else:
            self._check(topic)
        o.pn = 0
        while o.mover.load(payload, o.pn) == 64:
            o.pn += 64
        o.pn += o.mover.n

    def _check(self, topic):
        o = self._out
        o.tn = bad = state = 0
        k = 64
        while k == 64:
            k = o.mover.load(topic, o.tn)
            state = utf8(o.mover.tmp, 0, k, state)
            bad |= wild(o.mover.tmp, 0, k)
            o.tn += k
        if state or bad or not 0 < o.tn < 65536:  # [MQTT-3.3.2-1] [MQTT-3.3.2-2] [MQTT-4.7.3-1] [MQTT-4.7.3-3]
            self._bad(-42)
        self._slot = k = self._slot + 1 & 3
        if type(topic) is bytes:
            self._good[k] = topic
        elif type(topic) is str and len(topic) == o.tn:
            self._good_str[k] = topic

    def _put(self, topic, payload):
        o = self._out
        s = self._session
        o.size = o.tn + o.pn + (14 if o.first & 6 else 12)  # with a fixed header of two bytes
        if (o.size > 127 or o.tail + o.size > o.limit) and not o.room(self._drop) or o.count > 65000:
            self._refuse()
        o.pid = s.new_id() if o.first & 6 else 0
        o.encode(topic, payload)
        if o.next != o.tail or s.tx | s.ctl_len or not s.up or s.inbox and s.inbox.todo or o.flying >= s.inflight:
            o.commit()
            if s.up:
                self._tick()
                self._flush()
            return o.pid
        # Nothing waits before it: written from the free end, a QoS 0 packet kept only as far as it must be.
        s.tx_buf = o.buf
        s.tx_off = o.tail + _HEAD
        s.tx_len = o.size - _HEAD
        n = self.transport.write(s)
        if o.pid or n != s.tx_len:
            self._tick()
            self._keep(n)
        s.last_tx = self._now  # at QoS 0 of the last poll: a ping too early does no harm
        return o.pid

    def _keep(self, n):
        o = self._out
        o.commit()
        if n == -1:
            self._broken = -30
        elif n:
            o.done = n
            if n < self._session.tx_len:
                self._session.tx = 3
            else:
                o.sent(self._now)

    def publish_stream(self, topic, length, readinto, qos=1, retain=False, properties=None):  # cold: once a stream
        """Queue a message of `length` bytes that need not fit in memory. Returns the packet id, 0 at QoS 0.

        readinto: a file, or an object with readinto(buf) and seek(0). Raises OutboxFull while another one is pending.
        """
        from .stream import publish

        return publish(self, topic, length, readinto, qos, retain, properties)

    # -- subscribe

    def subscribe(self, topic_filter, qos=1, handler=None, stream=False):  # cold: subscribing allocates
        """Remember a subscription and send it when there is a link. handler(message); None: on_message.

        stream: the handler takes messages of any size, in chunks: see message.offset, message.total.
        """
        if qos != 0:
            self._grade(qos)
        if stream:
            from .chunks import subscribe

            handler = subscribe(self, handler)
        self._session.open_inbox().change(self, topic_filter, qos, handler)

    def unsubscribe(self, topic_filter):
        """Give a subscription up, now or when there is a link."""
        self._session.open_inbox().change(self, topic_filter, -1, None)

    # -- poll

    def poll(self, timeout_ms=0):
        """Do what is due: True as soon as something was handled, else False after at most `timeout_ms`."""
        if self._lock:
            self._inside()
        self._lock = _CALL
        try:
            return self._poll(timeout_ms)
        finally:
            self._lock = 0

    def _inside(self):
        raise RuntimeError("this call is not allowed inside another call or a callback")

    def _poll(self, ms):
        self._tick()
        while not self._turn():
            if ms <= 0:
                return False
            ms -= self._sleep(ms)
        return True

    def _sleep(self, ms):
        # Returns the time that passed.
        t = self._now
        self.transport.wait(min(ms, self._left()), self._state == _OPENING or self._session.tx != 0)
        self._tick()
        return self._now - t & _MASK

    def _turn(self):
        i = self._session.inbox
        if i and i.turn >= 0:  # a handler raised: the others are still to see its message
            i.dispatch(self)
            return True
        if self._out.ranges:
            self._call(self.on_delivered, self._out.take(), -1)
            return True
        k = False
        if self._state > _OPENING:
            k = self._pump()
        elif self._state and not (self._state == _WAIT and self._wait()):
            k = self._advance()
        if self._quit >= 0:
            over = self._now - self._quit_at & _MASK >= self._quit
            if over or not self._state or not self._out.count | self._out.ranges:
                self._close()
        return k

    # -- events and callbacks

    def _event(self, e):
        s = self._session
        if e == _MESSAGE:
            s.inbox.dispatch(self)
        elif e == _DELIVERED:
            if self.on_delivered:
                self._call(self.on_delivered, s.pid, 0)
        elif e == _CONNECTED:
            self.connected = True
            self.session_present = s.session_present
            self._once = 0
            self._enter(_UP, 0)
            self._call(self.on_connect, s.session_present)
        elif e != _HANDLED:
            s.inbox.event(self, e)

    def _call(self, f, e, n=None):
        """Call back `f`, if there is one; what it may call of this client is what `lock` says."""
        if f:
            self._lock = _BACK
            if n is None:
                f(e)
            else:
                f(e, n)
            self._lock = _CALL
        f = self._session.inbox
        if f and f.later and f.turn < 0:
            f.apply()

    # -- connect and disconnect

    def start(self):
        """Begin to connect, and stay connected: poll does it from here on. Nothing is raised for the network."""
        if self._lock:
            self._inside()
        if self._state == _OFF:
            self._begin(0)

    def _begin(self, once):
        self._quit = -1
        self._tries = 0
        self._once = once
        self._tick()
        self._shut(_WAIT, 0)

    def connect(self, timeout_ms=10_000):  # cold: connecting allocates
        """Poll until connected, trying each host once; raises MQTTError that says why not, and is stopped then."""
        from .wait import connect

        release("wait")
        connect(self, timeout_ms)

    def disconnect(self, timeout_ms=2000):  # cold: the end of a connection
        """Poll until nothing is pending or the time is up, then say goodbye: the will is not sent.

        Returns what is left in the outbox, for the next connection. In a callback: poll does it afterwards.
        """
        if self._lock & _CALL:
            self._inside()
        self._tick()
        self._quit = timeout_ms
        self._quit_at = self._now
        if not self._lock:
            self._lock = _CALL
            try:
                while self._quit >= 0:
                    if not self._turn() and self._quit >= 0:
                        self._sleep(max(self._quit - (self._now - self._quit_at & _MASK), 0))
            finally:
                self._lock = 0
        return self._out.count

    def _close(self):
        self._quit = -1
        up = self._state == _UP
        if up:
            self._goodbye()
        self._shut(_OFF, 0)
        if up:
            self._call(self.on_disconnect, None)

    # -- what it is at

    @property
    def pending(self):
        """Messages not finally acknowledged (QoS 0: not written)."""
        return self._out.count

    @property
    def dropped(self):
        """Messages dropped from a full outbox."""
        return self._out.dropped

    @property
    def sock(self):
        """The socket, for your own select; None when there is none."""
        return self.transport.sock

    def due_ms(self):
        """Milliseconds until poll has something to do even if no byte arrives."""
        self._tick()
        s = self._session
        if self._out.ranges or s.pos < s.have or s.inbox and s.inbox.turn >= 0:
            return 0
        return self._left()
