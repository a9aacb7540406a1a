# Runs on MicroPython: a handler with a deliberate fault, for the gate to find. Argument behind the repetitions: which.

import sys

from meter import measure
from rig import TOPIC, connected, settle
from wire import Message


class Handlers:
    def __init__(self):
        self.n = 0

    def count(self):
        return self.n

    def none(self, message):
        self.n += 1

    def pair(self, message):
        self.n += 1
        self.last = message, self.n  # a tuple of two: 16 bytes

    def frame(self, message):
        a = b = c = d = e = f = g = h = self.n  # 12 words in all
        self.n = (a + b + c + d + e + f + g + h) // 8 + 1

    def idle(self, message):
        pass


h = Handlers()
client, wire = connected()
client.on_message = getattr(h, sys.argv[2])
message = Message(TOPIC, b"ON")


def step():
    wire.send(message)
    settle(client, wire)


measure("receive by a faulty handler", step, h.count)
