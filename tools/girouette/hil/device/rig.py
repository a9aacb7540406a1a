# Runs on MicroPython: a client on a Wire, brought to where the measuring begins, and what several programs do with it.
# All that runs while something is measured is written as the client is: methods with few locals, no closures over
# many names, no slices.

from leanmqtt import Client
from wire import Clock, Wire

TOPIC = b"ha/temperature"


def made(**options):
    """A client and its wire, not connected."""
    wire = Wire(Clock())
    return Client("gate", "broker", clock=wire.clock, transport=wire, **options), wire


def connected(**options):
    """A client that is connected, and its wire."""
    client, wire = made(**options)
    client.connect()
    return client, wire


def settle(client, wire):
    """Poll until nothing is under way; what does not settle is left to the count of what was done."""
    n = 2000
    while n and (client.pending or wire.end):
        client.poll()
        n -= 1


class Publishing:
    """Messages to publish one after the other on a live link."""

    def __init__(self, client, wire, qos, topics, payloads, retain=False):
        self.client = client
        self.wire = wire
        self.qos = qos
        self.topics = topics
        self.payloads = payloads
        self.retain = retain
        self.turned = False  # acknowledgements arrive in reverse
        self.delivered = 0

    def on_delivered(self, pid, reason):
        self.delivered += 1

    def done(self):
        return self.wire.published

    def one(self, topic, payload):
        self.client.publish(topic, payload, self.qos, self.retain)

    def singly(self):
        for topic in self.topics:
            self.one(topic, self.payloads[0])
            settle(self.client, self.wire)

    def together(self):
        self.wire.held = True
        for payload in self.payloads:
            self.one(self.topics[0], payload)
        if self.turned:
            self.wire.reverse()
        self.wire.held = False
        settle(self.client, self.wire)
