# Runs on MicroPython: the heap in use after the 10th and after the 100th reconnect, in bytes. Arguments: what becomes
# of the session, `new` or `kept`; then nothing, for a broker made up, or the port of a real one.

import gc
import sys

from leanmqtt import Client, Will
from place import ACCOUNT, BASE, HOST, NAME
from rig import TOPIC, settle
from wire import Clock, Message, Wire

OUT_1 = BASE + "/out/1"
OUT_2 = BASE + "/out/météo"
kept = sys.argv[1] == "kept"
heard = ups = 0
options = {
    "clean": not kept,
    "qos2": True,
    "will": Will(BASE + "/status", b"offline", 1, True),
    "birth": Will(BASE + "/status", b"online", 1, True),
    "backoff_ms": (1, 16),
}


def on_message(message):
    global heard
    heard += 1


def on_connect(session_present):
    global ups
    ups += 1


def publish(client):
    """Messages that are in flight when the link breaks."""
    for payload in (b"21.53", bytes(100), "22"):
        client.publish(OUT_1, payload, 1)
    client.publish(OUT_2, b"23", 2)


class MadeUp:
    """A made-up broker that goes away with all it had to say."""

    def __init__(self):
        self.wire = Wire(Clock())
        self.wire.kept = kept
        self.message = Message(TOPIC, b"1", 1)
        self.client = Client("again", "broker", clock=self.wire.clock, transport=self.wire, **options)

    def lose(self):
        self.wire.held = True
        publish(self.client)
        self.wire.at = self.wire.end = 0
        self.wire.held = False
        self.wire.lost = True

    def settle(self):
        self.wire.send(self.message)
        settle(self.client, self.wire)


def connect(name):
    """CONNECT of a client of that name, byte by byte."""
    flags, parts = 0 if kept else 2, [name]
    if ACCOUNT.get("user"):
        flags, parts = flags | 0xC0, [name, ACCOUNT["user"].encode(), (ACCOUNT["password"] or "").encode()]
    body = b"\x00\x04MQTT\x04%s\x00\x3c" % bytes((flags,))
    for part in parts:
        body += bytes((len(part) >> 8, len(part) & 255)) + part
    return b"\x10" + (bytes((len(body),)) if len(body) < 128 else bytes((len(body) & 127 | 128, len(body) >> 7))) + body


class Real:
    """A real broker, made to drop the client by another of the same name."""

    def __init__(self, port):
        self.port = port
        name = NAME + "again"
        self.connect = connect(name.encode())
        self.client = Client(name, HOST, port, **options, **ACCOUNT)

    def lose(self):
        import socket

        other = socket.socket()
        other.connect(socket.getaddrinfo(HOST, self.port)[0][-1])
        other.write(self.connect)
        other.read(4)
        publish(self.client)
        other.close()

    def settle(self):
        n = heard
        while self.client.pending or heard < n + 4:  # what it published, it hears
            self.client.poll(1000)


def again(broker):
    n = ups
    broker.lose()
    while ups == n:
        broker.client.poll(1000)
    broker.settle()


def used():
    gc.collect()
    return gc.mem_alloc()


broker = Real(int(sys.argv[2])) if sys.argv[2:] else MadeUp()
broker.client.on_connect = on_connect
broker.client.subscribe(TOPIC, 1, on_message)
broker.client.subscribe("ha/+/set", 2, on_message)
broker.client.subscribe(BASE + "/out/#", 0, on_message)
broker.client.start()
publish(broker.client)
while not ups:
    broker.client.poll(1000)
broker.settle()
after = [0] * 101
for n in range(1, 101):
    again(broker)
    after[n] = used()
print(ups - 1, heard, after[10], after[100])
