# Runs on MicroPython: what sending again allocates, on the next connection: the packets and their acknowledgements. The
# connecting before it may allocate. Argument behind the repetitions: what becomes of the
# session, `new` or `kept`.

import sys

from meter import laps
from rig import TOPIC, connected, settle

PAYLOADS = [b"21.53", bytes(100), b"", b"22", b"23", b"24"]
kept = sys.argv[2] == "kept"


class Resending:
    """Messages that reach the broker, whose answers are lost with the link."""

    def __init__(self, qos):
        self.qos = qos
        self.client, self.wire = connected(clean=not kept, qos2=qos == 2)
        self.wire.kept = kept
        self.client.on_connect = self.on_connect
        self.n = 0

    def on_connect(self, session_present):
        self.wire.full = True  # so that the poll that connects does not send as well

    def done(self):
        return self.n

    def before(self):
        self.wire.held = True
        for payload in PAYLOADS:
            self.client.publish(TOPIC, payload, self.qos)
        self.wire.lost = True
        self.wire.end = self.wire.at = 0
        self.wire.held = False
        while self.client.connected:
            self.client.poll()
        while not self.client.connected:
            self.client.poll(1000)

    def step(self):
        self.wire.full = False
        self.n -= self.wire.published
        settle(self.client, self.wire)
        self.n += self.wire.published


for qos in (1, 2):
    r = Resending(qos)
    name = "send again QoS %d, session %s" % (qos, sys.argv[2])
    laps(name, r.before, r.step, r.done, len(PAYLOADS))
