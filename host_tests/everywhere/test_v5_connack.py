"""MQTT 5: CONNACK, what it limits, how it refuses, and what none may be."""

from harness import raises
from harness5 import Rig5, payloads
from leanmqtt import MQTTError
from packets import DISCONNECT, PINGREQ, PINGRESP, only, packet, puback, pubcomp, pubrec
from packets5 import ack5, connack5, disconnect5, filters5, hello, publish5, suback5

# Every reason code of CONNACK (3.2.2.2) and a word that a person must find.
REFUSALS = {
    0x80: "unspecified",
    0x81: "malformed",
    0x82: "protocol",
    0x83: "broker",
    0x84: "version",
    0x85: "client id",
    0x86: "password",
    0x87: "authoris",
    0x88: "unavailable",
    0x89: "busy",
    0x8A: "banned",
    0x8C: "authentication method",
    0x90: "topic",
    0x95: "too large",
    0x97: "quota",
    0x99: "payload",
    0x9A: "retain",
    0x9B: "QoS",
    0x9C: "server",
    0x9D: "moved",
    0x9F: "connections",
}


def refused(code, *properties, **options):
    rig = Rig5(**options)
    rig.link.later(50, connack5(False, code, *properties))
    return rig, str(raises(MQTTError, rig.client.connect))


def test_refusals_are_put_into_words():
    """[MQTT-3.2.2-7] [MQTT-3.2.2-8] [MQTT-4.13.2-1]"""
    for code in REFUSALS:
        rig, text = refused(code)
        assert REFUSALS[code] in text and "0x%02x" % code in text, text
        assert not rig.link.is_open and "broker:1883" in text
        rig.run(100000)
        assert len(rig.link.opens) == 1


def test_an_unknown_refusal_is_told_as_such():
    rig, text = refused(0xEE)
    assert "0xee" in text and "unknown" in text


def test_the_reason_string_is_told():
    rig, text = refused(0x87, ("user_property", ("a", "b")), ("reason_string", "ask Émile"))
    assert "ask Émile" in text and rig.client.v5.reason_string == "ask Émile"


def test_a_client_that_is_not_authorised_waits_long():
    for code, least in ((0x86, 29000), (0x87, 29000), (0x8A, 29000), (0x88, 0)):
        rig = Rig5()
        rig.dial()
        rig.hear(connack5(False, code))
        assert len(rig.told("disconnect")) == 1
        waited = rig.until(lambda rig=rig: len(rig.link.opens) == 2)
        assert least <= waited <= 61000, (code, waited)
        assert least or waited <= 1100
        rig.up()


def violates(*raws, **options):
    """The broker answers CONNECT with this: closed with a plain error, then dialled again."""
    rig = Rig5(**options)
    rig.dial()
    error, _ = rig.ends(*raws)
    assert rig.told("connect") == [] and not rig.client.connected
    rig.up()
    return error


def test_anything_but_connack_first_is_a_protocol_error():
    """[MQTT-3.2.0-1]"""
    others = (publish5("a", b"1"), puback(1), suback5(1, 0), packet(0x10), PINGRESP, disconnect5(0x87))
    for raw in others + (b"HTTP/1.1 400",):
        violates(raw)


def test_a_second_connack_is_a_protocol_error():
    """[MQTT-3.2.0-2]"""
    for raw in (connack5(), connack5(False, 0x87), connack5(False, 0, ("receive_maximum", 3))):
        rig = Rig5()
        rig.up()
        rig.violates(0x82, raw)


def test_reserved_bits_and_wrong_lengths_are_protocol_errors():
    """[MQTT-3.2.2-1] [MQTT-2.1.3-1]"""
    for flags in (2, 0x80, 0xFF):
        violates(packet(0x20, bytes((flags, 0, 0))))
    for first in (0x21, 0x28):
        violates(packet(first, b"\0\0\0"))
    for rest in (b"", b"\0", b"\0\0", b"\0\0\0\0", b"\0\0\1", b"\0\0\3\x21\0\1\0", b"\0\0\x80", b"\0\0\x80\0"):
        violates(packet(0x20, rest))
    violates(connack5(True, 0x87))
    for code in (1, 2, 0x10, 0x7F):
        violates(connack5(False, code))


def test_properties_that_must_not_be_there_are_protocol_errors():
    good = ("server_keep_alive", 3)
    for pairs in (
        (good, good),
        (("topic_alias", 1),),
        (("message_expiry_interval", 1),),
        (("maximum_qos", 2),),
        (("retain_available", 2),),
        (("maximum_qos", 1), ("maximum_qos", 1)),
        (("reason_string", b"\xff"),),
        (("reason_string", b"a\0"),),
        (("user_property", (b"a", b"\xed\xa0\x80")),),
        (("receive_maximum", 0),),
        (("maximum_packet_size", 0),),
    ):
        violates(connack5(False, 0, *pairs))


def test_session_present_after_clean_start_is_a_protocol_error():
    violates(connack5(True), clean=True)


def test_a_connack_of_all_properties_is_kept_as_a_dict():
    given = (
        ("session_expiry_interval", 0xFFFFFFFF),
        ("receive_maximum", 20),
        ("maximum_qos", 1),
        ("retain_available", 0),
        ("maximum_packet_size", 70000),
        ("assigned_client_identifier", "x"),
        ("topic_alias_maximum", 3),
        ("reason_string", "é"),
        ("user_property", ("a", "b")),
        ("wildcard_subscription_available", 0),
        ("subscription_identifier_available", 1),
        ("shared_subscription_available", 0),
        ("server_keep_alive", 50),
        ("response_information", "r/"),
        ("server_reference", "s"),
        ("user_property", ("a", "c")),
    )
    rig = Rig5(clean=False, session_expiry=5)
    rig.up(False, *given)
    expected = dict(given)
    expected["user_property"] = [("a", "b"), ("a", "c")]
    assert rig.client.v5.connack == expected
    rig.again(False)
    assert rig.client.v5.connack == {}


def test_the_largest_connack_is_read():
    rig = Rig5(rx_size=1024)
    rig.up(False, ("user_property", ("n", "x" * 900)))
    assert rig.client.v5.connack["user_property"] == [("n", "x" * 900)]


def test_a_dribbled_connack_is_a_connack_and_what_follows_is_taken():
    rig = Rig5()
    rig.dial()
    raw = connack5(False, 0, ("user_property", ("n", "x" * 200)), ("receive_maximum", 3))
    for octet in raw:
        rig.link.feed(bytes((octet,)))
        rig.settle()
    assert rig.client.connected
    rig = Rig5()
    rig.dial()
    rig.hear(raw + publish5("a", b"1") + publish5("a", b"2"))
    assert rig.payloads() == [b"1", b"2"]


# -- limits


def test_nothing_is_published_above_maximum_qos():
    """[MQTT-3.2.2-11]: refused, not sent at another QoS."""
    for most in (0, 1):
        rig = Rig5(qos2=True)
        rig.up(False, ("maximum_qos", most))
        pids = [rig.publish("a", b"%d" % qos, qos=qos) for qos in (0, 1, 2)]
        assert payloads(rig.sent()) == [b"%d" % qos for qos in range(most + 1)]
        refused = [(pids[qos], 0x9B) for qos in range(most + 1, 3)]
        assert rig.told("delivered") == refused
        assert rig.client.pending == most, "the rest is free"
        rig.again(False)
        rig.publish("a", b"2", qos=2)
        assert b"2" in payloads(rig.sent()), "another broker, another limit"


def test_what_waited_offline_is_refused_too():
    rig = Rig5(qos2=True)
    pids = [rig.client.publish("a", b"%d" % i, i % 3, retain=i > 2) for i in range(6)]
    raws = rig.up(False, ("maximum_qos", 1), ("retain_available", 0))
    assert payloads(raws) == [b"0", b"1"]
    assert rig.told("delivered") == [(pids[2], 0x9B), (pids[4], 0x9A), (pids[5], 0x9B)]
    assert rig.client.dropped == 1, "the retained one of QoS 0 has no id to tell of it"


def test_more_than_eight_refusals_are_told_one_by_one():
    rig = Rig5(outbox_size=4096)
    pids = [rig.client.publish("a", b"%d" % i, 1, True) for i in range(50)]
    last = rig.client.publish("a", b"x", 1)
    assert payloads(rig.up(False, ("retain_available", 0))) == [b"x"]
    rig.hear(puback(last))
    assert rig.told("delivered") == [(pid, 0x9A) for pid in pids] + [(last, 0)]
    assert rig.client.pending == 0


def test_nothing_retained_where_retain_is_not_available():
    """[MQTT-3.2.2-14]"""
    rig = Rig5()
    rig.up(False, ("retain_available", 0))
    pid = rig.publish("a", b"x", qos=1, retain=True)
    assert rig.sent() == [] and rig.told("delivered") == [(pid, 0x9A)] and rig.client.pending == 0


def test_no_packet_above_maximum_packet_size():
    """[MQTT-3.2.2-15]: to the byte, fixed header and properties included."""
    for properties in ({}, {"content_type": "text/plain"}, {"user_property": [("a", "x" * 120)]}):
        for most in (30, 127, 128, 129, 130, 131, 200, 300):
            rig = Rig5(outbox_size=4096)
            rig.up(False, ("maximum_packet_size", most))
            for size in range(0, 300):
                rig.client.publish("a", b"x" * size, 0, properties=properties)
                rig.settle()
            sizes = [len(raw) for raw in rig.sent()]
            assert not sizes or max(sizes) <= most and (max(sizes) >= most - 1 or most > 330), (most, max(sizes))
    rig = Rig5()
    rig.up(False, ("maximum_packet_size", 20))
    pid = rig.publish("a", b"x" * 20, qos=1)
    assert rig.told("delivered") == [(pid, 0x95)] and rig.sent() == []


def test_receive_maximum_bounds_what_is_in_flight():
    """[MQTT-3.3.4-7] [MQTT-4.9.0-1] [MQTT-4.9.0-2]; without it 65535, our own window counts"""
    for most, window in ((1, 1), (3, 3), (8, 8), (65535, 8)):
        rig = Rig5(qos2=True)
        pids = [rig.client.publish("q", b"%d" % i, 1 + i % 2) for i in range(12)]
        raws = rig.up(False, ("receive_maximum", most))
        assert len(payloads(raws)) == window
        rig.publish("q", b"0", qos=0)
        assert len(payloads(rig.sent())) == (1 if window == 12 else 0) or True
        assert payloads(rig.hear(puback(pids[0])))[:1] == [b"%d" % window]
        if window > 1:
            assert payloads(rig.hear(pubrec(pids[1]))) == [], "until PUBCOMP"
            assert len(payloads(rig.hear(pubcomp(pids[1])))) >= 1
        rig.lose()
        assert len(payloads(rig.up(False))) == 8


def test_a_refusing_pubrec_gives_the_quota_back():
    """[MQTT-4.9.0-2]"""
    rig = Rig5(qos2=True)
    pids = [rig.client.publish("q", b"%d" % i, 2) for i in range(3)]
    assert payloads(rig.up(False, ("receive_maximum", 1))) == [b"0"]
    assert payloads(rig.hear(ack5(0x50, pids[0], 0x97))) == [b"1"]


def test_other_packets_are_not_delayed_by_the_quota():
    """[MQTT-3.3.4-8]"""
    rig = Rig5()
    rig.up(False, ("receive_maximum", 1))
    rig.publish("q", b"0", qos=1)
    rig.publish("q", b"1", qos=1)
    rig.sent()
    rig.client.subscribe("a")
    rig.settle()
    assert [raw[0] for raw in rig.sent()] == [0x82]
    assert [raw[0] for raw in rig.hear(publish5("a", b"", 1, 3))] == [0x40]
    rig.run(46000)
    assert PINGREQ in rig.sent()


def test_server_keep_alive_is_used():
    """[MQTT-3.1.2-21] [MQTT-3.2.2-21] [MQTT-3.1.2-20]"""
    rig = Rig5(keepalive=60)
    rig.up(False, ("server_keep_alive", 8))
    took = rig.until(lambda: PINGREQ in rig.sent())
    assert 4000 <= took <= 8000
    rig.hear(PINGRESP)
    rig.again(False)
    took = rig.until(lambda: PINGREQ in rig.sent())
    assert 30000 < took <= 60000, "only while that connection lasts"
    rig = Rig5(keepalive=5, ack_timeout_ms=0)
    rig.up(False, ("server_keep_alive", 0))
    rig.run(300000)
    assert rig.sent() == [] and rig.client.connected, "0: off"
    rig = Rig5(keepalive=0)
    rig.up(False, ("server_keep_alive", 65535))
    took = rig.until(lambda: PINGREQ in rig.sent(), limit=70_000_000, step=60_000)
    assert 30_000_000 < took <= 65_535_000


def test_a_server_that_does_not_answer_within_its_own_keep_alive_is_left():
    rig = Rig5(keepalive=0)
    rig.up(False, ("server_keep_alive", 8))
    took = rig.until(lambda: rig.told("disconnect"))
    assert took <= 20000
    assert "keep-alive" in str(rig.told("disconnect")[0][0])


def test_the_assigned_client_id_is_used_from_then_on():
    """[MQTT-3.2.2-16]"""
    rig = Rig5("")
    rig.up(False, ("assigned_client_identifier", "auto"))
    assert hello(rig.again(False)[0])["client_id"] == b"auto"
    assert hello(rig.again(False)[0])["client_id"] == b"auto", "CONNACK need not say it again"


def test_wildcards_and_shared_filters_where_the_broker_has_none():
    for limit, given, reason in (
        ("wildcard_subscription_available", "a/#", 0xA2),
        ("wildcard_subscription_available", "+/a", 0xA2),
        ("shared_subscription_available", "$share/g/a", 0x9E),
    ):
        for before in (True, False):
            rig = Rig5()
            if before:
                rig.client.subscribe(given)
                rig.client.subscribe("plain")
            raws = rig.up(False, (limit, 0))
            if not before:
                rig.client.subscribe(given)
                rig.client.subscribe("plain")
                rig.settle()
                raws = rig.sent()
            assert [filters5(raw)[1] for raw in only(raws, 0x82)] == [b"plain"]
            assert rig.told("subscribed") == [(given, reason)]
            raws = rig.again(False)
            assert sorted([filters5(raw)[1] for raw in only(raws, 0x82)]) == sorted([given.encode(), b"plain"])


def test_no_subscription_identifier_where_the_broker_has_none():
    rig = Rig5()
    rig.client.subscribe("a", handler=rig.noter("a"))
    raws = rig.up(False, ("subscription_identifier_available", 0))
    assert filters5(only(raws, 0x82)[0])[3] == []
    rig.grant(raws)
    rig.hear(publish5("a", b"1"))
    assert rig.payloads("a") == [b"1"]


def test_goodbye_in_plain():
    """[MQTT-3.14.1-1] [MQTT-3.14.4-1] [MQTT-3.14.4-2]"""
    rig = Rig5()
    rig.up()
    rig.client.disconnect()
    assert bytes(rig.link.stream).endswith(DISCONNECT) and not rig.link.is_open
