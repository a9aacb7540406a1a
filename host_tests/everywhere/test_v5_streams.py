"""MQTT 5: messages larger than memory with properties, that expire, and where a broker turns out to speak 3.1.1."""

from harness import raises
from harness5 import Rig5
from io import BytesIO
from leanmqtt import OutboxFull
from packets import PUBLISH, connack, kind, only, puback, publish, pubrec, pubrel
from packets5 import connack5, fields5, publish5
from sources import Source, pattern

BIG = pattern(5000)
PICTURE = {"content_type": "image/jpeg"}
TYPE = ("content_type", "image/jpeg")
LONG = "x" * 200
USER = [("a", LONG), ("b", "2")]
USER_PAIRS = [("user_property", pair) for pair in USER]


def up(**options):
    rig = Rig5(qos2=True, **options)
    rig.up()
    return rig


def streamed(rig, qos=1, size=5000, source=None, **properties):
    return rig.client.publish_stream("big", size, source or Source(BIG), qos, False, properties or None)


def only_one(raws):
    (raw,) = only(raws, PUBLISH)
    return raw


def test_its_properties_stand_before_its_payload():
    for qos in (0, 1, 2):
        for given, pairs in ((None, ()), (PICTURE, (TYPE,)), ({"user_property": USER}, USER_PAIRS)):
            rig = up(outbox_size=300)
            pid = rig.client.publish_stream("big", len(BIG), Source(BIG), qos, True, given)
            rig.settle()
            assert rig.sent() == [publish5("big", BIG, qos, pid or None, retain=True, properties=pairs)]
            assert rig.client.pending == (qos > 0)


def test_sizes_around_chunks_and_length_bytes():
    rig = up()
    for size in (1, 2, 101, 102, 103, 104, 105, 511, 512, 513, 1024, 16358, 16359, 16360, 16361, 16362, 16363):
        rig.client.publish_stream("t", size, Source(pattern(size)), 0, properties=PICTURE)
        rig.settle()
        assert rig.sent() == [publish5("t", pattern(size), properties=(TYPE,))], size


def test_an_empty_one_is_a_message_with_its_properties():
    rig = up()
    rig.client.publish_stream("t", 0, Source(BIG), 0, properties=PICTURE)
    rig.client.publish("t", b"x", 0)
    rig.settle()
    assert rig.sent() == [publish5("t", b"", properties=(TYPE,)), publish5("t", b"x")]


def test_it_takes_the_room_of_its_head_to_the_byte():
    size = 8 + len(publish5("t" * 30, BIG, 1, 1, properties=(TYPE,))) - len(BIG)
    for spare in (0, -1):
        rig = Rig5(outbox_size=size + spare)
        if spare:
            raises(ValueError, rig.client.publish_stream, "t" * 30, len(BIG), Source(BIG), properties=PICTURE)
        else:
            pid = rig.client.publish_stream("t" * 30, len(BIG), Source(BIG), properties=PICTURE)
            assert rig.up()[1:] == [publish5("t" * 30, BIG, 1, pid, properties=(TYPE,))]


def test_a_call_that_is_refused_leaves_nothing_to_the_next():
    rig = up()
    call = rig.client.publish_stream
    most = 268435455 - len("t") - 2 - 1 - 3 - len("image/jpeg")
    for given, length in (({"content_type": 5}, 9), ({"topic_alias": 1}, 9), (PICTURE, -1), (PICTURE, most + 1)):
        raises(ValueError, call, "t", length, Source(BIG), 0, properties=given)
    streamed(rig, 1, 50)
    raises(OutboxFull, call, "t", most, Source(BIG), 0, properties=PICTURE)
    rig.client.publish("t", b"x", 0)
    rig.settle()
    assert [fields5(raw)[6] for raw in rig.sent()] == [[], []]


def test_3_1_1_has_no_properties():
    rig = Rig5(version=4)
    assert "version=5" in str(raises(ValueError, rig.client.publish_stream, "t", 5, Source(BIG), properties=PICTURE))
    assert rig.client.pending == 0


def test_it_goes_again_whole_with_its_properties():
    rig = up(clean=False)
    rig.link.room = 1000
    pid = streamed(rig, 1, content_type="image/jpeg")
    rig.settle()
    rig.link.room = None
    assert rig.again(True)[1:] == [publish5("big", BIG, 1, pid, dup=True, properties=(TYPE,))]
    rig.hear(puback(pid))
    assert rig.told("delivered") == [(pid, 0)]


def test_a_topic_that_has_an_alias_is_written_out_before_a_stream():
    rig = Rig5()
    rig.up(False, ("topic_alias_maximum", 5))
    for _ in range(3):
        rig.client.publish("big/topic", b"x", 0)
    rig.client.publish_stream("big/topic", len(BIG), Source(BIG), 0, properties=PICTURE)
    rig.client.publish("big/topic", b"y", 0)
    rig.settle()
    raws = rig.sent()
    assert raws[-2] == publish5("big/topic", BIG, properties=(TYPE,))
    assert raws[-1] == publish5("", b"y", properties=(("topic_alias", 1),))


# Expiry


def test_it_is_counted_down_while_it_waits():
    rig = Rig5()
    pid = streamed(rig, message_expiry_interval=70_000, content_type="image/jpeg")
    rig.run(4_000_000, 1000)
    topic, payload, _, found, _, _, pairs = fields5(only_one(rig.up()))
    assert (topic, payload, found) == (b"big", BIG, pid) and dict(pairs)["content_type"] == b"image/jpeg"
    assert 65_999 <= dict(pairs)["message_expiry_interval"] <= 66_001
    rig.hear(puback(pid))
    assert rig.told("delivered") == [(pid, 0)] and rig.client.pending == 0


def test_what_is_over_is_reported_and_its_source_let_go():
    rig = Rig5()
    pid = streamed(rig, message_expiry_interval=5)
    rig.run(7000)
    assert rig.told("delivered") == [(pid, -2)] and rig.client.v5.expired == rig.client.dropped == 1
    streamed(rig, 1, 100)
    assert fields5(only_one(rig.up()))[1] == BIG[:100]


def test_one_that_is_being_written_is_completed():
    """What is over between two chunks, while the source has nothing, is on its way already."""
    for qos in (0, 1, 2):
        rig = up()
        source = Source(BIG, 700)
        pid = streamed(rig, qos, source=source, message_expiry_interval=5)
        rig.link.room = 1500
        rig.settle()
        source.dry = True
        rig.link.room = None
        rig.settle()
        rig.run(20_000)
        assert rig.told("delivered") == [] and rig.client.v5.expired == 0
        source.dry = False
        rig.settle()
        raw = only_one(rig.sent())
        assert fields5(raw)[1] == BIG and dict(fields5(raw)[6]) == {"message_expiry_interval": 5}
        if qos:
            rig.hear((puback, pubrec)[qos - 1](pid))
        assert rig.client.connected and rig.client.pending == (qos == 2)


def test_one_that_was_sent_before_goes_again_with_a_second_left():
    rig = up(clean=False)
    pid = streamed(rig, message_expiry_interval=5)
    rig.settle()
    rig.lose()
    rig.run(20_000)
    raw = only_one(rig.again(True))
    assert fields5(raw)[1:4] == (BIG, 1, pid) and dict(fields5(raw)[6]) == {"message_expiry_interval": 1}


# A broker of 3.1.1


def test_it_goes_without_properties_where_the_broker_does_not_speak_5():
    for qos in (0, 1, 2):
        for given in ({}, PICTURE, {"user_property": [("a", LONG)], "message_expiry_interval": 90}):
            rig = Rig5(version=(5, 4), qos2=True)
            first = rig.client.publish("a", b"1", properties=PICTURE)
            pid = streamed(rig, qos, **given)
            last = rig.client.publish("a", b"2")
            rig.dial()
            rig.link.feed(connack(code=1))
            rig.dial()
            rig.link.feed(connack())
            rig.settle()
            big = publish("big", BIG, qos, pid or None)
            assert rig.sent()[1:] == [publish("a", b"1", 1, first), big, publish("a", b"2", 1, last)]
            streamed_again(rig, qos, pid)


def streamed_again(rig, qos, pid):
    """It is acknowledged, and another one goes, with nothing of its properties either."""
    if qos == 1:
        rig.hear(puback(pid))
    if qos == 2:
        assert rig.hear(pubrec(pid)) == [pubrel(pid)]
        return
    streamed(rig, 0, 600, content_type="image/jpeg")
    rig.settle()
    assert rig.sent() == [publish("big", BIG[:600])]


def test_the_broker_may_refuse_it():
    for limits, reason in (((("maximum_qos", 0),), 0x9B), ((("maximum_packet_size", 4000),), 0x95)):
        rig = Rig5()
        pid = streamed(rig, 1, source=BytesIO(BIG), content_type="image/jpeg")
        rig.dial()
        rig.link.feed(connack5(False, 0, *limits))
        rig.settle()
        assert rig.told("delivered") == [(pid, reason)]
        assert [kind(raw) for raw in rig.sent()] == [0x10]
        streamed(rig, 0, 600)
        rig.settle()
        assert only_one(rig.sent()) == publish5("big", BIG[:600])
