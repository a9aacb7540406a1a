"""No input whatsoever raises anything but MQTTError or OSError, allocates without bound, or loops for ever."""

import tracemalloc

import packets as p
import pytest
from harness import Rig
from hypothesis import example, given
from hypothesis import strategies as st
from leanmqtt import MQTTError

PAYLOADS = st.binary(max_size=80)
TOPICS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0+#"), min_size=1, max_size=20).filter(
    lambda topic: len(topic.encode()) < 60
)
PIDS = st.integers(1, 65535)
PACKETS = st.one_of(
    st.builds(p.publish, TOPICS, PAYLOADS, retain=st.booleans()),
    st.builds(p.publish, TOPICS, PAYLOADS, st.just(1), PIDS, st.booleans(), st.booleans()),
    st.builds(p.publish, TOPICS, PAYLOADS, st.just(2), PIDS, st.booleans(), st.booleans()),
    st.builds(p.publish, TOPICS, st.binary(min_size=200, max_size=600), st.just(1), PIDS),
    st.builds(p.pubrel, PIDS),
    st.just(p.PINGRESP),
)
# Headers that mean something, followed by anything
ALMOST = st.builds(
    lambda first, length, body: bytes((first,)) + p.remaining(length) + body,
    st.integers(0, 255),
    st.one_of(st.integers(0, 20), st.integers(0, 0x0FFFFFFF)),
    st.binary(max_size=40),
)
ANYTHING = st.lists(st.one_of(PACKETS, ALMOST, st.binary(max_size=30)), max_size=12).map(b"".join)

# A conversation in which every packet a broker may send occurs
SCRIPT = (
    p.publish("ha/é", b"21.5", retain=True)
    + p.publish("ha/x", b"one", 1, 258)
    + p.publish("ha/y", b"two", 2, 513)
    + p.pubrel(513)
    + p.publish("ha/big", b"z" * 150, 1, 7)
    + p.PINGRESP
)


def new(chunk=0, connected=True):
    """A client with something of everything pending: publishes of each QoS, a subscription."""
    rig = Rig(qos2=True, clean=False, rx_size=128, ack_timeout_ms=5000)
    rig.link.chunk = chunk
    rig.client.subscribe("ha/+", qos=2, handler=rig.noter("handler"))
    for qos in (0, 1, 2):
        rig.client.publish("out", b"%d" % qos, qos=qos)
    if connected:
        rig.up()
    else:
        rig.dial()
    return rig


def throw(rig, data):
    """Feeds this, then hangs up; whatever it was, the client is well afterwards."""
    rig.link.feed(data)
    rig.settle()
    if not rig.told("disconnect"):
        rig.link.end = 0
        rig.until(lambda: rig.told("disconnect"), 1000)
    for (error,) in rig.told("disconnect"):
        assert isinstance(error, (MQTTError, OSError)) and str(error)
    assert rig.client.pending <= 3
    well(rig)


def well(rig):
    """It connects again, has lost nothing and understands what it is told."""
    pids = {pid for pid, _ in rig.told("delivered")}
    raws = rig.up(session=True)
    assert raws[0] == p.connect("rig", clean=False)
    assert len(pids) == len(rig.told("delivered")), "an id was told twice"
    assert p.puback(4660) in rig.hear(p.publish("fine", b"", 1, 4660))


@pytest.mark.parametrize("chunk", [0, 1, 3])
def test_every_prefix_of_a_conversation(chunk):
    for cut in range(len(SCRIPT) + 1):
        throw(new(chunk), SCRIPT[:cut])


@pytest.mark.parametrize("connected", [True, False])
def test_every_single_bit_of_a_conversation_turned(connected):
    data = SCRIPT if connected else p.connack() + SCRIPT[:40]
    for bit in range(len(data) * 8):
        bad = bytearray(data)
        bad[bit >> 3] ^= 128 >> (bit & 7)
        throw(new(connected=connected), bytes(bad))


@given(ANYTHING, st.sampled_from([0, 1, 2, 5, 64]))
@example(b"", 0)
def test_anything_after_the_connack(data, chunk):
    throw(new(chunk), data)


@given(st.binary(max_size=20), st.sampled_from([0, 1, 2]))
def test_anything_instead_of_the_connack(data, chunk):
    throw(new(chunk, connected=False), data)


@given(st.lists(PACKETS, max_size=12), st.lists(st.integers(1, 40), max_size=60))
def test_any_cutting_of_good_packets_gives_the_same_messages(raws, cuts):
    """What the handlers see depends on the bytes, not on how they came."""
    data = b"".join(raws)
    whole, cut = new(), new()
    whole.hear(data)
    at = 0
    for size in [*cuts, len(data)]:
        cut.link.feed(data[at : at + size])
        cut.settle()
        at += size
    assert cut.events == whole.events
    assert bytes(cut.link.stream) == bytes(whole.link.stream)


@given(ANYTHING, st.integers(1, 7), st.integers(0, 30))
def test_anything_from_a_broker_that_takes_little(data, grain, room):
    """Slow in both directions at once."""
    rig = new()
    rig.link.grain, rig.link.room = grain, room
    rig.link.feed(data)
    rig.settle()
    rig.link.room = None
    rig.settle()
    rig.link.grain = 0
    throw(rig, b"")


def test_memory_does_not_grow_with_what_is_thrown_at_it():
    """Lengths of 268 MB announced, floods of packets, ids of all kinds: the client keeps its size."""
    rig = new()
    flood = p.publish("ha/x", b"y" * 60, 1, 9) * 2000
    flood += b"".join(p.publish("a", b"x" * 900, 1, i) for i in range(1, 200))
    rig.client.on_message = rig.client.on_oversize = None
    rig.client.subscribe("ha/+", qos=1)
    rig.settle()

    def forget(data):
        """The made-up network must not be what grows."""
        if data[0] != 0x10:
            for record in (rig.link.stream, rig.link.writes, rig.link.asked):
                record.clear()

    rig.link.answer = forget
    rig.hear(flood)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(3):
        rig.link.feed(flood)
        rig.settle()
        rig.link.feed(b"\x30\xff\xff\xff\x7f\x00\x01a", bytes(100000))
        rig.settle()
        rig.lose()
        rig.events.clear()
        rig.up(session=True)
        rig.events.clear()
    grown, peak = (value - before for value in tracemalloc.get_traced_memory())
    tracemalloc.stop()
    assert grown < 20000 and peak < 3000000, (grown, peak)
