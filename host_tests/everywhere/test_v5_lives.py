"""MQTT 5: random lives of a client at a strict broker: whatever breaks, each id ends once, and truly."""

import flash
from fakes import Dice
from harness5 import Rig5
from leanmqtt import OutboxFull, Will
from leanmqtt.journal import Client, Journal
from model5 import Broker5
from sources import Source

TOPICS = ("a", "dev/1/temp", "dev/2/temp", "t" * 70, "é/" * 40, "dev/status")
PROPERTIES = (
    None,
    None,
    {"content_type": "text/plain"},
    {"user_property": [("a", "b" * 50), ("c", "")], "payload_format_indicator": 1},
    {"correlation_data": b"\xff" * 110},
)


class Life:
    """One client, one broker, and what was published."""

    def __init__(self, seed, **options):
        self.dice = Dice(seed)
        self.given = {}  # payload: (topic, properties, packet id)
        self.told = {}  # packet id of this use: outcomes
        self.open = {}  # packet id: payload
        self.outcomes = []  # (payload, reason)
        birth = Will("birth", "hello", 1, False, {"content_type": "b"}) if seed % 3 == 0 else None
        self.rig = Rig5(
            clean=False, qos2=True, outbox_size=1500, inflight=6, backoff_ms=(1, 50), birth=birth,
            rand=Dice(seed + 1), on_delivered=self.delivered, **options
        )  # fmt: skip
        self.rig.client.on_subscribed = self.answered
        self.rig.client.v5.on_unsubscribed = self.answered
        self.refusals = 0  # of subscriptions and of their ends
        self.wishes = {}  # filter: options
        self.broker = Broker5(Dice(seed + 2))
        self.broker.plug(self.rig.link)
        self.count = 0

    def pick(self, n):
        return self.dice(12) % n

    def delivered(self, pid, reason):
        assert pid in self.open, "an id that is not in use, or told twice: %d, %d" % (pid, reason)
        self.outcomes.append((self.open.pop(pid), reason))
        self.words(reason == 0x97)

    def answered(self, text, reason):
        """A SUBACK or UNSUBACK."""
        self.refusals += reason > 127
        self.words(reason > 127)

    def words(self, refused):
        """The broker gives a reason string with its refusals, and with nothing else."""
        five = self.rig.client.v5
        assert five.reason_string == ("enough" if refused else "")
        assert five.properties == ({"reason_string": "enough"} if refused else {})

    def publish(self):
        self.count += 1
        payload = b"%d." % self.count + b"p" * (self.pick(8) * self.pick(30))
        topic = TOPICS[self.pick(len(TOPICS))]
        given = PROPERTIES[self.pick(len(PROPERTIES))]
        if self.pick(4) == 0:
            given = dict(given or {}, message_expiry_interval=1 + self.pick(40))
        qos = self.pick(3)
        retain = self.pick(8) == 0
        if self.pick(7) == 0:
            payload += b"s" * (self.pick(40) * self.pick(60))
            send, source = self.rig.client.publish_stream, (len(payload), Source(payload, 1 + self.pick(900)))
        else:
            send, source = self.rig.client.publish, (payload,)
        try:
            pid = send(topic, *source, qos, retain, given)
        except OutboxFull:
            return
        self.given[payload] = topic, given or {}, qos
        if pid:
            assert pid not in self.open, "[MQTT-2.2.1-3]"
            self.open[pid] = payload

    def step(self):
        link, k = self.rig.link, self.pick(20)
        if k < 9:
            self.publish()
        elif k == 9:
            link.end = (0, -1)[self.pick(2)]
        elif k == 10:
            link.grain = (0, 1, 5, 60)[self.pick(4)]
        elif k == 11:
            link.room = self.pick(150)
        elif k == 12:
            self.broker.forget()
            link.end = -1
        elif k == 13:
            self.broker.refusing = self.pick(6)
        elif k == 14:
            self.limit()
            link.end = 0
        elif k == 15:
            self.rig.clock.add(1000 * self.pick(30))
        elif k == 16:
            text, qos, own = b"s/%d" % self.pick(5), self.pick(3), self.pick(2)
            self.rig.client.subscribe(text, qos, no_local=bool(own))
            self.wishes[text] = qos | own << 2
        elif k == 17:
            text = b"s/%d" % self.pick(5)
            self.rig.client.unsubscribe(text)
            self.wishes.pop(text, None)
        for _ in range(self.pick(6)):
            self.rig.client.poll(0)
            self.rig.clock.add(self.pick(200))
        if self.pick(3) == 0:
            link.room = None

    def limit(self):
        """The next connection's limits."""
        limits = {}
        if self.pick(2):
            limits["receive_maximum"] = 1 + self.pick(8)
        if self.pick(2):
            limits["topic_alias_maximum"] = self.pick(10)
        if self.pick(4) == 0:
            limits["maximum_qos"] = self.pick(2)
        if self.pick(3) == 0:
            limits["retain_available"] = 0
        if self.pick(3) == 0:
            limits["maximum_packet_size"] = 60 + self.pick(200)
        self.broker.wanted = limits
        self.broker.forget()  # another broker, then: a session's limits do not change under it

    def finish(self):
        link = self.rig.link
        link.room, link.grain, self.broker.refusing = None, 0, 0
        self.rig.until(lambda: not self.rig.client.pending and self.rig.client.connected, 200_000, 200)
        for _ in range(50):  # of those that ended without the broker one is told a turn
            self.rig.client.poll(0)
        self.again()

    def again(self):
        """One more connection: what was refused is asked for again."""
        rig = self.rig
        rig.settle()  # an end may still be on its way
        rig.until(lambda: rig.client.connected, 200_000)
        rig.lose()
        rig.until(lambda: rig.client.connected, 200_000)
        rig.settle()

    def check(self):
        assert {text: self.broker.subscribed[text][0] for text in self.broker.subscribed} == self.wishes
        assert self.open == {}, "no word of %r" % self.open
        received = {}
        for topic, payload, pairs in self.broker.received:
            if payload == b"hello":
                continue
            received.setdefault(payload, []).append(pairs)
            wanted, given, _ = self.given[payload]
            assert topic == wanted.encode(), (topic, wanted)
            self.same(dict(pairs), dict(given))
        for payload, reason in self.outcomes:
            if reason == 0:
                assert payload in received or self.given[payload][2] == 2, "told as delivered, and is not"
            elif reason < 0:
                assert payload not in received, "told as dropped, and is delivered"
        return received

    def same(self, got, given):
        expiry = given.pop("message_expiry_interval", None)
        left = got.pop("message_expiry_interval", None)
        assert (expiry is None) == (left is None) and (expiry is None or 0 <= left <= expiry)
        assert sorted(got) == sorted(given)
        for name in given:
            value = given[name][-1] if name == "user_property" else given[name]
            value = tuple([part.encode() for part in value]) if name == "user_property" else value
            assert got[name] == (value.encode() if isinstance(value, str) else value)


def live(seed, steps, **options):
    life = Life(seed, **options)
    life.rig.start()
    for _ in range(steps):
        life.step()
    life.finish()
    return life


def test_whatever_breaks_each_id_ends_once_and_truly():
    reasons = set()
    refusals = 0
    for seed in range(1, 26):
        life = live(seed * 7919, 200)
        life.check()
        refusals += life.refusals
        reasons.update([reason for _, reason in life.outcomes])
    assert {0, -1, -2, 0x97, 0x9A, 0x9B, 0x95} == reasons, "all kinds of ends are seen: %r" % reasons
    assert refusals > 50


def test_it_is_so_with_a_journal():
    reasons = set()
    for seed in range(1, 16):
        life = live(seed * 7919, 200, make=Client, journal=Journal(flash.path(), 40000, 2000))
        life.check()
        life.rig.run(3000)
        assert life.rig.client.stored == 0
        reasons.update([reason for _, reason in life.outcomes])
    assert {0, -2, 0x97} <= reasons


def test_with_the_session_kept_nothing_of_qos_1_is_lost_and_nothing_of_qos_2_doubled():
    for seed in range(1, 16):
        life = Life(seed * 104729, overflow="refuse")
        life.broker.wanted = {"topic_alias_maximum": 5, "receive_maximum": 4}
        life.rig.start()
        for _ in range(200):
            calm(life)
        life.finish()
        received = life.check()
        delivered = [payload for payload, reason in life.outcomes if reason == 0]
        assert delivered
        for payload in delivered:
            assert payload in received
        for payload in received:
            if life.given[payload][2] == 2:
                assert len(received[payload]) == 1, "a QoS 2 message twice"


def calm(life):
    """A step in which the broker forgets nothing and refuses nothing."""
    link, k = life.rig.link, life.pick(10)
    if k < 6:
        life.publish()
    elif k == 6:
        link.end = -1
    elif k == 7:
        link.room = life.pick(200)
    elif k == 8:
        link.grain = (0, 1, 7)[life.pick(3)]
    for _ in range(life.pick(6)):
        life.rig.client.poll(0)
        life.rig.clock.add(life.pick(100))
    if life.pick(3) == 0:
        link.room = None
