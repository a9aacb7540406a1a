"""MQTT 5: SUBSCRIBE with options and identifiers, shared subscriptions, what comes back."""

from harness import raises
from harness5 import Rig5
from packets import SUBSCRIBE, UNSUBSCRIBE, only, packet, packet_id, word
from packets5 import PLACES, PROPERTIES, filters5, publish5, suback5, subscribe5, unsuback5, unsubscribe5


def asked(rig, *args, **kw):
    """subscribe(), and the packet that it wrote."""
    rig.client.subscribe(*args, **kw)
    rig.settle()
    (raw,) = rig.sent()
    return raw


def ident(n):
    return ("subscription_identifier", n)


def test_subscribe_byte_for_byte():
    """[MQTT-3.8.1-1] [MQTT-3.8.3-1] [MQTT-3.8.3-2] [MQTT-3.8.3-5]: one filter, reserved bits 0"""
    rig = Rig5(qos2=True)
    rig.up()
    for k, (qos, text) in enumerate(((0, "a"), (1, "é/+/#"), (2, "t" * 300))):
        raw = asked(rig, text, qos)
        assert raw == subscribe5(packet_id(raw), text, qos, ident(k + 1)) and packet_id(raw) > 0


def test_options():
    """[MQTT-3.8.3-3] (3.8.3.1): no local, retain as published, retain handling"""
    for no_local in (False, True):
        for as_published in (False, True):
            for handling in (0, 1, 2):
                for qos in (0, 1, 2):
                    rig = Rig5(qos2=True)
                    rig.up()
                    raw = asked(
                        rig, "a", qos, no_local=no_local, retain_as_published=as_published, retain_handling=handling
                    )
                    bits = qos | no_local << 2 | as_published << 3 | handling << 4
                    assert filters5(raw)[2] == bits
                    rig.lose()
                    assert filters5(only(rig.up(False), SUBSCRIBE)[0])[2] == bits, "again as it was"
    for bad in (3, -1, "1", None):
        assert "retain_handling" in str(raises(ValueError, Rig5().client.subscribe, "a", retain_handling=bad))


def test_properties_of_subscribe_and_unsubscribe():
    """[MQTT-3.8.3-1] [MQTT-3.10.1-1] [MQTT-3.10.3-1] [MQTT-3.10.3-2]"""
    rig = Rig5()
    rig.up()
    user = ("user_property", ("a", "é"))
    raw = asked(rig, "a", properties={"user_property": [("a", "é"), ("a", "é")]})
    pid, text, bits, pairs = filters5(raw)
    assert (text, bits) == (b"a", 1) and sorted(pairs) == sorted(
        [ident(1), ("user_property", (b"a", "é".encode())), ("user_property", (b"a", "é".encode()))]
    )
    rig.hear(suback5(pid, 1))
    rig.client.unsubscribe("a", properties={"user_property": [("a", "é")]})
    rig.settle()
    (raw,) = rig.sent()
    assert raw == unsubscribe5(packet_id(raw), "a", user)
    for given in ({"subscription_identifier": 5}, {"content_type": "x"}, {"user_property": 3}):
        raises(ValueError, rig.client.subscribe, "b", properties=given)
    rig.settle()
    assert rig.sent() == []


def test_options_and_properties_are_of_one_subscription_only():
    rig = Rig5()
    rig.up()
    asked(rig, "a", no_local=True, properties={"user_property": [("a", "b")]})
    raw = asked(rig, "b")
    assert filters5(raw)[1:] == (b"b", 1, [ident(2)])
    raises(ValueError, rig.client.subscribe, "bad/#/x", no_local=True, properties={"user_property": [("a", "b")]})
    raw = asked(rig, "c")
    assert filters5(raw)[1:] == (b"c", 1, [ident(3)])


def test_bad_filters():
    """[MQTT-4.7.1-1] [MQTT-4.7.1-2] [MQTT-4.7.3-1..-3]"""
    rig = Rig5()
    for text in ("", "a/#/b", "a#", "a+", "a/b+", "a\0", b"\xff", "x" * 65536):
        raises(ValueError, rig.client.subscribe, text)
    raises(ValueError, rig.client.subscribe, "a", 2)
    raises(ValueError, rig.client.subscribe, "a", 3)
    assert len(rig.up()) == 1


def test_granted_and_refused():
    """[MQTT-3.8.4-5..-7]: every reason of SUBACK (3.9.3)"""
    for code in (0, 1, 2, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2):
        for words in ((), (("reason_string", "é"), ("user_property", ("a", "b")))):
            rig = Rig5(qos2=True)
            rig.up()
            pid = packet_id(asked(rig, "a/é", 2))
            rig.hear(suback5(pid, code, *words))
            assert rig.told("subscribed") == [("a/é", code)] and rig.client.connected


def test_reasons_that_do_not_exist():
    for code in (3, 0x11, 0x7F):
        rig = Rig5()
        rig.up()
        pid = packet_id(asked(rig, "a"))
        rig.violates(0x81, suback5(pid, code))


def test_suback_that_nobody_waits_for():
    for raw in (suback5(999, 0), unsuback5(999, 0)):
        rig = Rig5()
        rig.up()
        asked(rig, "a")
        rig.violates(0x82, raw)
    for raw in (suback5(0, 0), unsuback5(0, 0), suback5(5, 0)):
        rig = Rig5()
        rig.up()
        rig.violates(0x82, raw)


def test_malformed_suback_and_unsuback():
    """[MQTT-3.11.3-1]: as many reasons as filters"""
    for first in (0x90, 0xB0):
        for rest in (b"\0\0\0", b"\1\0", b"\3\x1f\0\1\0", b"\x80\0\0", b"\x05\x1f\0\2\xff\xff\0", b"\0"):
            rig = Rig5()
            rig.up()
            pid = packet_id(asked(rig, "a"))
            if first == 0xB0:
                rig.hear(suback5(pid, 0))
                rig.client.unsubscribe("a")
                rig.settle()
                pid = packet_id(rig.sent()[0])
            error, last = rig.ends(packet(first, word(pid) + rest))
            assert last[-1][0] == 0xE0 and last[-1][2] in (0x81, 0x82), error
            assert len(rig.told("subscribed")) == (first == 0xB0)
    for name in PROPERTIES:
        if PROPERTIES[name][0] not in PLACES["ack"]:
            value = {"v": 1, "s": "x", "b": b"x"}.get(PROPERTIES[name][1], 1)
            rig = Rig5()
            rig.up()
            rig.violates(0x82, suback5(packet_id(asked(rig, "a")), 0, (name, value)))


def test_unsuback():
    """[MQTT-3.10.4-4] [MQTT-3.10.4-5] [MQTT-3.11.3-1]: every reason of UNSUBACK (3.11.3)"""
    for code in (0, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91):
        rig = Rig5()
        rig.up()
        rig.subscribe("a", handler=rig.noter("a"))
        rig.client.unsubscribe("a")
        rig.settle()
        (raw,) = rig.sent()
        assert raw[0] == UNSUBSCRIBE and filters5(raw)[1:] == (b"a", None, [])
        rig.hear(unsuback5(packet_id(raw), code, ("reason_string", "x")))
        assert rig.client.connected and len(rig.told("subscribed")) == 1
        assert only(rig.again(False), SUBSCRIBE) == []


def test_messages_before_the_suback_are_taken():
    """(3.8.4)"""
    rig = Rig5()
    rig.client.subscribe("a", handler=rig.noter("a"))
    rig.up()
    rig.hear(publish5("a", b"1", properties=(ident(1),)))
    assert rig.payloads("a") == [b"1"]


# -- identifiers


def overlapping(**options):
    """A rig with three overlapping subscriptions; the identifiers are 1, 2, 3."""
    rig = Rig5(**options)
    for name, text in (("a", "x/#"), ("b", "x/+"), ("c", "x/y")):
        rig.client.subscribe(text, 1, rig.noter(name))
    raws = only(rig.up(False), SUBSCRIBE)
    assert [filters5(raw)[3] for raw in raws] == [[ident(1)], [ident(2)], [ident(3)]]
    rig.grant(raws)
    return rig


def seen(rig):
    """Whose handlers saw messages since the last time."""
    found = [event[0] + event[2].decode() for event in rig.events if event[0] in ("a", "b", "c", "message")]
    del rig.events[:]
    return found


def test_an_identifier_says_whose_message_it_is():
    rig = overlapping()
    for n, name in ((1, "a"), (2, "b"), (3, "c")):
        rig.hear(publish5("x/y", b"1", properties=(ident(n),)))
        assert seen(rig) == [name + "1"]


def test_one_packet_for_several_subscriptions():
    rig = overlapping()
    rig.hear(publish5("x/y", b"1", properties=(ident(1), ident(3))))
    assert seen(rig) == ["a1", "c1"]
    rig.hear(publish5("x/y", b"2", properties=(ident(3), ("content_type", "t"), ident(2), ident(1))))
    assert seen(rig) == ["a2", "b2", "c2"]


def test_without_an_identifier_filters_decide():
    rig = overlapping()
    rig.hear(publish5("x/y", b"1"), publish5("x/z", b"2"), publish5("x", b"3"), publish5("y", b"4"))
    assert seen(rig) == ["a1", "b1", "c1", "a2", "b2", "a3", "message4"]


def test_an_identifier_of_an_earlier_life_falls_back_to_the_filters():
    """A session that the broker kept may know identifiers of a program before this one."""
    rig = overlapping()
    for numbers in ((9,), (9, 10), (268435455,)):
        rig.hear(publish5("x/y", b"1", properties=[ident(n) for n in numbers]))
        assert seen(rig) == ["a1", "b1", "c1"]
    rig.hear(publish5("other", b"2", properties=(ident(3),)))
    assert seen(rig) == ["message2"], "an identifier alone is not enough: the topic must fit"
    rig.hear(publish5("x/z", b"3", properties=(ident(3),)))
    assert seen(rig) == ["a3", "b3"]


def test_identifiers_stay_with_their_filters():
    rig = overlapping()
    raw = asked(rig, "x/+", 0)
    assert filters5(raw)[3] == [ident(2)], "subscribed to again"
    rig.grant([raw])
    raws = only(rig.again(False), SUBSCRIBE)
    assert [(filters5(raw)[1], filters5(raw)[3]) for raw in raws] == [
        (b"x/#", [ident(1)]),
        (b"x/+", [ident(2)]),
        (b"x/y", [ident(3)]),
    ]


def test_identifiers_of_more_than_a_byte():
    """[MQTT-1.5.5-1]"""
    rig = Rig5()
    rig.up()
    for n in range(1, 140):
        raw = asked(rig, "t/%d" % n, handler=rig.noter("a"))
        assert filters5(raw)[3] == [ident(n)]
        rig.hear(suback5(packet_id(raw), 1))
    rig.hear(publish5("t/139", b"1", properties=(ident(139),)))
    assert seen(rig)[-1] == "a1"
    rig.client._session.inbox.number = 16383  # as after as many
    for n in (16384, 16385):
        raw = asked(rig, "u/%d" % n, handler=rig.noter("b"))
        assert filters5(raw)[3] == [ident(n)]
        rig.hear(suback5(packet_id(raw), 1), publish5("u/%d" % n, b"2", properties=(ident(n),)))
        assert seen(rig)[-1] == "b2"


def test_a_message_named_twice_for_one_subscription_is_seen_once():
    rig = overlapping()
    rig.hear(publish5("x/y", b"1", properties=(ident(2), ident(2))))
    assert seen(rig) == ["b1"]


def test_subscribing_in_a_handler_that_an_identifier_named():
    rig = Rig5()

    def handler(m):
        rig.note(m, "a")
        rig.client.subscribe("b", 1, rig.noter("b"))

    rig.client.subscribe("a", 1, handler)
    rig.grant(rig.up())
    raws = rig.hear(publish5("a", b"1", properties=(ident(1),)))
    assert [filters5(raw)[1] for raw in only(raws, SUBSCRIBE)] == [b"b"]
    assert seen(rig) == ["a1"]


def test_a_handler_that_raises_loses_no_other():
    rig = Rig5()

    def bad(m):
        raise OSError("handler")

    rig.client.subscribe("x/#", 1, bad)
    rig.client.subscribe("x/+", 1, rig.noter("b"))
    rig.grant(rig.up())
    rig.link.feed(publish5("x/y", b"1", properties=(ident(1), ident(2))))
    assert rig.raised() == 1 and seen(rig) == ["b1"]


# -- shared


def test_a_shared_subscription_is_handled_by_its_inner_filter():
    """(4.8.2)"""
    for identified in (True, False):
        rig = Rig5()
        limits = () if identified else (("subscription_identifier_available", 0),)
        rig.client.subscribe("$share/group/x/+", 1, rig.noter("a"))
        raws = only(rig.up(False, *limits), SUBSCRIBE)
        assert filters5(raws[0])[1] == b"$share/group/x/+"
        rig.hear(suback5(packet_id(raws[0]), 1))
        assert rig.told("subscribed") == [("$share/group/x/+", 1)]
        rig.hear(
            publish5("x/y", b"1", properties=(ident(1),) if identified else ()), publish5("$share/group/x/y", b"2")
        )
        assert seen(rig) == ["a1", "message2"]


def test_shared_and_not_shared_of_the_same_filter_are_two():
    rig = Rig5()
    rig.client.subscribe("x", 1, rig.noter("a"))
    rig.client.subscribe("$share/g/x", 1, rig.noter("b"))
    rig.client.subscribe("$share/h/x", 1, rig.noter("c"))
    raws = only(rig.up(), SUBSCRIBE)
    assert [filters5(raw)[1] for raw in raws] == [b"x", b"$share/g/x", b"$share/h/x"]
    rig.grant(raws)
    for n, name in ((1, "a"), (2, "b"), (3, "c")):
        rig.hear(publish5("x", b"1", properties=(ident(n),)))
        assert seen(rig)[-1:] == [name + "1"], n
    rig.client.unsubscribe("$share/g/x")
    rig.settle()
    (raw,) = rig.sent()
    assert raw == unsubscribe5(packet_id(raw), "$share/g/x")
    rig.hear(unsuback5(packet_id(raw)))
    assert [filters5(raw)[1] for raw in only(rig.again(False), SUBSCRIBE)] == [b"x", b"$share/h/x"]


def test_bad_shared_filters():
    """[MQTT-4.8.2-1] [MQTT-4.8.2-2] [MQTT-3.8.3-4]"""
    rig = Rig5()
    for text in (
        "$share/",
        "$share/g",
        "$share/g/",
        "$share//x",
        "$share/a+/x",
        "$share/a#/x",
        "$share/+/x",
        "$share/g/a#",
    ):
        assert "$share" in text and raises(ValueError, rig.client.subscribe, text)
    text = str(raises(ValueError, rig.client.subscribe, "$share/g/x", no_local=True))
    assert "no_local" in text
    rig.client.subscribe(b"$share/\xc3\xa9/#")
    rig.client.subscribe("$shared/x")
    rig.client.subscribe("$share")
    assert [filters5(raw)[1] for raw in only(rig.up(), SUBSCRIBE)] == [b"$share/\xc3\xa9/#", b"$shared/x", b"$share"]


def test_subscribing_again_before_the_suback():
    """The newest options win, once."""
    rig = Rig5()
    rig.up()
    pid = packet_id(asked(rig, "a", 0))
    rig.client.subscribe("a", 1, rig.noter("a"), no_local=True)
    (raw,) = rig.hear(suback5(pid, 0))
    assert filters5(raw)[1:3] == (b"a", 1 | 4)
    assert rig.hear(suback5(packet_id(raw), 1)) == []
    assert rig.told("subscribed") == [("a", 0), ("a", 1)]
    rig.hear(publish5("a", b"1", properties=(ident(1),)))
    assert rig.payloads("a") == [b"1"]


def test_unsubscribing_before_the_suback():
    rig = Rig5()
    rig.up()
    pid = packet_id(asked(rig, "a"))
    rig.client.unsubscribe("a")
    raws = rig.hear(suback5(pid, 1))
    assert [raw[0] for raw in raws] == [UNSUBSCRIBE]
    rig.hear(unsuback5(packet_id(raws[0])))
    assert only(rig.again(False), SUBSCRIBE) == []
