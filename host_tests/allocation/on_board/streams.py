# Runs on MicroPython: what a chunk of a message larger than memory allocates, sent and received, and what the usual
# operations allocate in a client that has streams. Arguments behind the repetitions: none.

from meter import measure
from rig import TOPIC, Publishing, connected, settle
from wire import Message

LENGTH = 250_000_000  # never reaches its end


class Source:
    """It never ends, gives less than asked and now and then nothing."""

    def __init__(self):
        self.turn = self.chunks = 0

    def seek(self, at):
        self.turn = 0

    def readinto(self, buf):
        self.turn += 1
        if self.turn == 5:
            self.turn = 0
            return None
        self.chunks += 1
        buf[0] = self.turn
        return len(buf) - self.turn


class Sending:
    """A client in the middle of a stream; the wire takes everything and answers nothing."""

    def __init__(self, grain):
        self.client, self.wire = connected()
        self.grain = grain
        self.source = Source()
        self.client.publish_stream(TOPIC, LENGTH, self.source)
        self.client.transport = self

    def write(self, span):
        return min(span.tx_len, self.grain)

    def read(self, span):
        return None

    def wait(self, ms, writing):
        pass

    def step(self):
        n = self.source.chunks + 4
        while self.source.chunks < n:
            self.client.poll()

    def count(self):
        return self.source.chunks


class Receiving:
    """A client in the middle of a message that it takes in chunks."""

    def __init__(self, topic_filter, chunk):
        self.client, self.wire = connected()
        self.chunk = chunk
        self.n = 0
        self.room = bytearray(600)
        self.client.subscribe(topic_filter, 1, self.take, stream=True)
        settle(self.client, self.wire)
        head = bytearray(b"\x32\0\0\0\0\0") + bytes((len(TOPIC),)) + TOPIC + b"\0\1"
        n = LENGTH + len(head) - 5
        for i in range(1, 5):
            head[i] = n & 127 | (128 if i < 4 else 0)
            n >>= 7
        self.wire._put(head)
        settle(self.client, self.wire)
        self.client.transport = self

    def take(self, message):
        if message.offset < message.total == LENGTH and message.readinto(self.room) == message.payload_len:
            if message.topic_is(TOPIC):
                self.n += 1

    def read(self, span):
        return min(span.want, self.chunk)

    def write(self, span):
        return span.tx_len

    def step(self):
        n = self.n
        while self.n == n:
            self.client.poll()

    def count(self):
        return self.n


def beside(qos):
    client, wire = connected()
    wire.grain = 10  # head and payload are written apart: the wire puts them together
    client.publish_stream(TOPIC, 50, Source())  # over soon; what it put in place of methods stays
    settle(client, wire)
    wire.grain = 4096
    p = Publishing(client, wire, qos, [TOPIC], [b"21.53"])
    measure("publish QoS %d, after a stream" % qos, p.singly, p.done)


class Small:
    """Small messages for a handler that takes chunks."""

    def __init__(self):
        self.client, self.wire = connected()
        self.n = 0
        self.message = Message(TOPIC, b"-2153", 1)
        self.client.subscribe(TOPIC, 1, self.take, stream=True)
        settle(self.client, self.wire)

    def take(self, message):
        if message.payload_int() == -2153 and not message.offset and message.total == 5:
            self.n += 1

    def step(self):
        self.wire.send(self.message)
        settle(self.client, self.wire)

    def count(self):
        return self.n


for grain in (4096, 100):
    s = Sending(grain)
    measure("stream sent, a chunk, %d bytes at a time" % grain, s.step, s.count, 4)
for topic_filter, chunk in ((TOPIC, 4096), ("#", 100)):
    r = Receiving(topic_filter, chunk)
    measure("stream received, a chunk, %d bytes at a time" % chunk, r.step, r.count)
s = Small()
measure("small message for a handler of streams", s.step, s.count)
for qos in (0, 1):
    beside(qos)
