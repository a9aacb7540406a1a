# Runs on MicroPython: what a ping of WebSocket and its answer allocate, and a message in fragments around it. The
# server is a made-up transport. Argument: the repetitions.

from leanmqtt import Client
from leanmqtt.websocket import WebSocket
from meter import measure

PING = b"\x89\x05hello"
# A PUBLISH in two fragments with a ping between them, the second with a length of 8 bytes.
MESSAGE = b"\x02\x04\x30\x08\x00\x01" + PING + b"\x80\x7f\x00\x00\x00\x00\x00\x00\x00\x06t21.53"


class Below:
    """Gives `data` again and again, one byte short of it at a time, and takes anything."""

    sock = None

    def __init__(self):
        self.data = b""
        self.at = self.pongs = 0
        self.room = bytearray(600)

    def open(self, host, port):
        pass

    def opening(self):
        return False

    def read(self, span):
        if self.at == len(self.data):
            return None
        n = min(span.want, len(self.data) - self.at)
        i = 0
        while i < n:
            span.rx[i] = self.data[self.at + i]
            i += 1
        self.at += n
        return n

    def write(self, span):
        n = min(span.tx_len, 3)  # and the rest at the next call
        if span.tx_off == 0:
            self.pongs += 1
        return n

    def wait(self, ms, write):
        pass

    def close(self):
        pass


class Span:
    def __init__(self):
        self.rx = bytearray(64)
        self.want = 64


class Case:
    def __init__(self, data):
        self.below = Below()
        self.client = Client("a", "ws://a", transport=WebSocket(below=self.below))
        self.ws = self.client.transport
        self.ws._up = True
        self.data = data
        self.span = Span()
        self.n = 0

    def turn(self):
        self.below.data = self.data
        self.below.at = 0
        pongs = self.below.pongs
        while self.below.at < len(self.data):
            self.ws.read(self.span)
        if self.below.pongs == pongs + 1:
            self.n += 1

    def count(self):
        return self.n


for name, data in (("a ping between messages", PING), ("a message in fragments with a ping between them", MESSAGE)):
    case = Case(data)
    measure(name + ", WebSocket", case.turn, case.count)
