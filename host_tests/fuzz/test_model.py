"""Random lives of a client and a small in-memory broker, with links that break at any byte.

With a kept session nothing is lost at QoS 1, exactly once at QoS 2, both ways, in order. The broker below is the
model: it knows MQTT-4.3 and nothing of leanmqtt.
"""

import packets as p
from fakes import Dice
from harness import Rig
from hypothesis import example, given, settings
from hypothesis import strategies as st
from leanmqtt import OutboxFull


class Broker:
    """One client's session on a broker: it acknowledges, remembers, sends again and complains."""

    def __init__(self, rig, clean):
        self.rig, self.clean = rig, clean
        self.session = False
        self.received = []  # payloads of QoS 0 and 1 as they came, of QoS 2 when new
        self.unreleased = set()  # QoS 2 ids received, not yet released
        self.sending = []  # [pid, qos, payload, state]: what the client has not acknowledged, in order
        self.next_pid = 1
        self.window = set()  # ids the client has in flight on this link
        self.rest = b""
        self.links = self.accepted = 0  # the connections heard of, and accepted

    def accept(self):
        """A CONNECT has come: the answer, and everything unacknowledged again [MQTT-4.4.0-1]."""
        self.window = set()
        self.accepted = len(self.rig.link.opens)
        if self.clean:
            self.forget()
        self.rig.link.feed(p.connack(self.session))
        self.session = True
        for entry in self.sending:
            self.transmit(entry, dup=True)

    def forget(self):
        """The session is lost."""
        self.session = False
        self.unreleased.clear()
        self.sending.clear()

    def transmit(self, entry, dup=False):
        pid, qos, payload, state = entry
        raw = p.pubrel(pid) if state == "released" else p.publish("in", payload, qos, pid, dup=dup)
        self.rig.link.feed(raw)

    def send(self, payload, qos):
        """A message for the client."""
        entry = [self.next_pid, qos, payload, "sent"]
        self.next_pid += 1
        self.sending.append(entry)
        link = self.rig.link
        if link.is_open and link.end is None and self.accepted == len(link.opens):
            self.transmit(entry)

    def take(self, data):
        """Bytes of the client."""
        if self.links != len(self.rig.link.opens):
            self.links, self.rest = len(self.rig.link.opens), b""
        raws, self.rest = p.split(self.rest + data)
        for raw in raws:
            self.packet(raw)

    def packet(self, raw):
        kind, feed = p.kind(raw), self.rig.link.feed
        if kind == 0x10:
            self.accept()
        elif kind == p.PUBLISH:
            self.publish(*p.fields(raw)[1:4], dup=bool(raw[0] & 8))
        elif kind == p.PUBREL:
            self.unreleased.discard(p.packet_id(raw))
            self.window.discard(p.packet_id(raw))
            feed(p.pubcomp(p.packet_id(raw)))
        elif kind == p.SUBSCRIBE:
            feed(p.suback(p.packet_id(raw), *[qos for _, qos in p.filters(raw)]))
        elif kind == p.PUBREC:
            entry = self.find(raw)
            entry[3] = "released"
            self.transmit(entry)
        elif kind in (p.PUBACK, p.PUBCOMP):
            self.sending.remove(self.find(raw))
        else:
            assert raw in (p.PINGREQ, p.DISCONNECT), raw

    def find(self, raw):
        (entry,) = [entry for entry in self.sending if entry[0] == p.packet_id(raw)]
        return entry

    def publish(self, payload, qos, pid, dup):
        if qos:
            assert dup or self.clean or payload not in self.received, "sent again without DUP"
            assert pid not in self.window, "an id in use, or sent twice on one link"
            self.window.add(pid)
            assert len(self.window) <= 4, "the in-flight window"
        if qos == 2:
            if pid not in self.unreleased:
                self.received.append(payload)
            self.unreleased.add(pid)
            self.rig.link.feed(p.pubrec(pid))
            return
        self.received.append(payload)
        if qos == 1:
            self.rig.link.feed(p.puback(pid))
            self.window.discard(pid)


class World:
    """A client, its broker, and what has been asked of them."""

    def __init__(self, seed, clean=False, overflow="refuse"):
        self.dice = Dice(seed)
        sizes = {"inflight": 4, "outbox_size": 600, "rx_size": 128}
        self.rig = Rig(clean=clean, qos2=True, overflow=overflow, rand=Dice(seed), **sizes)
        self.broker = Broker(self.rig, clean)
        self.rig.link.answer = self.broker.take
        self.rig.client.subscribe("in", qos=2)
        self.rig.start()
        self.asked = {0: [], 1: [], 2: []}  # payloads by QoS, in order of publish()
        self.order = []  # all (payload, id), in order of publish()
        self.ids = []
        self.told = {1: [], 2: []}  # payloads by QoS the broker had for the client
        self.count = 0

    def payload(self, qos):
        self.count += 1
        return b"%d:%d" % (qos, self.count) + b"." * (self.dice(5))

    def publish(self, qos):
        payload = self.payload(qos)
        try:
            pid = self.rig.client.publish("out", payload, qos=qos)
        except OutboxFull:
            return
        self.asked[qos].append(payload)
        self.order.append((payload, pid))
        if pid:
            self.ids.append(pid)

    def tell(self, qos):
        payload = self.payload(qos)
        self.told[qos or 1].append(payload)
        self.broker.send(payload, qos or 1)

    def cut(self, bytes_left):
        """The link takes so many bytes yet, then it is gone."""
        self.rig.link.room = bytes_left
        for _ in range(self.dice(2)):
            self.rig.client.poll(0)
        self.rig.link.end = -1 if bytes_left & 1 else 0

    def swallow(self):
        """What the broker has sent and the client has not read yet is lost with the link."""
        if self.rig.link.is_open:
            self.rig.link.inbox.clear()
            self.rig.link.at = 0
            self.rig.link.end = -1

    def amnesia(self):
        """The broker dies and comes back without its memory."""
        self.swallow()
        self.broker.forget()

    def turn(self, polls):
        for _ in range(polls + 1):
            self.rig.client.poll(0)
            if not self.rig.link.is_open:
                self.rig.link.room = None

    def finish(self):
        """Everything calms down; then the accounts are made."""
        rig = self.rig
        for _ in range(3000):
            rig.link.chunk = rig.link.grain = 0
            rig.client.poll(0)
            if not rig.link.is_open:
                rig.link.room = None
                rig.clock.add(500)
            elif rig.link.room is not None and rig.link.end is None:
                rig.link.room = None
            elif not rig.client.pending and not self.broker.sending and rig.client.connected and not rig.link.unread():
                break
        assert rig.client.pending == 0 and self.broker.sending == []


def in_order_once(got):
    """First arrivals, in order."""
    return list(dict.fromkeys(got))


STEPS = st.one_of(
    st.tuples(st.just("publish"), st.integers(0, 2)),
    st.tuples(st.just("publish"), st.integers(1, 2)),
    st.tuples(st.just("tell"), st.integers(1, 2)),
    st.tuples(st.just("turn"), st.integers(0, 6)),
    st.tuples(st.just("turn"), st.integers(0, 6)),
    st.tuples(st.just("cut"), st.integers(0, 40)),
    st.tuples(st.just("swallow"), st.none()),
    st.tuples(st.just("chunk"), st.sampled_from([0, 1, 3])),
    st.tuples(st.just("grain"), st.sampled_from([0, 1, 5])),
    st.tuples(st.just("wait"), st.sampled_from([10, 3000, 70000])),
)


def live(seed, steps, world=World, **options):
    world = world(seed, **options)
    for name, value in steps:
        if name in ("chunk", "grain"):
            setattr(world.rig.link, name, value)
        elif name == "wait":
            world.rig.clock.add(value)
        elif name in ("swallow", "amnesia"):
            getattr(world, name)()
        else:
            getattr(world, name)(value)
    world.finish()
    return world


def check(world):
    got, rig = world.broker.received, world.rig
    of_qos = {qos: [payload for payload in got if payload[:1] == b"%d" % qos] for qos in (0, 1, 2)}
    assert of_qos[2] == world.asked[2], "exactly once, in order"
    assert in_order_once(of_qos[1]) == world.asked[1], "nothing lost, in order"
    assert set(of_qos[0]) <= set(world.asked[0]) and len(set(of_qos[0])) == len(of_qos[0]), "at most once"
    heard = rig.payloads()
    assert [payload for payload in heard if payload[:1] == b"2"] == world.told[2], "exactly once, in order"
    assert in_order_once([payload for payload in heard if payload[:1] == b"1"]) == world.told[1]
    assert sorted(rig.told("delivered")) == sorted((pid, 0) for pid in world.ids), "every id ends once"


def check_without_session(world):
    """What holds whatever is lost: each id ends once, and what is told as delivered is there, in order."""
    got, rig = in_order_once(world.broker.received), world.rig
    ends = dict(rig.told("delivered"))
    assert len(ends) == len(rig.told("delivered")) == len(world.ids) and set(ends) == set(world.ids), (
        "every id ends once"
    )
    dropped = [pid for pid in world.ids if ends[pid] == -1]
    assert len(dropped) <= rig.client.dropped
    asked = [payload for payload, pid in world.order if pid and ends[pid] == 0]
    assert [payload for payload in got if payload in set(asked)] == asked, "nothing delivered is missing, in order"
    assert set(got) <= {payload for payload, _ in world.order}
    assert set(rig.payloads()) <= set(world.told[1] + world.told[2])


@settings(max_examples=250)
@given(st.integers(1, 1 << 30), st.lists(STEPS, max_size=60))
@example(1, [("publish", 2), ("turn", 3), ("cut", 0), ("turn", 6), ("publish", 2)])
def test_whatever_breaks_nothing_is_lost_at_qos_1_or_doubled_at_qos_2(seed, steps):
    check(live(seed, steps))


@settings(max_examples=120)
@given(st.integers(1, 1 << 30), st.lists(STEPS | st.just(("amnesia", None)), max_size=60), st.booleans())
def test_whatever_is_forgotten_every_id_ends_once_and_truly(seed, steps, clean):
    check_without_session(live(seed, steps, clean=clean, overflow="oldest"))


def test_long_lives_of_many_seeds():
    """A thousand steps each, links that break every few packets."""
    for seed in range(1, 9):
        dice = Dice(seed)
        names = ("publish", "publish", "tell", "turn", "turn", "turn", "cut", "swallow", "wait", "turn")
        steps = []
        for _ in range(1000):
            name = names[dice(8) % len(names)]
            if name in ("cut", "swallow") and dice(2):
                name = "turn"
            value = {"publish": dice(8) % 3, "tell": 1 + dice(1), "cut": dice(5), "wait": dice(11)}.get(name, dice(3))
            steps.append((name, value))
        check(live(seed, steps))
