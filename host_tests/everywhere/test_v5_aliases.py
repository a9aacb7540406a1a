"""MQTT 5: topic aliases, out and in."""

from harness import Rig
from harness5 import Rig5, published5
from leanmqtt import Will
from packets import packet, puback, pubcomp, pubrec, pubrel, word
from packets5 import fields5, publish5

ALIASES = ("topic_alias_maximum", 8)


def heard(raws, known):
    """(topic, payload, properties but the alias) of the PUBLISH packets, read like a broker that keeps `known`."""
    found = []
    for topic, payload, pairs in published5(raws):
        alias = dict(pairs).get("topic_alias")
        if alias is not None:
            assert 0 < alias
            if topic:
                known[alias] = topic
            else:
                topic = known[alias]
        assert topic, "[MQTT-3.3.2-8]: neither topic nor alias"
        found.append((topic, payload, [pair for pair in pairs if pair[0] != "topic_alias"]))
    return found


def alias_of(raw):
    return dict(fields5(raw)[6]).get("topic_alias")


def test_the_second_sighting_gets_an_alias_once_announced():
    """[MQTT-3.3.2-9] [MQTT-3.3.2-12]"""
    rig = Rig5()
    rig.up(False, ALIASES)
    assert rig.out("dev/a/temp", b"1") == [publish5("dev/a/temp", b"1")]
    assert rig.out("dev/a/temp", b"2") == [publish5("dev/a/temp", b"2", properties=(("topic_alias", 1),))]
    for i in range(3, 20):
        assert rig.out("dev/a/temp", b"%d" % i) == [publish5("", b"%d" % i, properties=(("topic_alias", 1),))]
    rig.out("dev/b", b"")
    assert rig.out("dev/b", b"") == [publish5("dev/b", b"", properties=(("topic_alias", 2),))]
    assert rig.out("dev/b", b"") == [publish5("", b"", properties=(("topic_alias", 2),))]


def test_none_where_the_broker_takes_none():
    """[MQTT-3.2.2-18]"""
    for properties in ((), (("topic_alias_maximum", 0),)):
        rig = Rig5()
        rig.up(False, *properties)
        for _ in range(5):
            assert rig.out("dev/a/temp", b"1") == [publish5("dev/a/temp", b"1")]


def test_none_where_the_application_wants_none():
    rig = Rig5(topic_aliases=0)
    rig.up(False, ALIASES)
    for _ in range(5):
        assert rig.out("dev/a/temp", b"1") == [publish5("dev/a/temp", b"1")]


def test_never_above_the_servers_maximum():
    """[MQTT-3.2.2-17] [MQTT-3.3.2-9]"""
    for most in (1, 2, 7, 8, 9, 65535):
        rig = Rig5()
        rig.up(False, ("topic_alias_maximum", most))
        known = {}
        for i in range(200):
            topic = b"dev/%d/x" % (i * 7 % 12)
            (found,) = heard(rig.out(topic, b"%d" % i), known)
            assert found[:2] == (topic, b"%d" % i)
        assert known and max(known) <= min(most, 8)
        assert len(set(known.values())) == len(known)


def test_a_broker_with_fewer_after_a_reconnect():
    rig = Rig5()
    rig.up(False, ALIASES)
    topics = [b"topic/%d" % i for i in range(8)]
    for _ in range(3):
        for topic in topics:
            rig.out(topic, b"")
    for most in (3, 0, 8, 1):
        rig.again(False, ("topic_alias_maximum", most))
        known = {}
        for _ in range(3):
            for topic in topics:
                ((got, _, _),) = heard(rig.out(topic, b""), known)
                assert got == topic
        assert len(known) == most


def test_void_after_a_reconnect():
    """[MQTT-3.3.2-7]: announced anew on each connection"""
    rig = Rig5(clean=False)
    rig.up(False, ALIASES)
    for _ in range(4):
        rig.out("dev/a", b"")
    for present in (True, False, True):
        rig.again(present, ALIASES)
        assert rig.out("dev/a", b"1") == [publish5("dev/a", b"1", properties=(("topic_alias", 1),))]
        assert rig.out("dev/a", b"2") == [publish5("", b"2", properties=(("topic_alias", 1),))]


def test_what_is_sent_again_has_an_alias_of_its_own_connection():
    """The outbox keeps the topic: an alias is made when the packet is written."""
    rig = Rig5(clean=False, qos2=True)
    rig.up(False, ALIASES)
    for _ in range(3):
        rig.out("dev/a", b"")
    pids = [rig.publish("dev/a", b"%d" % i, qos=1 + i % 2) for i in range(6)]
    assert [alias_of(raw) for raw in rig.sent()] == [1] * 6
    raws = rig.again(True, ALIASES)[1:]
    assert raws == [
        publish5("" if i else "dev/a", b"%d" % i, 1 + i % 2, pids[i], dup=True, properties=(("topic_alias", 1),))
        for i in range(6)
    ]
    raws = rig.again(True)[1:]
    assert raws == [publish5("dev/a", b"%d" % i, 1 + i % 2, pids[i], dup=True) for i in range(6)]
    rig.again(True, ALIASES)
    rig.hear(puback(pids[0]), pubrec(pids[1]), pubcomp(pids[1]))
    assert rig.told("delivered") == [(pids[0], 0), (pids[1], 0)]


def test_all_lengths_of_payload_properties_and_topic():
    """Around every border where a length takes another byte, in one piece and byte by byte."""
    for grain in (0, 1):
        rig = Rig5(qos2=True, outbox_size=60000, topic_aliases=8, inflight=200, keepalive=0)
        rig.link.grain = grain
        rig.up(False, ALIASES)
        expected = []
        sizes = (
            0,
            1,
            60,
            100,
            107,
            108,
            109,
            110,
            111,
            112,
            113,
            114,
            120,
            121,
            122,
            123,
            124,
            125,
            126,
            127,
            128,
            129,
        )
        if grain != 1:
            sizes += (130, 200, 255, 256, 300, 16371, 16378, 16384)
        for topic in (b"abcd", b"t" * 70, b"u" * 130):
            for _ in range(2):
                rig.out(topic, b"")
            rig.run(1000, 1)
        known = {1: b"abcd", 2: b"t" * 70, 3: b"u" * 130}
        rig.run(2000, 1)
        heard(rig.sent(), {})
        for n in sizes:
            for qos in (0, 1, 2) if n < 1000 else (1,):
                for topic in (b"abcd", b"t" * 70, b"u" * 130) if n < 1000 else (b"abcd",):
                    for text in (0, 1):
                        given = {"correlation_data": b"\xfd" * n} if text else None
                        payload = b"" if text else b"p" * n
                        pid = rig.client.publish(topic, payload, qos, properties=given)
                        rig.settle()
                        expected.append((topic, payload, [("correlation_data", b"\xfd" * n)] if text else []))
                        if qos == 1:
                            rig.link.feed(puback(pid))
                        elif qos:
                            rig.link.feed(pubrec(pid), pubcomp(pid))
                        rig.run(60 if grain == 1 else 2, 1)
        rig.run(5000, 1)
        raws = rig.sent()
        assert heard(raws, known) == expected
        short = [raw for raw in raws if raw[0] & 0xF0 == 0x30 and not fields5(raw)[0]]
        assert len(short) == len(expected), "all of them by alias"


def test_properties_of_127_bytes_grow_over_the_border_by_the_alias():
    """The alias takes three bytes of the property field, whose length may then take two."""
    rig = Rig5(outbox_size=8192)
    rig.up(False, ALIASES)
    rig.out("dev/a", b"")
    rig.out("dev/a", b"")
    for n in range(115, 140):
        pairs = (("correlation_data", b"c" * n),)
        assert rig.out("dev/a", b"x", properties=dict(pairs)) == [
            publish5("", b"x", properties=(("topic_alias", 1),) + pairs)
        ]
    rig.again(False, ALIASES)
    for n in range(115, 140):
        pairs = (("correlation_data", b"c" * n),)
        rig.again(False, ALIASES)
        assert rig.out("dev/a", b"x", properties=dict(pairs)) == [
            publish5("dev/a", b"x", properties=(("topic_alias", 1),) + pairs)
        ]


def test_a_link_lost_in_the_middle_of_an_alias_packet():
    """Wherever it is cut, the broker is never sent an alias that it was not told on this connection."""
    for cut in range(1, 60):
        rig = Rig5(clean=False)
        rig.up(False, ALIASES)
        rig.out("dev/a/b", b"first")
        rig.link.room = cut
        for i in range(4):
            rig.publish("dev/a/b", b"payload %d" % i, qos=1)
        rig.link.room = None
        rig.link.end = -1
        found = heard(rig.up(True, ALIASES), {})
        assert found == [(b"dev/a/b", b"payload %d" % i, []) for i in range(4)], cut


def test_an_announcement_that_is_kept_back_by_the_window_is_made_later():
    rig = Rig5(inflight=1)
    rig.up(False, ALIASES)
    known = {}
    pids = [rig.publish("dev/a", b"%d" % i, qos=1) for i in range(4)]
    got = heard(rig.sent(), known)
    for pid in pids:
        got += heard(rig.hear(puback(pid)), known)
    assert got == [(b"dev/a", b"%d" % i, []) for i in range(4)] and known == {1: b"dev/a"}


def test_an_announcement_obeys_the_maximum_packet_size():
    """[MQTT-3.2.2-15]: the announcing packet is five bytes longer at most"""
    for most in range(20, 34):
        rig = Rig5()
        rig.up(False, ALIASES, ("maximum_packet_size", most))
        known = {}
        for _ in range(6):
            raws = rig.out("dev/a", b"x" * 12)
            assert not raws or len(raws[0]) <= most
            heard(raws, known)


def test_topics_that_differ_little_keep_apart():
    """Marks of topics may be alike; aliases must not be."""
    rig = Rig5()
    rig.up(False, ALIASES)
    known = {}
    names = [b"aXcdefgh", b"aYcdefgh", b"bXcdefgh", b"aXcdefg", b"aXcdefghi", b"abcd", b"abc", b"a", b"dcba"]
    for i in range(120):
        topic = names[i * 5 % 9]
        assert heard(rig.out(topic, b"%d" % i), known) == [(topic, b"%d" % i, [])]


def test_many_topics_before_one_that_repeats():
    """A list of few marks: a stream of topics that never repeat does not stop aliases for those that do."""
    rig = Rig5()
    rig.up(False, ALIASES)
    known = {}
    for i in range(100):
        heard(rig.out("once/%d" % (i * 31337), b""), known)
        heard(rig.out("again", b""), known)
    assert b"again" in known.values()


def test_the_birth_message_and_aliases():
    rig = Rig5(birth=Will("state/a", "hello", 1))
    for _ in range(3):
        known = {}
        raws = rig.up(False, ALIASES)
        found = heard(raws, known)
        assert found == [(b"state/a", b"hello", [])]
        rig.hear(puback(fields5(raws[-1])[3]))
        assert heard(rig.out("state/a", b"x"), known) == [(b"state/a", b"x", [])]
        rig.lose()


# -- in


def incoming(n=3, **options):
    rig = Rig5(properties={"topic_alias_maximum": n}, **options)
    rig.up()
    return rig


def alias(k, *more):
    return (("topic_alias", k),) + more


def test_the_broker_names_and_uses_aliases():
    rig = incoming(qos2=True)
    rig.client.subscribe("+/a", 2, rig.noter("a"))
    rig.grant()
    rig.hear(publish5("x/a", b"1", properties=alias(1)), publish5("y/b", b"2", 1, 9, properties=alias(2)))
    rig.hear(publish5("", b"3", properties=alias(1)), publish5("", b"4", 2, 5, properties=alias(2)))
    rig.hear(pubrel(5), publish5("", b"5", 1, 6, True, True, properties=alias(1, ("content_type", "t"))))
    assert [(event[0], event[1], event[2]) for event in rig.events if event[0] in ("a", "message")] == [
        ("a", "x/a", b"1"),
        ("message", "y/b", b"2"),
        ("a", "x/a", b"3"),
        ("message", "y/b", b"4"),
        ("a", "x/a", b"5"),
    ]
    assert rig.events[-1][3:] == (1, True, True, {"topic_alias": 1, "content_type": "t"})


def test_an_alias_may_be_given_to_another_topic():
    """(3.3.2.3.4)"""
    rig = incoming()
    for topic in ("a", "a" * 64, "b" * 63, "é/" * 100, "c", "d" * 400):
        rig.hear(publish5(topic, b"1", properties=alias(3)), publish5("", b"2", properties=alias(3)))
        assert [told[:2] for told in rig.told("message")[-2:]] == [(topic, b"1"), (topic, b"2")]


def test_longer_topics_do_not_disturb_the_others():
    rig = incoming(4, rx_size=1024)
    topics = {}
    for i in range(60):
        k = 1 + i * 7 % 4
        if i % 3 or k not in topics:
            topics[k] = chr(97 + i % 26) * (1 + i * 37 % 300)
            raw = publish5(topics[k], b"%d" % i, properties=alias(k))
        else:
            raw = publish5("", b"%d" % i, properties=alias(k))
        rig.link.feed(raw)
        rig.settle()
        assert rig.told("message")[-1][:2] == (topics[k], b"%d" % i)


def test_aliases_that_were_never_given_end_the_connection():
    """[MQTT-3.3.2-8] [MQTT-3.3.2-10]: 0x94"""
    for raws in (
        (publish5("", b"x", properties=alias(1)),),
        (publish5("a", b"x", properties=alias(4)),),
        (publish5("a", b"x", properties=alias(65535)),),
        (publish5("a", b"x", properties=alias(0)),),
        (publish5("", b"x", properties=alias(0)),),
        (publish5("a", b"x", properties=alias(1)), publish5("", b"x", properties=alias(2))),
        (publish5("a", b"x", 1, 5, properties=alias(1)), publish5("", b"x", 1, 6, properties=alias(3))),
    ):
        rig = incoming()
        assert "alias" in rig.violates(0x94, *raws)
        rig.up()
    for raws in ((publish5("a", b"x", properties=alias(1)),), (publish5("", b"x", properties=alias(1)),)):
        rig = Rig5()
        rig.up()
        rig.violates(0x94, *raws)


def test_neither_topic_nor_alias_is_a_protocol_error():
    """(3.3.2.1): a protocol error"""
    for n in (0, 3):
        rig = incoming(n)
        rig.link.feed(publish5("a", b"x", properties=alias(1)) if n else b"")
        rig.settle()
        rig.violates(0x82, publish5("", b"x"))


def test_aliases_of_the_broker_end_with_the_connection():
    """[MQTT-3.3.2-7]"""
    rig = incoming(clean=False)
    rig.hear(publish5("a", b"1", properties=alias(1)))
    rig.again(True)
    rig.violates(0x94, publish5("", b"2", properties=alias(1)))


def test_a_bad_topic_with_an_alias_is_as_bad():
    for topic in ("a/+", "#", "a\0", b"\xff", b"\xc3"):
        rig = incoming()
        rig.violates(0x81, publish5(topic, b"x", properties=alias(1)))


def test_handlers_of_exact_filters_see_messages_by_alias():
    rig = incoming()
    rig.client.subscribe("a/b", 1, rig.noter("x"))
    rig.client.subscribe("a/#", 1, rig.noter("y"))
    rig.grant()
    rig.hear(publish5("a/b", b"1", properties=alias(2)), publish5("", b"2", properties=alias(2)))
    assert rig.payloads("x") == rig.payloads("y") == [b"1", b"2"]


def test_a_message_too_large_with_an_alias_is_told_with_its_topic():
    """Read through: what is told is its topic, and the alias holds for those after it."""
    rig = incoming(rx_size=128)
    rig.hear(publish5("big", b"1", properties=alias(1)))
    rig.hear(publish5("", b"x" * 300, 1, 7, properties=alias(1)))
    rig.hear(publish5("", b"2", properties=alias(1)))
    assert rig.payloads() == [b"1", b"2"]
    assert len(rig.told("oversize")) == 1


def test_aliases_in_are_announced_only_so_far_as_they_are_held():
    for n in (1, 2, 50):
        rig = incoming(n)
        raws = [publish5("t%d" % k, b"", properties=alias(k)) for k in range(1, n + 1)]
        raws += [publish5("", b"", properties=alias(k)) for k in range(1, n + 1)]
        for raw in raws:
            rig.hear(raw)
        assert [told[0] for told in rig.told("message")] == ["t%d" % k for k in range(1, n + 1)] * 2


def test_a_client_of_3_1_1_knows_no_aliases():
    """The same bytes mean something else there: the beginning of a payload."""
    rig = Rig()
    rig.up()
    rig.hear(packet(0x30, word(1) + b"a" + b"\x03\x23\0\1x"))
    assert rig.payloads() == [b"\x03\x23\0\1x"]
