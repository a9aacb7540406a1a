# Runs on MicroPython: what a client allocates that has nothing to do but to stay alive.

from meter import measure
from rig import TOPIC, Publishing, connected, made, settle


class Idling:
    """A client, a wire, and how often what was expected came of a poll."""

    def __init__(self, client, wire, ms=0):
        self.client = client
        self.wire = wire
        self.ms = ms
        self.n = 0

    def count(self):
        return self.n

    def pinged(self):
        return self.wire.pinged

    def poll(self):
        if self.client.poll(self.ms) is False:
            self.n += 1

    def ping(self):
        # 45 s without a word; the broker's answer is read, or the link would be down at the next.
        self.wire.clock.add(45_000)
        for _ in range(3):
            self.client.poll()

    def look(self):
        c = self.client
        if c.connected and not c.pending and not c.dropped and not c.oversize and not c.session_present:
            if c.due_ms() > 0 and c.sock and c.last_error is None:
                self.n += 1


def idle(name, client, wire, ms=0):
    i = Idling(client, wire, ms)
    measure(name, i.poll, i.count)


def offline(**options):
    client, wire = made(**options)
    client.start()
    return client, wire


class Unanswered:
    """Messages whose acknowledgements take half a minute: nothing is sent again on a live link."""

    def __init__(self):
        self.client, self.wire = connected()
        self.p = Publishing(self.client, self.wire, 1, [TOPIC], [b"21.53", b"22", b""])

    def step(self):
        self.wire.held = True
        for _ in range(3):
            self.p.one(TOPIC, b"21.53")
        self.client.poll(30_000)
        self.wire.held = False
        settle(self.client, self.wire)

    def count(self):
        return self.wire.published


idle("poll(0), idle", *connected())
idle("poll(100), idle", *connected(keepalive=0), ms=100)
idle("poll(0), not started", *made())
idle("poll(100), waiting for the network", *offline(ready=lambda: False), ms=100)
i = Idling(*connected())
measure("ping and its answer", i.ping, i.pinged)
i = Idling(*connected())
i.wire.chunk = i.wire.grain = 1
measure("ping and its answer, byte by byte", i.ping, i.pinged)
i = Idling(*connected())
measure("due_ms and the properties", i.look, i.count)
u = Unanswered()
measure("acknowledgements that take 30 s", u.step, u.count, 3)
