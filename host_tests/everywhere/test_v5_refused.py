"""MQTT 5: subscriptions that the broker refuses to make or to end, and what becomes of them on the next connection."""

from harness import Rig
from harness5 import Rig5
from leanmqtt import Client
from packets import SUBSCRIBE, UNSUBSCRIBE, only, packet, packet_id, word
from packets5 import connack5, filters5, publish5, suback5, subscribe5, unsuback5, unsubscribe5

REFUSALS = (0x80, 0x83, 0x87, 0x8F, 0x91)  # of UNSUBACK (3.11.3); SUBACK has more
NO_WILD = ("wildcard_subscription_available", 0)
NO_SHARED = ("shared_subscription_available", 0)


def connected(**options):
    """A connected rig; `told("unsubscribed")` has what on_unsubscribed got."""
    rig = Rig5(clean=False, **options)
    rig.client.v5.on_unsubscribed = lambda *args: rig.events.append(("unsubscribed",) + args)
    rig.up()
    return rig


def left(rig, text="a", **more):
    """unsubscribe(), and the id of the packet that it wrote."""
    rig.client.unsubscribe(text, **more)
    rig.settle()
    (raw,) = only(rig.sent(), UNSUBSCRIBE)
    return packet_id(raw)


def asked(raws):
    """The filters of all SUBSCRIBE and UNSUBSCRIBE packets among raws, the latter as '-filter'."""
    found = [(raw, filters5(raw)[1].decode()) for raw in raws if raw[0] in (SUBSCRIBE, UNSUBSCRIBE)]
    return ["-" + text if raw[0] == UNSUBSCRIBE else text for raw, text in found]


# -- the end of a subscription


def test_the_end_of_a_subscription_is_told():
    """(3.11.3): the filter as it was given; 0x11: there was none"""
    for text in ("a/é", b"a/+", "$share/g/a"):
        for code in (0, 0x11):
            rig = connected()
            rig.subscribe(text)
            rig.hear(unsuback5(left(rig, text), code))
            assert rig.told("unsubscribed") == [(text, code)]
            assert asked(rig.again(True)) == [] == asked(rig.again(False))


def test_on_unsubscribed_is_an_argument_too():
    told = []
    rig = Rig5(on_unsubscribed=lambda text, reason: told.append((text, reason)))
    rig.up()
    rig.hear(unsuback5(left(rig), 0x11))
    assert told == [("a", 0x11)]
    rig = Rig5()
    rig.up()
    rig.hear(unsuback5(left(rig), 0x87))
    assert rig.client.connected, "nobody listens"


def test_what_never_was_subscribed_is_asked_all_the_same():
    rig = connected()
    pid = left(rig, "x", properties={"user_property": [("a", "b")]})
    rig.hear(unsuback5(pid, 0x11))
    assert rig.told("unsubscribed") == [("x", 0x11)] and rig.told("subscribed") == []


def test_a_refused_end_is_told_and_the_subscription_goes_on():
    """Its messages go to on_message; on the next connection to the session it is asked once more, once."""
    for code in REFUSALS:
        rig = connected()
        rig.subscribe("a", handler=rig.noter("a"))
        rig.hear(unsuback5(left(rig), code))
        assert rig.told("unsubscribed") == [("a", code)]
        for identified in ((), (("subscription_identifier", 1),)):
            rig.hear(publish5("a", b"1", properties=identified))
        assert rig.payloads() == [b"1", b"1"] and rig.payloads("a") == []
        rig.run(5000)
        assert asked(rig.sent()) == []
        raws = rig.again(True)
        assert asked(raws) == ["-a"]
        rig.hear(unsuback5(packet_id(raws[-1]), 0))
        assert rig.told("unsubscribed") == [("a", code), ("a", 0)]
        assert asked(rig.again(True)) == []


def test_a_refused_end_ends_with_the_session():
    rig = connected()
    rig.subscribe("a")
    rig.hear(unsuback5(left(rig), 0x87))
    assert asked(rig.again(False)) == [] == asked(rig.again(True))


def test_a_refused_end_may_be_asked_for_again_or_taken_back():
    rig = connected()
    rig.subscribe("a")
    rig.hear(unsuback5(left(rig), 0x87))
    rig.hear(unsuback5(left(rig), 0x80))
    raw = rig.subscribe("a", 0, rig.noter("a"))
    assert filters5(raw)[3] == [("subscription_identifier", 1)], "it is the same one"
    rig.hear(publish5("a", b"1"))
    assert rig.payloads("a") == [b"1"]
    assert rig.told("unsubscribed") == [("a", 0x87), ("a", 0x80)] and rig.told("subscribed") == [("a", 1), ("a", 0)]
    assert asked(rig.again(True)) == []
    assert asked(rig.again(False)) == ["a"]


def test_subscribing_again_while_the_end_is_not_answered():
    for code in (0, 0x11, 0x87):
        rig = connected()
        rig.subscribe("a")
        rig.subscribe("z")
        pid = left(rig)
        rig.client.subscribe("a", 0)
        (raw,) = rig.hear(unsuback5(pid, code))
        assert asked([raw]) == ["a"] and rig.told("unsubscribed") == [("a", code)]
        rig.hear(suback5(packet_id(raw), 0))
        assert asked(rig.again(True)) == []


def test_reasons_that_no_unsuback_has():
    """[MQTT-3.11.3-2]"""
    for code in (1, 2, 0x10, 0x7F):
        rig = connected()
        pid = left(rig)
        rig.violates(0x81, unsuback5(pid, code))
        assert rig.told("unsubscribed") == []


def test_an_end_that_is_too_large_for_the_broker_is_not_asked_for():
    """[MQTT-3.2.2-15]"""
    rig = connected()
    size = len(unsubscribe5(1, "t" * 100))
    assert asked(rig.again(True, ("maximum_packet_size", size - 1))) == []
    rig.client.unsubscribe("t" * 100)
    rig.settle()
    assert rig.sent() == [] and rig.told("unsubscribed") == [("t" * 100, 0x95)]
    assert asked(rig.again(True, ("maximum_packet_size", size))) == ["-" + "t" * 100]


def test_after_a_fall_back_the_end_is_told_without_a_reason():
    rig = Rig5(version=(5, 4))
    rig.client.v5.on_unsubscribed = lambda *args: rig.events.append(("unsubscribed",) + args)
    rig.dial()
    rig.link.feed(connack5(False, 0x84))
    rig.dial()
    rig.sent()
    rig.hear(b"\x20\2\0\0")
    for last in (9, 200):  # the low byte of a packet id is no reason
        rig.client._session.last = last - 1
        rig.client.unsubscribe("a")
        rig.settle()
        (raw,) = rig.sent()
        rig.hear(packet(0xB0, word(packet_id(raw))))
    assert rig.told("unsubscribed") == [("a", 0)] * 2 and rig.client.connected


def test_a_client_of_3_1_1_does_without():
    rig = Rig()
    rig.up()
    rig.client.unsubscribe("a")
    rig.settle()
    (raw,) = rig.sent()
    rig.hear(packet(0xB0, word(packet_id(raw))))
    assert rig.client.connected and not hasattr(rig.client, "v5")
    try:
        Client("a", "b", on_unsubscribed=print)
    except ValueError as e:
        assert "version" in str(e)
    else:
        raise AssertionError("it is of MQTT 5 alone")


# -- a subscription that is not made


def test_what_the_broker_s_limits_forbid_is_asked_for_where_another_connection_allows_it():
    """(3.2.2.3.11) (3.2.2.3.13) [MQTT-3.2.2-15]: with the session kept; told on each connection that forbids it"""
    size = len(subscribe5(1, "t" * 100, 1, ("subscription_identifier", 1)))
    for text, limit, code in (
        ("a/#", NO_WILD, 0xA2),
        ("$share/g/a", NO_SHARED, 0x9E),
        ("t" * 100, ("maximum_packet_size", size - 1), 0x95),
    ):
        rig = Rig5(clean=False)
        rig.client.subscribe(text)
        assert asked(rig.up(False, limit)) == []
        assert rig.told("subscribed") == [(text, code)]
        for kept in (True, False):
            assert asked(rig.again(kept, limit)) == []
        assert rig.told("subscribed") == [(text, code)] * 3
        raws = rig.again(True)
        assert asked(raws) == [text]
        rig.grant(raws)
        assert rig.told("subscribed")[3:] == [(text, 1)]
        assert asked(rig.again(True)) == [], "it is made"
        assert asked(rig.again(True, limit)) == [], "and goes on"


def test_what_the_broker_refused_is_asked_for_once_on_each_connection():
    rig = Rig5(clean=False)
    rig.client.subscribe("a", handler=rig.noter("a"), no_local=True)
    rig.client.subscribe("b")
    first, second = only(rig.up(False), SUBSCRIBE)
    rig.hear(suback5(packet_id(first), 0x87), suback5(packet_id(second), 1))
    for _ in range(2):
        rig.run(5000)
        assert asked(rig.sent()) == []
        (raw,) = only(rig.again(True), SUBSCRIBE)
        assert filters5(raw)[1:] == filters5(first)[1:]
        rig.hear(suback5(packet_id(raw), 0x97))
    (raw,) = only(rig.again(True), SUBSCRIBE)
    rig.grant([raw])
    assert rig.told("subscribed") == [("a", 0x87), ("b", 1), ("a", 0x97), ("a", 0x97), ("a", 1)]
    assert asked(rig.again(True)) == []
    assert asked(rig.again(False)) == ["a", "b"]


def test_one_that_was_refused_may_be_given_up():
    for text in ("a/#", "$share/g/a"):
        for limits in ((), (NO_WILD, NO_SHARED)):
            refused_and_given_up(text, limits)


def refused_and_given_up(text, limits):
    rig = connected()
    rig.client.subscribe(text)
    raws = rig.again(True, *limits)
    for raw in only(raws, SUBSCRIBE):
        rig.hear(suback5(packet_id(raw), 0x87))
    assert len(rig.told("subscribed")) == 1
    rig.hear(unsuback5(left(rig, text), 0x11))
    assert rig.told("unsubscribed") == [(text, 0x11)]
    assert asked(rig.again(True)) == [] == asked(rig.again(False))


def test_one_that_was_refused_may_be_asked_for_again_at_once():
    rig = connected()
    for code in (0x87, 0x80, 1):
        rig.client.subscribe("a")
        rig.settle()
        (raw,) = rig.sent()
        rig.hear(suback5(packet_id(raw), code))
    assert rig.told("subscribed") == [("a", 0x87), ("a", 0x80), ("a", 1)]
    assert asked(rig.again(True)) == []


def test_ids_of_refused_ones_are_free():
    """[MQTT-2.2.1-3]: what was answered uses none"""
    rig = connected(rand=lambda bits: 9)
    rig.client.subscribe("a")
    rig.settle()
    (raw,) = rig.sent()
    rig.hear(suback5(packet_id(raw), 0x87))
    rig.client._session.last = packet_id(raw) - 1
    assert rig.publish("b", b"", qos=1) == packet_id(raw)
