"""MQTT 5: random lives of a client that receives: aliases, identifiers, QoS, refusals and breaks, all at once."""

from fakes import Dice
from harness5 import Rig5
from packets import PUBACK, PUBCOMP, PUBREC, pubrel, split
from packets5 import acked5, connack5, filters5, publish5, suback5

FILTERS = ("x/#", "x/+", "x/y", "é/" * 30 + "z", "#")
TOPICS = ("x/y", "x/z", "x", "é/" * 30 + "z", "t" * 100, "other/a/b")
ALIASES = 4
MOST = 130  # the broker's Maximum Packet Size
# What handlers say, by the number of the message: (reason, properties), and how much of it leaves
SAID = (
    ((), 0, []),
    ((0x97,), 0x97, []),
    ((0x87, {"reason_string": "no"}), 0x87, [("reason_string", b"no")]),
    ((0, {"user_property": [("a", "b")]}), 0, [("user_property", (b"a", b"b"))]),
    ((0x99, {"reason_string": "r" * 90, "user_property": [("a", "b" * 90)]}), 0x99, [("reason_string", b"r" * 90)]),
    ((0x80, {"reason_string": "r" * 140}), 0x80, []),
)


def matches(text, topic):
    """Does the filter match (4.7)? By levels."""
    levels = topic.split("/")
    for k, level in enumerate(text.split("/")):
        if level == "#":
            return True
        if k >= len(levels) or level not in ("+", levels[k]):
            return False
    return k + 1 == len(levels)


class Sender:
    """A broker that sends, keeps what is not acknowledged, and sends it again on the next connection."""

    def __init__(self, rig, dice):
        self.rig, self.dice = rig, dice
        self.opens = 0
        self.kept = []  # [packet id, topic, payload, qos, identifiers, released]
        self.identifiers = {}  # filter: identifier
        self.sent = {}  # payload: (topic, qos, whose)
        self.order = []  # ids that are to be acknowledged on this connection, in this order
        self.ends = {}  # payload: reason
        self.last = 0
        rig.link.answer = self.take

    def take(self, data):
        link = self.rig.link
        if self.opens != len(link.opens):
            self.opens, self.rest, self.aliases, self.order = len(link.opens), b"", {}, []
        raws, self.rest = split(self.rest + data)
        for raw in raws:
            first = raw[0]
            if first == 0x10:
                link.feed(connack5(self.opens > 1, 0, ("maximum_packet_size", MOST)))
                for entry in self.kept:
                    self.transmit(entry, True)
            elif first == 0x82:
                pid, text, options, pairs = filters5(raw)
                self.identifiers[text.decode()] = dict(pairs)["subscription_identifier"]
                link.feed(suback5(pid, options & 3))
            elif first in (PUBACK, PUBREC, PUBCOMP):
                assert len(raw) <= MOST, "[MQTT-3.2.2-15]"
                self.acknowledged(*acked5(raw))

    def acknowledged(self, first, pid, reason, pairs):
        (entry,) = [entry for entry in self.kept if entry[0] == pid]
        assert (first == PUBACK) == (entry[3] == 1), "[MQTT-3.3.4-1]"
        if first == PUBCOMP:
            assert (reason, pairs) == (0, [])
            self.kept.remove(entry)
            return
        assert self.order.pop(0) == pid, "[MQTT-4.6.0-2] [MQTT-4.6.0-3]"
        said = SAID[int(entry[2]) % len(SAID)][1:]
        # One of QoS 2 that is sent again is not seen again by handlers, unless it was refused.
        assert (reason, pairs) == said or entry[3] == 2 and entry[6] and (reason, pairs) == (0, []) and said[0] < 128
        self.ends[entry[2]] = reason
        if first == PUBREC and reason < 128:
            entry[5] = True
            self.rig.link.feed(pubrel(pid))
        else:
            self.kept.remove(entry)

    def transmit(self, entry, dup):
        pid, topic, payload, qos, identifiers, released, _ = entry
        entry[6] = dup
        if released:
            self.rig.link.feed(pubrel(pid))
            return
        if qos:
            self.order.append(pid)
        pairs = [("subscription_identifier", n) for n in identifiers] + [("content_type", payload.decode())]
        k = 1 + self.dice(8) % (ALIASES + 2)
        if k <= ALIASES:
            pairs.insert(self.dice(1), ("topic_alias", k))
            if self.aliases.get(k) == topic and self.dice(2):
                topic = ""
            else:
                self.aliases[k] = topic
        self.rig.link.feed(publish5(topic, payload, qos, pid, False, dup, pairs))

    def send(self):
        """A message: for all subscriptions that match in one packet, with their identifiers or without."""
        topic = TOPICS[self.dice(8) % len(TOPICS)]
        payload = b"%d" % len(self.sent)
        qos = self.dice(8) % 3
        whose = sorted([text for text in self.identifiers if matches(text, topic)])
        named = self.dice(1)
        self.last = self.last % 65535 + 1
        entry = [self.last if qos else None, topic, payload, qos, [], False, False]
        if named:
            entry[4] = [self.identifiers[text] for text in whose]
        if qos and len(self.kept) > 60:  # the client's Receive Maximum
            return
        self.sent[payload] = topic, qos, whose
        if qos:
            self.kept.append(entry)
        self.transmit(entry, False)


def live(seed, steps):
    dice = Dice(seed)
    rig = Rig5(clean=False, qos2=True, rx_size=1024, properties={"topic_alias_maximum": ALIASES}, backoff_ms=(1, 20))
    got = {}

    def noter(text):
        def note(m):
            assert m.properties["content_type"] == m.payload.decode()
            said = SAID[int(m.payload) % len(SAID)][0]
            if said:
                assert m.acknowledge(*said) == (m.qos > 0)
            got.setdefault(m.payload, []).append((text, m.topic, m.qos))

        return note

    for text in FILTERS:
        rig.client.subscribe(text, 2, noter(text))
    sender = Sender(rig, Dice(seed + 1))
    rig.client.start()
    rig.until(lambda: len(sender.identifiers) == len(FILTERS))
    for _ in range(steps):
        k = dice(8) % 12
        if k < 7 and rig.client.connected and rig.link.is_open:
            sender.send()
        elif k == 7:
            rig.link.end = (0, -1)[dice(1)]
        elif k == 8:
            rig.link.chunk = (0, 1, 7, 64)[dice(2)]
        elif k == 9:
            rig.link.grain = (0, 1, 3)[dice(8) % 3]
        for _ in range(dice(3)):
            rig.client.poll(0)
            rig.clock.add(dice(5))
    rig.link.chunk = rig.link.grain = 0
    rig.until(lambda: rig.client.connected and not sender.kept and not rig.link.unread())
    rig.settle()
    return sender, got, rig


def test_every_message_comes_to_its_handlers_by_its_topic():
    """[MQTT-3.3.2-7] [MQTT-3.3.2-10] [MQTT-4.3.3-10] [MQTT-4.5.0-2]"""
    qualities = [0, 0, 0]
    for seed in range(1, 21):
        sender, got, rig = live(seed * 6007, 300)
        for payload in sender.sent:
            topic, qos, whose = sender.sent[payload]
            qualities[qos] += payload in got
            found = got.get(payload, [])
            assert [entry for entry in found if entry[1:] != (topic, qos)] == []
            times = len(found) // max(len(whose), 1)
            assert sorted([entry[0] for entry in found]) == sorted(whose * times), (topic, found)
            if qos == 2 and sender.ends.get(payload, 0) < 128:
                assert times <= 1, "twice"
        for error in rig.told("disconnect"):
            assert "connection was lost" in str(error[0]), error
    assert min(qualities) > 100


def test_nothing_of_qos_1_and_2_is_lost():
    for seed in range(1, 11):
        sender, got, _ = live(seed * 7001, 200)
        lost = [payload for payload in sender.sent if sender.sent[payload][1] and payload not in got]
        assert lost == []
        for payload in sender.ends:
            assert sender.ends[payload] == SAID[int(payload) % len(SAID)][1], (
                "refused and accepted as its handlers said"
            )
