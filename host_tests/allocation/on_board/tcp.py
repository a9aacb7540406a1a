# Runs on MicroPython: what the operations allocate over a real socket, with a real broker at its other end. Argument
# behind the repetitions: the broker's port on 127.0.0.1.

import sys

from leanmqtt import Client
from meter import measure
from wire import Clock

TOPIC = "ha/température"
port = int(sys.argv[2])


class Station:
    """A client that hears what it publishes."""

    def __init__(self, qos, payload, listen, **options):
        self.qos = qos
        self.payload = payload
        self.heard = self.delivered = 0
        self.client = Client("tcp-%d" % qos, "127.0.0.1", port, qos2=True, on_delivered=self.on_delivered, **options)
        self.client.connect()
        self.listen = listen
        if listen:
            self.granted = False
            self.client.on_subscribed = self.on_subscribed
            self.client.subscribe("ha/+", qos, self.on_message)
            while not self.granted:
                self.client.poll(1000)

    def on_subscribed(self, topic_filter, granted):
        self.granted = granted == self.qos

    def on_message(self, message):
        if message.payload_is(self.payload) and message.qos == self.qos:
            self.heard += 1

    def on_delivered(self, pid, reason):
        self.delivered += 1

    def publish(self):
        self.client.publish(TOPIC, self.payload, self.qos)
        while self.client.pending:
            self.client.poll(1000)

    def several(self):
        for _ in range(8):
            self.client.publish(TOPIC, self.payload, self.qos)
        while self.client.pending:
            self.client.poll(1000)

    def exchange(self):
        n = self.heard + 1
        self.publish()
        while self.heard < n:
            self.client.poll(1000)

    def count(self):
        return self.heard if self.listen else self.delivered


class Quiet:
    """A client that has nothing to say but PINGREQ, on a clock that is put forward."""

    def __init__(self):
        self.clock = Clock()
        self.client = Client("tcp-quiet", "127.0.0.1", port, clock=self.clock)
        self.client.connect()
        self.n = 0

    def ping(self):
        self.clock.add(45_000)
        if self.client.poll(1000) and self.client.poll(1000):  # the request leaves, the answer arrives
            self.n += 1

    def idle(self):
        if not self.client.poll():
            self.n += 1

    def count(self):
        return self.n


class Bare(Station):
    """QoS 0: what was written counts as done."""

    def publish(self):
        self.client.publish(TOPIC, self.payload, 0)
        while self.client.pending:
            self.client.poll(1000)
        self.delivered += 1


for payload in (b"21.53", bytes(300)):
    s = Bare(0, payload, False)
    measure("tcp: publish QoS 0, %d bytes" % len(payload), s.publish, s.count)
    for qos in (1, 2):
        s = Station(qos, payload, False)
        measure("tcp: publish QoS %d, %d bytes" % (qos, len(payload)), s.publish, s.count)
        measure("tcp: publish QoS %d, %d bytes, 8 in flight" % (qos, len(payload)), s.several, s.count, 8)
    for qos in (0, 1, 2):
        s = Station(qos, payload, True)
        measure("tcp: receive QoS %d, %d bytes" % (qos, len(payload)), s.exchange, s.count)
q = Quiet()
measure("tcp: ping and its answer", q.ping, q.count)
q = Quiet()
measure("tcp: poll(0), idle", q.idle, q.count)
