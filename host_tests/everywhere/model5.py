"""A small broker of MQTT 5 that keeps one client's session and holds the client to every rule of the standard.

What lives here: the broker's side of sessions, QoS, quota, aliases and limits; each `assert` is a rule that binds a
client. What must not: anything of leanmqtt. Runs on CPython and MicroPython.
"""

import packets as p
import packets5 as p5
from model import Plugged

WORDS = ("reason_string", "enough")  # with every refusal


class Broker5(Plugged):
    """Plug it into a FakeTransport with `plug`. `wanted`: what its next CONNACK says, as a dict."""

    def __init__(self, dice):
        self.dice = dice
        self.limits = self.wanted = {}
        self.session = False
        self.refusing = 0  # of 16 messages, SUBSCRIBE and UNSUBSCRIBE it refuses so many
        self.held = {}  # QoS 2 ids not released: the message
        self.unanswered = []  # ids of QoS 1 and 2 not finally acknowledged on this connection
        self.received = []  # (topic, payload, properties) of all messages, those of QoS 2 once
        self.refused = []  # packet ids
        self.subscribed = {}  # filter: options and identifier
        self.connects = 0

    def forget(self):
        """The session is lost."""
        self.session = False
        self.held = {}
        self.subscribed = {}

    def opened(self):
        self.greeted = self.gone = False

    def packet(self, raw):
        assert not self.gone, "[MQTT-3.14.4-2]: a packet behind DISCONNECT"
        kind = p.kind(raw)
        assert (kind == 0x10) == (not self.greeted), "[MQTT-3.1.0-1] [MQTT-3.1.0-2]"
        if kind == 0x10:
            self.connect(p5.hello(raw))
            return
        assert len(raw) <= self.limits.get("maximum_packet_size", len(raw)), "[MQTT-3.2.2-15]"
        if kind == p.PUBLISH:
            self.publish(raw)
        elif kind == p.PUBREL:
            pid = p.packet_id(raw)
            found = self.held.pop(pid, None)
            if pid in self.unanswered:
                self.unanswered.remove(pid)
            self.link.feed(p5.ack5(0x70, pid, None if found else 0x92))
        elif kind == p.SUBSCRIBE:
            pid, text, options, pairs = p5.filters5(raw)
            if self.refuses():
                self.link.feed(p5.suback5(pid, 0x97, WORDS))
                return
            self.subscribed[text] = options, dict(pairs).get("subscription_identifier")
            self.link.feed(p5.suback5(pid, options & 3))
        elif kind == p.UNSUBSCRIBE:
            pid, text, _, _ = p5.filters5(raw)
            if self.refuses():
                self.link.feed(p5.unsuback5(pid, 0x87, WORDS))
                return
            self.link.feed(p5.unsuback5(pid, 0 if self.subscribed.pop(text, None) else 0x11))
        elif raw == p.PINGREQ:
            self.link.feed(p.PINGRESP)
        else:
            assert kind in (0x40, 0x50, 0x70, 0xE0), "a packet that no client sends: %r" % raw
            self.gone = kind == 0xE0

    def refuses(self):
        return self.dice(4) < self.refusing

    def connect(self, found):
        self.greeted = True
        self.connects += 1
        self.aliases, self.unanswered = {}, []
        self.limits = self.wanted
        if found["flags"] & 2 or not self.session:
            self.forget()
        self.present = self.session
        self.link.feed(p5.connack5(self.present, 0, *[(name, self.limits[name]) for name in self.limits]))
        self.session = bool(found["properties"].get("session_expiry_interval"))

    def publish(self, raw):
        topic, payload, qos, pid, retain, dup, pairs = p5.fields5(raw)
        given = dict(pairs)
        assert qos <= self.limits.get("maximum_qos", 2), "[MQTT-3.2.2-11]"
        assert not retain or self.limits.get("retain_available", 1), "[MQTT-3.2.2-14]"
        assert "subscription_identifier" not in given, "[MQTT-3.3.4-6]"
        assert not dup or qos and self.present, "[MQTT-3.3.1-1] [MQTT-3.3.1-2]"
        alias = given.pop("topic_alias", None)
        if alias is not None:
            assert 0 < alias <= self.limits.get("topic_alias_maximum", 0), "[MQTT-3.2.2-17] [MQTT-3.3.2-8]"
            if topic:
                self.aliases[alias] = topic
            topic = self.aliases[alias]
        assert topic, "a message without a topic"
        if not qos:
            self.received.append((topic, payload, given))
            return
        if pid in self.unanswered:
            raise AssertionError("[MQTT-2.2.1-3] [MQTT-4.4.0-1]: id %d is in use, or sent again" % pid)
        self.unanswered.append(pid)
        assert len(self.unanswered) <= self.limits.get("receive_maximum", 65535), "[MQTT-3.3.4-7]"
        refuse = self.refuses() and pid not in self.held
        if refuse:
            self.refused.append(pid)
            self.unanswered.remove(pid)
            self.link.feed(p5.ack5(0x40 if qos == 1 else 0x50, pid, 0x97, WORDS))
            return
        if qos == 1 or pid not in self.held:
            self.received.append((topic, payload, given))
        elif self.held[pid] != payload:
            raise AssertionError("[MQTT-2.2.1-3]: id %d is that of another message" % pid)
        if qos == 1:
            self.unanswered.remove(pid)
            self.link.feed(p.puback(pid))
        else:
            self.held[pid] = payload
            self.link.feed(p.pubrec(pid))
