"""Packets larger than rx_size: read through, acknowledged, counted, told; the connection stays."""

from harness import Rig
from leanmqtt import MQTTError
from packets import puback, pubcomp, publish, pubrec, pubrel, remaining


def small(**options):
    rig = Rig(rx_size=128, **options)
    rig.client.subscribe("#", qos=1, handler=rig.noter("mine"))
    rig.grant(rig.up())
    rig.sent()
    return rig


def test_an_oversize_message_is_told_counted_and_not_delivered():
    rig = small()
    raw = publish("big/é", b"x" * 1000)
    assert rig.hear(raw) == []
    ((topic, length),) = rig.told("oversize")
    assert topic == "big/é" and type(topic) is str
    assert 1000 <= length <= len(raw), length
    assert rig.client.oversize == 1 and rig.payloads("mine") == [] and rig.payloads() == []


def test_it_is_acknowledged_by_its_qos():
    """[MQTT-4.5.0-2]"""
    rig = small(qos2=True)
    assert rig.hear(publish("big", b"x" * 1000, 1, 7)) == [puback(7)]
    assert rig.hear(publish("big", b"x" * 1000, 2, 8)) == [pubrec(8)]
    assert rig.hear(publish("big", b"x" * 1000, 2, 8, dup=True)) == [pubrec(8)]
    assert rig.hear(pubrel(8)) == [pubcomp(8)]
    assert len(rig.told("oversize")) == 2 == rig.client.oversize, "the repeated one is told once"


def test_the_connection_stays_and_the_next_message_comes_through():
    rig = small()
    for i in range(5):
        rig.hear(publish("big", bytes(200 + i), 1, 1 + i) + publish("ok", b"%d" % i, 1, 100 + i))
    assert rig.payloads("mine") == [b"0", b"1", b"2", b"3", b"4"]
    assert rig.client.oversize == 5 and rig.told("disconnect") == []


def test_every_size_around_the_limit_is_either_delivered_or_told():
    rig = small()
    for size in range(90, 300):
        rig.events.clear()
        assert rig.hear(publish("t", bytes(size), 1, size)) == [puback(size)], size
        (name,) = [event[0] for event in rig.events]
        if len(publish("t", bytes(size), 1, size)) <= 128:
            assert name == "mine", size
        elif size > 128:
            assert name == "oversize", size
        else:
            assert name in ("mine", "oversize"), size  # what of a packet counts is not promised


def test_it_may_dribble():
    rig = small()
    rig.link.chunk = 1
    assert rig.hear(publish("big/é", b"x" * 400, 1, 7), publish("ok", b"1", 1, 8)) == [puback(7), puback(8)]
    assert [told[0] for told in rig.told("oversize")] == ["big/é"] and rig.payloads("mine") == [b"1"]


def test_two_megabytes_pass_through_a_hundred_and_twenty_eight_bytes():
    """The largest remaining length of three bytes, and one more."""
    rig = small()
    block = bytes(16384)
    for pid, length in ((7, 2097151), (8, 2097152)):
        size = length - 2 - 3 - 2
        head = publish("big", b"", 1, pid)[2:]
        rig.link.feed(b"\x32" + remaining(length) + head, *[block] * (size // 16384), bytes(size % 16384))
        assert rig.hear() == [puback(pid)]
    assert rig.client.oversize == 2
    assert rig.hear(publish("ok", b"1", 1, 9)) == [puback(9)]


def test_keepalive_and_publishing_go_on_while_it_passes_through():
    rig = small()
    raw = publish("big", bytes(5000), 1, 7)
    rig.hear(raw[:2000])
    pid = rig.publish("out", b"x", qos=1)
    assert rig.sent() == [publish("out", b"x", 1, pid)]
    assert rig.hear(raw[2000:], puback(pid)) == [puback(7)]
    assert rig.told("delivered") == [(pid, 0)]


def test_a_link_that_breaks_in_the_middle_leaves_nothing_behind():
    rig = small()
    rig.hear(publish("big", bytes(5000), 1, 7)[:3000])
    rig.lose()
    rig.grant(rig.up())
    rig.sent()
    assert rig.hear(publish("ok", b"1", 1, 8)) == [puback(8)]
    assert rig.payloads("mine") == [b"1"]


def test_a_topic_longer_than_rx_size_is_acknowledged_and_counted():
    rig = small()
    for size in (100, 120, 124, 125, 126, 127, 128, 129, 200, 1000, 65535):
        before = rig.client.oversize + len(rig.payloads("mine"))
        assert rig.hear(publish("t" * size, b"x", 1, 7), publish("ok", b"1", 1, 8)) == [puback(7), puback(8)], size
        assert rig.client.oversize + len(rig.payloads("mine")) == before + 2, size
    assert rig.told("disconnect") == []


def test_an_oversize_message_is_checked_like_any_other():
    """[MQTT-4.8.0-1]"""
    long = b"x" * 1000
    wrong = (
        publish("a/#", long),
        publish("a/+", long),
        publish("a\0b", long),
        publish(b"\xc3\x28", long),
        publish("", long),
        publish("a", long, 1, 0),
        publish("a", long, 3, 1),
    )
    for raw in wrong:
        rig = small()
        rig.link.feed(raw)
        rig.until(lambda rig=rig: rig.told("disconnect"), 1000)
        assert isinstance(rig.told("disconnect")[0][0], MQTTError), raw[:20]
        assert rig.told("oversize") == []


def test_a_large_packet_that_is_no_publish_is_malformed():
    """No packet but PUBLISH is ever that long: it is not even read through."""
    for first in (0x20, 0x40, 0x50, 0x62, 0x70, 0xB0, 0xD0):
        rig = small(qos2=True)
        rig.link.feed(bytes((first, 0xFF, 0xFF, 0xFF, 0x7F)))
        rig.until(lambda rig=rig: rig.told("disconnect"), 1000)
        assert isinstance(rig.told("disconnect")[0][0], MQTTError), first
