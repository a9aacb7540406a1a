# Runs on MicroPython: what a client with a NoLocal allocates: with a made-up broker for every operation, or, with a
# port behind the QoS, over a real socket with a real one. Arguments behind the repetitions: the QoS, the port.

import sys

from leanmqtt import Client
from leanmqtt.nolocal import NoLocal
from meter import measure
from rig import connected, settle
from wire import Message

qos = int(sys.argv[2])
TOPIC = b"ha/temp\xc3\xa9rature"


class Own:
    """A client that hears itself, or would."""

    def __init__(self, payload, filters, size=16, flags=0):
        self.client, self.wire = connected(qos2=True)
        self.own = NoLocal(self.client, size)
        self.payload = payload
        self.echo = Message(TOPIC, payload, qos, flags)
        self.foreign = Message(TOPIC, payload + b"x", qos)
        self.heard = self.published = 0
        self.handlers = len(filters)
        for topic_filter in filters:
            self.client.subscribe(topic_filter, qos, self.on_message)
        while self.client.poll():
            pass

    def on_message(self, message):
        self.heard += 1

    def publish(self):
        self.client.publish(TOPIC, self.payload, qos)
        settle(self.client, self.wire)
        self.published += 1

    def exchange(self):
        self.publish()
        self.wire.send(self.echo)
        settle(self.client, self.wire)

    def hear(self):
        self.wire.send(self.foreign)
        settle(self.client, self.wire)

    def hidden(self):
        return self.own.hidden

    def count(self):
        return self.heard // self.handlers  # each of them once

    def said(self):
        return self.published


class Real(Own):
    """The same with a real broker."""

    def __init__(self, payload):
        self.payload = payload
        self.published = 0
        self.granted = None
        self.client = Client("own", "127.0.0.1", int(sys.argv[3]), qos2=True, on_subscribed=self.on_subscribed)
        self.own = NoLocal(self.client)
        self.client.connect()
        self.client.subscribe(b"ha/+", qos, self.on_message)
        while self.granted is None:
            self.client.poll(1000)

    def on_subscribed(self, topic_filter, granted):
        self.granted = granted

    def on_message(self, message):
        raise AssertionError("it heard itself")

    def exchange(self):
        self.client.publish(TOPIC, self.payload, qos)
        self.published += 1
        while self.client.pending or self.own.hidden < self.published:
            self.client.poll(1000)


if len(sys.argv) > 3:
    for payload in (b"21.53", bytes(300)):
        r = Real(payload)
        measure("publish and not hear QoS %d, %d bytes, over TCP" % (qos, len(payload)), r.exchange, r.hidden)
    sys.exit()
for payload in (b"21.53", bytes(300)):
    for filters in ([TOPIC], [b"ha/+", b"#", TOPIC]):
        o = Own(payload, filters)
        name = "QoS %d, %d bytes, %d subscriptions" % (qos, len(payload), len(filters))
        measure("publish and not hear " + name, o.exchange, o.hidden)
        o.publish()  # so that what comes is looked at
        measure("hear a foreign one, " + name, o.hear, o.count)
o = Own(b"21.53", [TOPIC], size=1)
measure("publish QoS %d, a full ring" % qos, o.publish, o.said)
o = Own(b"21.53", [b"other"])
measure("publish QoS %d, no subscription matches" % qos, o.publish, o.said)
if qos == 1:
    o = Own(b"21.53", [TOPIC], flags=8)
    measure("publish and not hear, sent again by the broker", o.exchange, o.hidden)
