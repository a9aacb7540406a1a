"""Everything a broker must not send: the link is closed with a plain error, then made anew."""

from harness import Rig, subscribed
from leanmqtt import MQTTError
from packets import DISCONNECT, PINGREQ, connect, packet, puback, publish, subscribe

BAD_UTF8 = (
    b"\x80",  # a continuation byte alone
    b"\xc3",  # cut off
    b"\xe2\x82",
    b"\xf0\x9f\x98",
    b"\xc3\x28",  # no continuation
    b"\xc0\xaf",  # overlong
    b"\xe0\x80\xaf",
    b"\xf0\x80\x80\xaf",
    b"\xed\xa0\x80",  # D800, a surrogate
    b"\xed\xbf\xbf",  # DFFF
    b"\xf4\x90\x80\x80",  # above 10FFFF
    b"\xf8\x88\x80\x80\x80",
    b"\xff",
)


def closes(raw, qos2=True, **options):
    """After this the link is closed with a plain error, nothing is delivered, and the client comes back."""
    rig = Rig(qos2=qos2, **options)
    rig.up()
    rig.link.feed(raw)
    rig.until(lambda: rig.told("disconnect"), 1000)
    ((error,),) = rig.told("disconnect")
    assert isinstance(error, MQTTError), (raw[:24], error)
    assert len(str(error)) > 10 and str(rig.client.last_error) == str(error)
    assert rig.told("message") == [] and rig.told("delivered") == []
    rig.up()
    assert rig.hear(publish("ok", b"", 1, 5)) == [puback(5)]


def closes_all(*raws):
    for raw in raws:
        closes(raw, qos2=True)
        closes(raw, qos2=False)


def test_reserved_packet_types():
    closes_all(packet(0x00), packet(0xF0), packet(0x00, b"\0\1"), packet(0xF0, b"\0\1"))


def test_reserved_flags():
    """[MQTT-2.2.2-2] [MQTT-3.6.1-1]"""
    for first in (0x40, 0x50, 0x70, 0xB0):
        closes(bytes((first | 1, 2, 0, 1)))
        closes(bytes((first | 8, 2, 0, 1)))
    for first in (0x60, 0x61, 0x63, 0x66, 0x6A):
        closes(bytes((first, 2, 0, 1)))
    closes(bytes((0x91, 3, 0, 1, 0)))
    closes(bytes((0xD1, 0)))
    closes(bytes((0xD8, 0)))


def test_qos_3():
    """[MQTT-3.3.1-4]"""
    closes_all(*[packet(first, b"\0\1a\0\1x") for first in (0x36, 0x37, 0x3E, 0x3F)])


def test_dup_at_qos_0():
    """[MQTT-3.3.1-2]"""
    closes_all(publish("a", b"x", dup=True), publish("a", b"x", dup=True, retain=True))


def test_a_remaining_length_of_five_bytes():
    """(2.2.3)"""
    for first in (0x20, 0x30, 0x32, 0x40, 0x90, 0xD0):
        closes(bytes((first, 0xFF, 0xFF, 0xFF, 0xFF, 0x01)))
        closes(bytes((first, 0x80, 0x80, 0x80, 0x80)))


def test_wrong_lengths():
    wrong = [packet(0xD0, b"\0"), packet(0xD0, b"\0\0")]
    for first in (0x40, 0x50, 0x62, 0x70, 0xB0):
        wrong += [packet(first), packet(first, b"\0"), packet(first, b"\0\1\0"), packet(first, b"\0\1\0\0")]
    wrong += [packet(0x90), packet(0x90, b"\0"), packet(0x90, b"\0\1")]
    for raw in wrong:
        closes(raw)


def test_a_publish_too_short_for_what_it_says():
    closes_all(
        packet(0x30),
        packet(0x30, b"\0"),
        packet(0x30, b"\0\2a"),
        packet(0x30, b"\xff\xffa"),
        packet(0x32, b"\0\1a"),
        packet(0x32, b"\0\1a\0"),
        packet(0x34, b"\0\1a"),
    )


def test_packet_id_0():
    """[MQTT-2.3.1-1]"""
    for raw in (publish("a", b"", 1, 0), publish("a", b"", 2, 0)):
        closes(raw)
    for first in (0x40, 0x50, 0x62, 0x70, 0xB0):
        closes(bytes((first, 2, 0, 0)))
    closes(bytes((0x90, 3, 0, 0, 0)))


def test_topics_that_are_not_utf8():
    """[MQTT-1.5.3-1]"""
    for bad in BAD_UTF8:
        for topic in (bad, b"a/" + bad, bad + b"/a"):
            closes(publish(topic, b"x"))
            closes(publish(topic, b"x", 1, 1))


def test_topics_with_nul():
    """[MQTT-1.5.3-2]"""
    for topic in (b"\0", b"a\0", b"\0a", b"a/\0/b"):
        closes_all(publish(topic, b"x"))


def test_topics_with_wildcards_and_empty_ones():
    """[MQTT-3.3.2-2] [MQTT-4.7.1-1] [MQTT-4.7.3-1]"""
    for topic in (b"#", b"+", b"a/#", b"+/a", b"a+b", b"a#", b""):
        closes_all(publish(topic, b"x"))


def test_packets_only_a_server_may_receive():
    closes_all(
        connect("rig"), subscribe(1, ("a", 0)), packet(0xA2, b"\0\1\0\1a"), PINGREQ, DISCONNECT, packet(0x20, b"\0\0")
    )


def test_good_packets_before_a_bad_one_are_handled():
    rig = Rig()
    rig.up()
    rig.link.feed(publish("a", b"1", 1, 1) + publish("a", b"2", 1, 2) + b"\xf0\0" + publish("a", b"never", 1, 3))
    rig.until(lambda: rig.told("disconnect"), 1000)
    assert rig.payloads() == [b"1", b"2"]
    rig.up()
    assert rig.payloads() == [b"1", b"2"], "nothing of the old link is left"


def test_a_bad_packet_that_dribbles_is_a_bad_packet():
    qos_3 = packet(0x36, b"\0\1a\0\1")
    for raw in (publish(b"\xff", b""), packet(0xF0), b"\x30\xff\xff\xff\xff", packet(0x40, b"\0\0"), qos_3):
        rig = Rig()
        rig.link.chunk = 1
        rig.up()
        rig.link.feed(raw)
        rig.until(lambda rig=rig: rig.told("disconnect"), 1000)
        assert isinstance(rig.told("disconnect")[0][0], MQTTError)


def test_a_violation_loses_nothing_that_waits():
    """[MQTT-4.8.0-1]"""
    rig = Rig(clean=False)
    rig.client.subscribe("s", qos=1)
    rig.grant(rig.up())
    pid = rig.publish("a", b"x", qos=1)
    rig.link.feed(packet(0xF0))
    rig.until(lambda: rig.told("disconnect"), 1000)
    raws = rig.up(session=False)
    assert publish("a", b"x", 1, pid, dup=True) in raws and subscribed(raws) == [(b"s", 1)]


def test_a_broker_that_only_talks_nonsense_is_visited_ever_more_slowly():
    rig = Rig()
    for _ in range(10):
        rig.up()
        rig.link.feed(packet(0xF0))
        rig.until(lambda: not rig.client.connected, 1000)
    begin, opens = rig.clock.now, len(rig.link.opens)
    for _ in range(10):
        rig.up()
        rig.link.feed(packet(0xF0))
        rig.until(lambda: not rig.client.connected, 1000)
    assert (rig.clock.now - begin) // (len(rig.link.opens) - opens) > 10000
