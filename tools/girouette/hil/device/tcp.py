# Runs on MicroPython: what the operations allocate over a real socket, with a real broker at its other end. Argument
# behind the repetitions: the broker's port.

import sys

from leanmqtt import Client
from meter import laps, measure
from place import ACCOUNT, BASE, HOST, NAME
from wire import Clock

OUT = BASE + "/out/température"
HEARD = BASE + "/heard/température"  # another: nothing said before may still be under way to the listener
port = int(sys.argv[2])


def connected(name, **options):
    options.update(ACCOUNT)
    client = Client(NAME + name, HOST, port, outbox_size=4096, **options)
    client.connect()
    return client


class Listener:
    """A client that counts the messages that are what was sent."""

    def __init__(self, qos, payload):
        self.qos = qos
        self.payload = payload
        self.heard = 0
        self.granted = None
        self.client = connected("listener", qos2=qos == 2, on_subscribed=self.on_subscribed)
        self.client.subscribe(BASE + "/heard/+", qos, self.on_message)
        while self.granted is None:
            self.client.poll(1000)

    def on_subscribed(self, topic_filter, granted):
        self.granted = granted

    def on_message(self, message):
        if message.payload_is(self.payload) and message.qos == self.qos:
            self.heard += 1

    def count(self):
        return self.heard


class Speaker:
    """A client that publishes; what it says is heard by `listener`, if there is one."""

    def __init__(self, qos, payload, listener=None):
        self.qos = qos
        self.payload = payload
        self.published = 0
        self.listener = listener
        self.topic = HEARD if listener else OUT
        self.client = connected("speaker", qos2=qos == 2)

    def publish(self):
        self.client.publish(self.topic, self.payload, self.qos)
        self.published += 1

    def settle(self):
        while self.client.pending:
            self.client.poll(1000)

    def count(self):
        return self.published

    def singly(self):
        self.publish()
        self.settle()

    def together(self):
        for _ in range(8):
            self.publish()
        self.settle()

    def exchange(self):
        self.singly()
        while self.listener.heard < self.published:
            self.listener.client.poll(1000)


class Quiet:
    """A client that has nothing to say but PINGREQ."""

    def __init__(self, **options):
        self.client = connected("quiet", **options)
        self.n = 0

    def ping(self):
        # 45 s without a word. Were the answer not read, the link would be down at the next ping.
        clock.add(45_000)
        moved = tries = 0
        while moved < 2 and tries < 10_000:  # the request leaves, the answer arrives
            moved += self.client.poll()
            tries += 1
        if moved and self.client.connected:
            self.n += 1

    def idle(self):
        if not self.client.poll():
            self.n += 1

    def connect(self):
        # Without ever waiting, so that the first wait is still to come.
        self.client.disconnect()
        self.client.start()
        while not self.client.connected:
            self.client.poll()

    def wait(self):
        if not self.client.poll(1):
            self.n += 1

    def count(self):
        return self.n


for qos in (0, 1, 2):
    for payload in (b"21.53", bytes(300)):
        name = "QoS %d, %d bytes, over TCP" % (qos, len(payload))
        s = Speaker(qos, payload)
        measure("publish " + name, s.singly, s.count)
        measure("publish " + name + ", 8 in flight", s.together, s.count, 8)
        listener = Listener(qos, payload)
        s = Speaker(qos, payload, listener)
        measure("receive " + name, s.exchange, listener.count)
clock = Clock()
q = Quiet(clock=clock)
measure("ping and its answer, over TCP", q.ping, q.count)
q = Quiet()
measure("poll(0), idle, over TCP", q.idle, q.count)
laps("poll(1), the first to wait on a connection, over TCP", q.connect, q.wait, q.count)
