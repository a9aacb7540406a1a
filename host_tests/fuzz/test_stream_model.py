"""Streams of every length, in pieces of every size, over links that break anywhere: what arrives is what was meant."""

import contextlib

import packets as p
from harness import Rig
from hypothesis import given, settings
from hypothesis import strategies as st
from leanmqtt import OutboxFull
from sources import Source, Taker, pattern
from test_model import STEPS, World, check, live

# Lengths at which something changes: a chunk of 512 bytes, a window of 256, a length field of one, two, three bytes.
BORDERS = [0, 1, 127, 128, 256, 512, 1024, 2048, 16383, 16384]
LENGTHS = st.one_of(
    st.builds(lambda at, off: max(at + off, 0), st.sampled_from(BORDERS), st.integers(-20, 20)), st.integers(0, 3000)
)
TOPICS = st.sampled_from(["t", "ha/picture", "é" * 20, "a/" * 30 + "b"])
PIECES = st.sampled_from([1, 3, 100, 511, 512, 10_000])


@given(LENGTHS, TOPICS, st.integers(0, 2), PIECES, PIECES, st.booleans())
def test_a_stream_arrives_as_it_was_meant(length, topic, qos, piece, grain, retain):
    rig = Rig(qos2=True, outbox_size=256)
    rig.up()
    rig.link.grain = grain
    data = pattern(length)
    pid = rig.client.publish_stream(topic, length, Source(data + b"more", piece), qos, retain)
    rig.settle()
    assert rig.sent() == [p.publish(topic, data, qos, pid or None, retain)]


@given(LENGTHS, TOPICS, st.integers(0, 2), PIECES, st.integers(32, 700))
def test_a_message_is_taken_whole_in_chunks_or_told_oversize(length, topic, qos, chunk, rx_size):
    rig = Rig(qos2=True, rx_size=rx_size)
    taker = Taker()
    rig.client.subscribe("#", 2, taker, stream=True)
    rig.grant(rig.up())
    rig.sent()
    rig.link.chunk = chunk
    data = pattern(length)
    raw = p.publish(topic, data, qos, 7 if qos else None)
    answers = rig.hear(raw, p.publish("end", b"", 1, 9))
    assert [answer[0] for answer in answers] == [[], [0x40], [0x50]][qos] + [0x40]
    fits = len(raw) - length <= rx_size
    assert taker.whole == [(topic, data)] * fits + [("end", b"")] and rig.client.oversize == 1 - fits
    assert all(n <= rx_size for _, n, _ in taker.chunks)


class Streams(World):
    """A World with large messages both ways, most of them streams; the sources of some fail."""

    def __init__(self, seed):
        super().__init__(seed)
        self.taker = Taker()
        self.rig.client.subscribe("in", 2, self.take, stream=True)
        self.failed = []

    def take(self, m):
        self.taker(m)
        if m.offset + m.payload_len == m.total:
            self.rig.events.append(("message", m.topic, self.taker.part))

    def payload(self, qos):
        return super().payload(qos) + pattern(self.dice(10) if self.dice(1) else 0)

    def publish(self, qos):
        fails = self.dice(3) == 0
        payload = self.payload(qos)
        source = Source(payload, 1 + self.dice(9))
        if fails:
            source.fails = [self.dice(16) % len(payload), OSError(5)]
        try:
            pid = self.rig.client.publish_stream("out", len(payload), source, qos)
        except OutboxFull:  # one at a time
            return
        if fails:
            self.failed.append(pid)
        else:
            self.asked[qos].append(payload)
            self.ids.append(pid)

    def plain(self, qos):
        payload = super().payload(qos)
        with contextlib.suppress(OutboxFull):
            self.ids.append(self.rig.client.publish("out", payload, qos=qos))
            self.asked[qos].append(payload)


LIVES = st.one_of(
    STEPS,
    st.tuples(st.just("plain"), st.integers(0, 2)),
    st.tuples(st.just("cut"), st.integers(0, 2000)),
    st.tuples(st.just("chunk"), st.sampled_from([0, 3, 100])),
    st.tuples(st.just("grain"), st.sampled_from([0, 5, 100])),
)


@settings(max_examples=250)
@given(st.integers(1, 1 << 30), st.lists(LIVES, max_size=60))
def test_whatever_breaks_no_stream_is_lost_or_doubled_and_every_id_ends_once(seed, steps):
    world = live(seed, steps, Streams)
    ends = world.rig.told("delivered")
    failed = [pid for pid in world.failed if pid]
    assert [told for told in ends if told[1]] == [(pid, -1) for pid in failed]
    world.rig.events[:] = [event for event in world.rig.events if event[0] != "delivered" or not event[2]]
    world.ids = [pid for pid in world.ids if pid]
    check(world)
