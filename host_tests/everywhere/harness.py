"""A client on a made-up clock and a made-up network.

What lives here: Rig, which joins the fakes to a Client and records what it does. What must not: knowledge of leanmqtt
beyond its public names and its three seams. Runs on CPython and MicroPython.
"""

from fakes import Dice, FakeClock, FakeTransport
from leanmqtt import Client
from packets import PUBLISH, SUBACK, SUBSCRIBE, connack, fields, filters, only, packet, packet_id, split, word


class Rig:
    """A Client (or what `make` makes), its clock, its network and a diary of its callbacks in `events`."""

    def __init__(self, client_id="rig", host="broker", **options):
        self.clock = FakeClock(options.pop("now", 5000))
        self.link = FakeTransport(self.clock)
        self.events = []
        for name in ("message", "connect", "disconnect", "subscribed", "delivered", "oversize"):
            options.setdefault("on_" + name, self._diary(name))
        options.setdefault("rand", Dice())
        self.client = options.pop("make", Client)(client_id, host, clock=self.clock, transport=self.link, **options)
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

    def raised(self, times=10):
        """Poll so many times, on behind callbacks that raise OSError: how many did."""
        n = 0
        for _ in range(times):
            try:
                self.client.poll(0)
            except OSError:
                n += 1
        return n

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
