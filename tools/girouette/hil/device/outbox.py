# Runs on MicroPython: what publish and poll allocate while nothing can leave and the outbox is full: not started,
# waiting for the network, on a link that takes nothing.

from meter import measure
from rig import TOPIC, connected, made

SIZES = [b"21.53", bytes(100), bytearray(300), memoryview(bytes(40)), "21,53 °C"]


class Queueing:
    """Messages put into an outbox that drops the oldest, until it is full and beyond."""

    def __init__(self, client, payloads, *qos):
        self.client = client
        self.payloads = payloads  # one for each message, in turn
        self.qos = qos
        self.n = self.told = 0
        client.on_delivered = self.on_delivered
        while not client.dropped:
            self.step()

    def on_delivered(self, pid, reason):
        if reason == -1:
            self.told += 1

    def publish(self):
        self.n += 1
        self.client.publish(TOPIC, self.payloads[self.n % len(self.payloads)], self.qos[self.n % len(self.qos)])

    def step(self):
        self.publish()
        while self.client.poll():
            pass

    def done(self):
        assert self.n == self.client.dropped + self.client.pending, "a message is neither queued nor dropped"
        return self.n

    def reported(self):
        return self.told


def waiting():
    client, _ = made(ready=lambda: False)
    client.start()
    return client


def blocked():
    client, wire = connected(qos2=True)
    wire.full = True
    return client


def overflow(where, client, *qos, payloads=SIZES):
    q = Queueing(client, payloads, *qos)
    measure("publish QoS %s into a full outbox, %s" % ("/".join(map(str, qos)), where), q.step, q.done)


def reported():
    q = Queueing(made()[0], SIZES[:1], 1)
    measure("publish QoS 1 into a full outbox, on_delivered told of each drop", q.step, q.reported)


for qos in (0, 1, 2):
    overflow("not started", made(qos2=True)[0], qos)
overflow("not started", made(qos2=True)[0], 0, 1, 2)
overflow("waiting for the network", waiting(), 0)
overflow("waiting for the network", waiting(), 1)
overflow("link takes nothing", blocked(), 0)
overflow("link takes nothing", blocked(), 0, 1, 2)
reported()
