# Runs on MicroPython: what a received message allocates, through every way of delivery and every part of Message that
# is free. Argument behind the repetitions: the QoS.

import sys

from meter import measure
from rig import TOPIC, connected, settle
from wire import Message

VALUE = b"-2153"
qos = int(sys.argv[2])


class Handlers:
    """Handlers that count a message when it is what was sent, each by another part of Message."""

    def __init__(self, client, flags=0):
        self.client = client
        self.flags = flags
        self.n = 0
        self.room = bytearray(400)

    def count(self):
        return self.n

    def any(self, message):
        self.n += 1

    def topic_is(self, message):
        if message.topic_is(TOPIC) and not message.topic_is(b"ha/temperaturf"):
            self.n += 1

    def payload_is(self, message):
        if message.payload_is(VALUE) and not message.payload_is(b"-2154"):
            self.n += 1

    def payload_int(self, message):
        if message.payload_int() == -2153:
            self.n += 1

    def payload_int_default(self, message):
        if message.payload_int(7) == 7:
            self.n += 1

    def payload_len(self, message):
        if message.payload_len == 5:
            self.n += 1

    def readinto(self, message):
        if message.readinto(self.room) == message.payload_len:
            self.n += 1

    def marks(self, message):
        if message.qos == qos and message.retain == (self.flags == 1) and message.dup == (self.flags == 8):
            self.n += 1

    def publish(self, message):
        self.client.publish("ha/état", VALUE, qos)
        self.n += 1


class Receiving:
    """A client that gets messages, all of them at once."""

    def __init__(self, messages, options):
        self.messages = messages
        self.client, self.wire = connected(qos2=qos == 2, **options)

    def step(self):
        for message in self.messages:
            self.wire.send(message)
        settle(self.client, self.wire)

    def oversize(self):
        return self.client.oversize


def receive(name, handler="any", filters=(TOPIC,), messages=None, flags=0, chunk=4096, **options):
    messages = messages or [Message(TOPIC, VALUE, qos, flags)]
    r = Receiving(messages, options)
    h = Handlers(r.client, flags)
    handler = getattr(h, handler)
    for topic_filter in filters:
        r.client.subscribe(topic_filter, qos, handler)
    while r.client.poll():
        pass
    if not filters:
        r.client.on_message = handler
    r.wire.chunk = chunk
    measure("receive QoS %d, %s" % (qos, name), r.step, h.count, len(messages) * max(len(filters), 1))


def oversize(name, message, **options):
    r = Receiving([message], options)
    measure("receive QoS %d, %s" % (qos, name), r.step, r.oversize)


receive("exact handler", "marks")
receive("handler of +", filters=["ha/+"])
receive("handler of #", filters=["#"])
receive("three handlers", filters=["ha/+", "#", TOPIC])
receive("on_message", filters=())
receive("retained", "marks", flags=1)
receive("handler publishes", "publish")
receive("20 at once", messages=[Message(TOPIC, VALUE, qos) for _ in range(20)])
receive("20 topics", filters=["ha/#"], messages=[Message(b"ha/%d/\xc3\xa9" % i, VALUE, qos) for i in range(20)])
receive("payload of 100 bytes", "readinto", messages=[Message(TOPIC, bytes(100), qos)])
receive("payload of 300 bytes", "readinto", messages=[Message(TOPIC, bytes(300), qos)])
receive("topic of 100 bytes", filters=["ha/+"], messages=[Message(b"ha/" + b"t" * 97, VALUE, qos)])
receive("broker that dribbles", filters=[b"\xc3\xa9"], messages=[Message(b"\xc3\xa9", b"1", qos)], chunk=1)
oversize("oversize", Message(TOPIC, bytes(300), qos), rx_size=64)
oversize("oversize topic", Message(b"ha/" + b"t" * 97, VALUE, qos), rx_size=64)
if qos == 1:
    receive("DUP", "marks", flags=8)
if qos == 0:  # the same code for all three
    for handler in ("topic_is", "payload_is", "payload_int", "payload_len", "readinto"):
        receive("handler calls " + handler, handler)
    receive("broker that dribbles, wildcard", filters=["+"], messages=[Message(b"t", b"1")], chunk=1)
    receive("payload_int of what is none", "payload_int_default", messages=[Message(TOPIC, b"-21x3")])
