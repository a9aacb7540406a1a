"""A client on a made-up clock and a made-up network.

What lives here: FakeClock, Dice, FakeTransport (the transport seam, with a script for every mood of a network) and
Rig, which joins them to a Client and records what it does. What must not: knowledge of leanmqtt beyond its public
names and its three seams `clock`, `rand` and `transport`. Runs on CPython and MicroPython.
"""

from leanmqtt import Client
from packets import PUBLISH, SUBACK, SUBSCRIBE, connack, filters, fields, only, packet, packet_id, split, word


class FakeClock:
    """Milliseconds that pass only when a test says so."""

    def __init__(self, now=5000):
        self.now = now

    def __call__(self):
        return self.now

    def add(self, ms):
        self.now += ms


class Dice:
    """random.getrandbits with a seed; or the same number for ever."""

    def __init__(self, seed=1, fixed=None):
        self.state, self.fixed = seed, fixed

    def __call__(self, bits):
        value = self.fixed
        if value is None:
            value = 0
            for _ in range((bits + 15) // 16):
                self.state = (self.state * 1103515245 + 12345) & 0x7FFFFFFF
                value = value << 16 | self.state >> 15
        return value & ((1 << bits) - 1)


class FakeTransport:
    """A network of one peer. Every knob may be turned at any time."""

    def __init__(self, clock):
        self.clock = clock
        self.sock = None
        self.refuse = None  # an OSError: open() raises it
        self.fail = None  # an OSError: opening() raises it
        self.delay = 0  # ms an opening takes; None: for ever
        self.chunk = 0  # at most so many bytes per read, 0: no limit
        self.grain = 0  # at most so many bytes per write, 0: no limit
        self.room = None  # so many bytes will still be taken, None: no limit
        self.deaf = False  # every write fails
        self.hook = None  # runs inside every read and write, like an interrupt
        self.answer = None  # gets the bytes of every write, like a broker that answers at once
        self.opens = []  # (host, port) of every open()
        self.times = []  # when
        self.closes = 0
        self.writes = []  # what each write() of this connection took
        self.asked = []  # how much each read() of this connection asked for
        self.stream = bytearray()  # all of this connection's writes
        self.timeline = []  # [(time, bytes to send or function to run)]
        self.is_open = self.made = False
        self._hang_up()

    def _hang_up(self):
        self.inbox, self.at, self.end = [], 0, None

    # What the peer does

    def feed(self, *chunks):
        """The peer sends."""
        self.inbox.extend(chunks)

    def later(self, ms, what):
        """The peer sends bytes, or a function runs, so many milliseconds from now."""
        self.timeline.append((self.clock.now + ms, what))

    def unread(self):
        return sum([len(chunk) for chunk in self.inbox]) - self.at

    def _play(self):
        for event in [event for event in self.timeline if event[0] <= self.clock.now]:
            self.timeline.remove(event)
            if callable(event[1]):
                event[1]()
            else:
                self.feed(event[1])

    # The seam

    def open(self, host, port):
        assert not self.is_open, "the old connection was not closed before a new one was opened"
        self._play()
        self.opens.append((host, port))
        self.times.append(self.clock.now)
        if self.refuse is not None:
            raise self.refuse
        self._hang_up()
        self.is_open, self.made, self.sock = True, False, self
        self.writes, self.asked, self.stream = [], [], bytearray()

    def opening(self):
        assert self.is_open, "opening() of a closed transport"
        self._play()
        if self.fail is not None:
            raise self.fail
        self.made = self.delay is not None and self.clock.now >= self.times[-1] + self.delay
        return not self.made

    def read(self, span):
        self._use()
        buf, n = span.rx, span.want
        assert 0 < n <= len(buf), "a read outside its buffer"
        self.asked.append(n)
        n, got = min(n, self.chunk or n), 0
        while got < n and self.inbox:
            chunk = self.inbox[0]
            take = min(n - got, len(chunk) - self.at)
            buf[got : got + take] = chunk[self.at : self.at + take]
            got, self.at = got + take, self.at + take
            if self.at == len(chunk):
                self.inbox.pop(0)
                self.at = 0
        return got or self.end

    def write(self, span):
        self._use()
        assert span.tx_len > 0, "a write of nothing"
        if self.deaf:
            return -1
        take = min(span.tx_len, self.grain or span.tx_len)
        if self.room is not None:
            take = min(take, self.room)
            self.room -= take
        if not take:
            return None
        data = bytes(memoryview(span.tx_buf)[span.tx_off : span.tx_off + take])
        self.writes.append(data)
        self.stream.extend(data)
        if self.answer:
            self.answer(data)
        return take

    def _use(self):
        assert self.is_open, "a closed transport was used"
        assert self.made, "a transport was used before it was open"
        if self.hook:
            self.hook()
        self._play()

    def wait(self, ms, writing):
        assert ms >= 0, "a wait of a negative time"
        self._play()
        if self.is_open and self.made and (self.inbox or self.end is not None or (writing and self.room != 0)):
            return
        until = self.clock.now + ms
        for event in self.timeline:
            until = min(until, event[0])
        if self.is_open and not self.made and self.delay:
            until = max(self.clock.now, min(until, self.times[-1] + self.delay))
        self.clock.now = until

    def close(self):
        self.closes += 1
        self.is_open, self.sock = False, None
        self._hang_up()


class Rig:
    """A Client, its clock, its network and a diary of its callbacks in `events`."""

    def __init__(self, client_id="rig", host="broker", **options):
        self.clock = FakeClock(options.pop("now", 5000))
        self.link = FakeTransport(self.clock)
        self.events = []
        for name in ("message", "connect", "disconnect", "subscribed", "delivered", "oversize"):
            options.setdefault("on_" + name, self._diary(name))
        options.setdefault("rand", Dice())
        self.client = Client(client_id, host, clock=self.clock, transport=self.link, **options)
        self.seen = self.taken = 0
        self.started = False

    def _diary(self, name):
        if name == "message":
            return self.note
        return lambda *args: self.events.append((name,) + args)

    def note(self, m, name="message"):
        """A handler: writes the whole message into the diary."""
        self.events.append((name, m.topic, m.payload, m.qos, m.retain, m.dup))

    def noter(self, name):
        return lambda m: self.note(m, name)

    def told(self, name):
        """The diary's entries of one kind, without the name."""
        return [event[1:] for event in self.events if event[0] == name]

    def payloads(self, name="message"):
        return [event[2] for event in self.events if event[0] == name]

    def _state(self):
        link = self.link
        return len(link.stream), link.unread(), len(self.events), len(link.opens), link.closes, self.client.pending

    def settle(self):
        """Polls until nothing moves any more, without letting time pass."""
        calm = 0
        while calm < 3:
            before = self._state()
            self.client.poll(0)
            calm = calm + 1 if self._state() == before else 0

    def run(self, ms, step=250):
        """Polls while so much time passes."""
        end = self.clock.now + ms
        while self.clock.now < end:
            self.client.poll(0)
            self.clock.add(min(step, end - self.clock.now))
        self.settle()

    def until(self, condition, limit=600000, step=50):
        """Polls until the condition holds; returns how long that took. Fails after `limit` ms."""
        start, done = self.clock.now, condition()
        while not done:
            self.client.poll(0)
            done = condition()
            if not done:
                assert self.clock.now - start < limit, "it did not happen in time"
                self.clock.add(step)
        return self.clock.now - start

    def start(self):
        self.started = True
        self.client.start()

    def dial(self):
        """Begins (the first time), then polls until a CONNECT is written on a connection not dialled before."""
        if not self.started:
            self.start()
        self.until(lambda: len(self.link.opens) > self.seen and self.link.is_open and split(self.link.stream)[0])
        self.seen, self.taken = len(self.link.opens), 0

    def up(self, session=False):
        """Dials and has the broker accept; returns all packets written, CONNECT first."""
        self.dial()
        self.link.feed(connack(session))
        self.settle()
        assert self.client.connected, "not connected after a good CONNACK: %s" % self.client.last_error
        return self.sent()

    def lose(self, end=0):
        """The peer closes (0) or the link breaks (-1)."""
        seen = len(self.told("disconnect")), self.link.closes
        self.link.end = end
        self.until(lambda: self.link.closes > seen[1], 1000)

    def sent(self):
        """The whole packets written on this connection since the last time."""
        raws, rest = split(bytes(self.link.stream[self.taken :]))
        self.taken = len(self.link.stream) - len(rest)
        return raws

    def hear(self, *raws):
        """The broker sends these; returns what the client wrote after that."""
        self.link.feed(*raws)
        self.settle()
        return self.sent()

    def publish(self, *args, **kw):
        """publish(), at QoS 0 unless told otherwise, and let it go out; returns the packet id."""
        kw.setdefault("qos", 0)
        pid = self.client.publish(*args, **kw)
        self.settle()
        return pid

    def grant(self, raws=None):
        """Acknowledges every SUBSCRIBE among raws (default: the newest written), granting what was asked."""
        for raw in only(self.sent() if raws is None else raws, SUBSCRIBE):
            codes = bytes([qos for _, qos in filters(raw)])
            self.link.feed(packet(SUBACK, word(packet_id(raw)) + codes))
        self.settle()


def subscribed(raws):
    """[(filter, qos)] of all SUBSCRIBE packets among raws, in order."""
    return [entry for raw in only(raws, SUBSCRIBE) for entry in filters(raw)]


def published(raws):
    """The payloads of all PUBLISH packets among raws, in order."""
    return [fields(raw)[1] for raw in only(raws, PUBLISH)]


def raises(error, call, *args, **kw):
    """The exception of a call that must raise it."""
    try:
        call(*args, **kw)
    except error as e:
        return e
    raise AssertionError("no %s was raised" % error.__name__)
