"""A client in a process of its own that sends or takes one large message and says how it went.

    streamer.py send|take PORT LENGTH QOS

The payload is a pattern that both sides can make anew, so that a heap of 64 KB bears any length.
What must not live here: a judgement; the tests read the lines. Runs on CPython and MicroPython.
"""

import sys

from leanmqtt import Client


class Pattern:
    """Bytes that tell their place, 97 apart and 251 different ones: a source, and the check of what came."""

    def __init__(self):
        self.at = self.rewound = 0

    def seek(self, at):
        self.at = at
        self.rewound += 1

    def readinto(self, buf):
        for i in range(len(buf)):
            buf[i] = self.at * 97 % 251
            self.at += 1
        return len(buf)

    def same(self, data):
        good = True
        for byte in data:
            good = good and byte == self.at * 97 % 251
            self.at += 1
        return good


def say(*words):
    print(*words)
    if hasattr(sys.stdout, "flush"):
        sys.stdout.flush()


def client(name, port, qos):
    c = Client(name, "127.0.0.1", port, clean=False, qos2=qos == 2, rx_size=256, outbox_size=256, backoff_ms=(20, 200))
    c.on_connect = lambda session: say("connect", int(session))
    c.on_disconnect = lambda error: say("disconnect", error)
    return c


def send(port, length, qos):
    """Publishes a stream, and polls until it is delivered."""
    source, told = Pattern(), []
    c = client("sender", port, qos)
    c.on_delivered = lambda *what: told.append(what)
    pid = c.publish_stream("big/out", length, source, qos)
    c.start()
    while c.pending:
        c.poll(50)
    c.poll()
    say("delivered", told == ([(pid, 0)] if qos else []), source.rewound)
    c.disconnect()


def take(port, length, qos):
    """Takes one message in chunks, and polls until it is whole."""
    expect, state = Pattern(), [0, 0, 0, 0]  # next offset, begun so often, faults, most bytes at once

    def handler(m):
        if not m.offset:
            state[0], expect.at = 0, 0
            state[1] += 1
            say("begun", m.topic, m.total)
        data = m.payload
        state[2] += m.offset != state[0] or m.total != length or not expect.same(data)
        state[0] += len(data)
        state[3] = max(state[3], len(data))

    c = client("taker", port, qos)
    c.subscribe("big/#", qos, handler, stream=True)
    c.on_subscribed = lambda *what: say("subscribed", *what)
    c.start()
    while state[0] < length:
        c.poll(50)
    c.poll(200)
    say("taken", state[0], "faults", state[2], "at most", state[3])
    c.disconnect()


say("start")
{"send": send, "take": take}[sys.argv[1]](*[int(word) for word in sys.argv[2:]])
say("end")
