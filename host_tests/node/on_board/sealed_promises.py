import os

from bench import Clock, Lines, equal
from node.resealed import Resealed, _topic
from node.sealed import make

from leanmqtt import OutboxFull
from leanmqtt.seal import Sealer

KEY = "5ea1" * 16
BASE = {"topics": {}, "name": "roof", "discovery": None, "seal": KEY}


class Client:
    """What a client is asked; `sent` are its messages."""

    def __init__(self):
        self.sent = []
        self.pending = 0

    def publish(self, topic, payload, qos=1, retain=False, properties=None):
        self.sent.append((topic, payload, qos, retain))

    def subscribe(self, wanted, qos, handler, stream):
        self.handler = handler


class Message:
    """One that comes in pieces of at most 100 bytes."""

    retain = False

    def __init__(self, topic, whole):
        self.topic = topic
        self.whole = whole
        self.total = len(whole)
        self.offset = 0

    @property
    def payload(self):
        return self.whole[self.offset : self.offset + 100]

    @property
    def payload_len(self):
        return len(self.payload)

    def readinto(self, buf):
        buf[: self.payload_len] = self.payload
        return self.payload_len


class Station:
    def __init__(self, **more):
        for name in os.listdir():
            if name.startswith("seal-") or name.startswith("pc."):
                os.remove(name)
        self.settings = dict(BASE, **more)
        self.log = Lines(Clock())
        self.client = Client()


def pc():
    return Sealer(KEY, "pc", node=False)


def test_what_may_overtake_waits_for_what_is_stored():
    station = Station()
    make(station)
    client = station.client
    client.pending = 33
    client.publish(b"a", b"1", 0)
    client.stored = 33
    client.publish(b"a", b"2", 1)
    try:
        client.publish(b"a", b"3", 0)
    except OutboxFull as fault:
        assert "shut it out" in str(fault)
    else:
        raise AssertionError("it was published")
    client.pending = 32
    client.publish(b"a", b"4", 0)
    reader = pc()
    equal([reader.open(m[0], m[1]) for m in client.sent], [b"1", b"2", b"4"])


def test_pieces_of_a_message_become_one_and_go_on_in_pieces():
    station = Station()
    part = make(station)
    client = station.client
    seen = []
    client.subscribe(
        "a/+", 1, lambda m: seen.append((m.topic, m.offset, m.total, m.payload_len, bytes(m.payload))), True
    )
    text = bytes([i & 255 for i in range(1200)])
    sealed = pc().seal("a/b", text)

    def send(whole, last=None):
        message = Message("a/b", whole)
        while message.offset < (last or message.total):
            client.handler(message)
            message.offset += 100

    send(sealed, 500)  # and the connection is lost
    assert part._long is not None
    part.online()
    assert part._long is None, "memory for what does not come any more"
    send(sealed)
    equal([found[:4] for found in seen], [("a/b", 0, 1200, 512), ("a/b", 512, 1200, 512), ("a/b", 1024, 1200, 176)])
    equal(b"".join([found[4] for found in seen]), text)
    del seen[:]
    send(sealed)
    equal((seen, len(station.log.lines)), ([], 1))
    assert "a/b is refused: a replay" in station.log.lines[0], station.log.lines


def test_the_mark_goes_on_within_the_block():
    station = Station()
    part = make(station)
    station.client.publish(b"a", b"1")
    mark = part.mark
    station.settings["mark"] = mark
    again = Client()
    station.client = again
    equal(make(station).mark, mark)
    again.publish(b"a", b"2")
    equal(int.from_bytes(again.sent[0][1][1:7], "big"), mark)
    station.settings["mark"] = 1 << 40
    station.client = Client()
    assert make(station).mark > mark + 1000


def test_the_topic_before_a_payload_is_found():
    for topic in (b"a", b"ha/roof/temperature", b"x" * 250):
        for pid in (b"", b"\0\1", b"\1\0", b"\xff\xff"):
            head = b"\x32\x80\x01" + len(topic).to_bytes(2, "big") + topic + pid
            at = len(head)
            equal(_topic(head, at - 2) or _topic(head, at), topic)


def test_what_waits_is_changed_under_its_seal():
    station = Station()
    make(station)
    client = station.client
    client.publish(b"a/b", b"it is boot 0001 now")

    def change(buf, at, end):
        at = buf.find(b"boot", at, end)
        buf[at : at + 4] = b"BOOT"

    change = client.within(change)
    sealed = client.sent[0][1]
    # 3.1.1 at QoS 1 and 0; MQTT 5 likewise, without properties and with an expiry of which a part looks like a topic.
    for more in (b"\0\5", b"", b"\0\5\0", b"\0", b"\0\5\5\2\0\0\1\x2c", b"\5\2\0\0\1\x2c"):
        head = b"\x32\x80\x01\0\3a/b" + more
        buf = bytearray(head + sealed + b"tail")
        change(buf, len(head), len(head) + len(sealed))
        equal((buf[: len(head)], buf[-4:]), (head, b"tail"))
        equal(pc().open("a/b", buf[len(head) : -4], False), b"it is BOOT 0001 now")
    other = bytearray(head + b"online")
    change(other, len(head), len(other))
    equal(other, head + b"online")
    assert isinstance(change, Resealed)
