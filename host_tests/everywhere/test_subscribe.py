"""SUBSCRIBE and UNSUBSCRIBE: what is sent, what is remembered, what comes back."""

from harness import Rig, subscribed
from leanmqtt import MQTTError
from packets import SUBSCRIBE, UNSUBSCRIBE, filters, only, packet, packet_id, publish, suback, subscribe, unsuback


def subscription(raws):
    """The only SUBSCRIBE among raws."""
    (raw,) = only(raws, SUBSCRIBE)
    return raw


def test_subscribe_byte_for_byte():
    """[MQTT-3.8.1-1] [MQTT-3.8.3-1] [MQTT-3.8.3-3] [MQTT-3-8.3-4] [MQTT-2.3.1-1]"""
    rig = Rig(qos2=True)
    rig.up()
    for qos, text in ((0, "a"), (1, "é/+/#"), (2, "t" * 300)):
        rig.client.subscribe(text, qos=qos)
        rig.settle()
        (raw,) = rig.sent()
        assert raw == subscribe(packet_id(raw), (text, qos)) and packet_id(raw) > 0


def test_unsubscribe_byte_for_byte():
    """[MQTT-3.10.1-1] [MQTT-3.10.3-1] [MQTT-3.10.3-2]"""
    rig = Rig()
    rig.client.subscribe("é/+")
    rig.grant(rig.up())
    rig.client.unsubscribe("é/+")
    rig.settle()
    (raw,) = rig.sent()
    assert raw[0] == UNSUBSCRIBE and filters(raw) == [("é/+".encode(), None)] and packet_id(raw) > 0


def test_subscriptions_made_before_the_connection_are_sent_after_it():
    rig = Rig()
    rig.client.subscribe("b", qos=1)
    rig.client.subscribe("a", qos=0)
    assert subscribed(rig.up()) == [(b"b", 1), (b"a", 0)]


def test_on_subscribed_tells_the_granted_qos_and_the_filter_as_it_was_given():
    """[MQTT-3.8.4-5] [MQTT-3.8.4-6]: granted may be lower than asked"""
    rig = Rig(qos2=True)
    given = ("text/é", b"bytes/+")
    for text in given:
        rig.client.subscribe(text, qos=2)
    raws = only(rig.up(), SUBSCRIBE)
    for raw in raws:
        rig.hear(suback(packet_id(raw), *[1 for _ in filters(raw)]))
    assert rig.told("subscribed") == [(given[0], 1), (given[1], 1)]
    assert [type(told[0]) for told in rig.told("subscribed")] == [str, bytes]


def test_a_refused_filter_is_reported_and_does_not_end_the_connection():
    rig = Rig()
    rig.client.subscribe("secret/#", qos=1)
    raw = subscription(rig.up())
    rig.hear(suback(packet_id(raw), 0x80))
    assert rig.told("subscribed") == [("secret/#", 0x80)]
    assert rig.client.connected


def test_a_refused_filter_is_not_retried_before_the_next_session():
    rig = Rig(clean=False)
    rig.client.subscribe("secret", qos=1)
    rig.hear(suback(packet_id(subscription(rig.up())), 0x80))
    rig.client.subscribe("open", qos=1)
    rig.settle()
    raws = rig.sent()
    assert subscribed(raws) == [(b"open", 1)]
    rig.grant(raws)
    rig.lose()
    assert subscribed(rig.up(session=True)) == []
    rig.lose()
    assert sorted(subscribed(rig.up(session=False))) == [(b"open", 1), (b"secret", 1)]


def test_subscriptions_are_sent_again_when_the_broker_has_no_session():
    for clean in (True, False):
        rig = Rig(clean=clean)
        rig.client.subscribe("a", qos=1)
        rig.client.subscribe("b", qos=0)
        rig.grant(rig.up())
        for _ in range(3):
            rig.lose()
            raws = rig.up(session=False)
            assert subscribed(raws) == [(b"a", 1), (b"b", 0)]
            rig.grant(raws)


def test_subscriptions_are_not_sent_again_to_a_session_that_has_them():
    rig = Rig(clean=False)
    rig.client.subscribe("a", qos=1)
    rig.grant(rig.up(session=False))
    for _ in range(3):
        rig.lose()
        assert subscribed(rig.up(session=True)) == []


def test_subscriptions_are_sent_once_per_client_object_even_to_a_kept_session():
    """After a reset the object does not know what the broker knows."""
    rig = Rig(clean=False)
    rig.client.subscribe("a", qos=1)
    raws = rig.up(session=True)
    assert subscribed(raws) == [(b"a", 1)]
    rig.grant(raws)
    rig.lose()
    assert subscribed(rig.up(session=True)) == []


def test_a_subscription_without_its_suback_is_sent_again_to_a_kept_session():
    rig = Rig(clean=False)
    rig.client.subscribe("a", qos=1)
    assert subscribed(rig.up()) == [(b"a", 1)]
    rig.lose()
    raws = rig.up(session=True)
    assert subscribed(raws) == [(b"a", 1)]
    rig.grant(raws)
    assert rig.told("subscribed") == [("a", 1)]


def test_a_subscription_made_offline_is_sent_to_a_kept_session():
    rig = Rig(clean=False)
    rig.up()
    rig.lose()
    rig.client.subscribe("late", qos=1)
    assert subscribed(rig.up(session=True)) == [(b"late", 1)]


def test_the_same_filter_again_asks_for_the_new_qos():
    rig = Rig()
    rig.client.subscribe("a", qos=0)
    rig.grant(rig.up())
    rig.client.subscribe("a", qos=1)
    rig.settle()
    assert subscribed(rig.sent()) == [(b"a", 1)]
    rig.lose()
    assert subscribed(rig.up()) == [(b"a", 1)], "remembered once"


def test_an_unsubscribed_filter_is_forgotten():
    """[MQTT-3.10.4-4] [MQTT-3.10.4-5]"""
    rig = Rig()
    rig.client.subscribe("a", qos=0)
    rig.client.subscribe("b", qos=0)
    rig.grant(rig.up())
    rig.client.unsubscribe("a")
    rig.settle()
    (raw,) = rig.sent()
    rig.hear(unsuback(packet_id(raw)))
    assert rig.client.connected
    rig.lose()
    assert subscribed(rig.up()) == [(b"b", 0)]


def test_an_unsubscription_made_offline_reaches_a_kept_session():
    rig = Rig(clean=False)
    rig.client.subscribe("a", qos=1)
    rig.grant(rig.up())
    rig.lose()
    rig.client.unsubscribe("a")
    raws = rig.up(session=True)
    assert [filters(raw) for raw in only(raws, UNSUBSCRIBE)] == [[(b"a", None)]]
    assert subscribed(raws) == []
    rig.hear(*[unsuback(packet_id(raw)) for raw in only(raws, UNSUBSCRIBE)])
    rig.lose()
    raws = rig.up(session=True)
    assert only(raws, UNSUBSCRIBE) == [] and subscribed(raws) == []


def test_a_session_may_have_begun_with_a_connack_that_was_lost():
    """The broker lost the session, said so, and the link broke before: what it keeps by now has no subscription."""
    rig = Rig(clean=False)
    for topic in "abc":
        rig.client.subscribe(topic, qos=1)
    rig.grant(rig.up())
    rig.lose()
    rig.client.unsubscribe("b")
    for unanswered in (1, 3):
        for _ in range(unanswered):
            rig.dial()
            rig.lose()
        raws = rig.up(session=True)
        assert subscribed(raws) == [(b"a", 1), (b"c", 1)]
        assert [filters(raw) for raw in only(raws, UNSUBSCRIBE)] == ([[(b"b", None)]] if unanswered == 1 else [])
        rig.hear(*[unsuback(packet_id(raw)) for raw in only(raws, UNSUBSCRIBE)])
        rig.grant(raws)
        rig.lose()
        assert subscribed(rig.up(session=True)) == [], "that one was there before"
        rig.lose()


def test_an_unsubscription_without_its_unsuback_is_sent_again_to_a_kept_session():
    rig = Rig(clean=False)
    rig.client.subscribe("a", qos=1)
    rig.grant(rig.up())
    rig.client.unsubscribe("a")
    rig.settle()
    rig.lose()
    raws = rig.up(session=True)
    assert [filters(raw) for raw in only(raws, UNSUBSCRIBE)] == [[(b"a", None)]]


def test_unsubscribing_what_was_never_subscribed_is_asked_all_the_same():
    """[MQTT-3.10.4-5]: the broker may know it from an earlier life of this client."""
    rig = Rig(clean=False)
    rig.client.unsubscribe("old/+")
    raws = rig.up(session=True)
    assert [filters(raw) for raw in only(raws, UNSUBSCRIBE)] == [[(b"old/+", None)]]


def test_subscribed_then_unsubscribed_then_subscribed_ends_subscribed():
    rig = Rig()
    rig.up()
    rig.client.subscribe("a", qos=1, handler=rig.noter("mine"))
    rig.client.unsubscribe("a")
    rig.client.subscribe("a", qos=1, handler=rig.noter("mine"))
    answered = 0
    for _ in range(10):
        rig.settle()
        for raw in rig.sent():
            answered += 1
            last = raw[0]
            rig.link.feed(suback(packet_id(raw), 1) if raw[0] == SUBSCRIBE else unsuback(packet_id(raw)))
    assert answered and last == SUBSCRIBE
    rig.hear(publish("a", b"1"))
    assert rig.payloads("mine") == [b"1"] and rig.client.connected
    rig.lose()
    assert subscribed(rig.up()) == [(b"a", 1)]


def test_many_subscriptions_all_arrive():
    rig = Rig()
    names = ["room/%d/set" % i for i in range(60)]
    for name in names:
        rig.client.subscribe(name, qos=1)
    raws = rig.up()
    got = []
    for _ in range(100):
        got += subscribed(raws)
        rig.grant(raws)
        raws = rig.sent()
    assert [text.decode() for text, _ in got] == names
    assert rig.told("subscribed") == [(name, 1) for name in names]


def violates(answer):
    """A client that has asked for 'a' gets this answer (a function of the packet id) and must close."""
    rig = Rig(qos2=True)
    rig.client.subscribe("a", qos=1)
    pid = packet_id(subscription(rig.up()))
    rig.link.feed(answer(pid))
    rig.until(lambda: rig.told("disconnect"), 1000)
    assert isinstance(rig.told("disconnect")[0][0], MQTTError)
    assert rig.told("subscribed") == []
    assert subscribed(rig.up()) == [(b"a", 1)]


def test_a_suback_with_the_wrong_number_of_codes_is_a_violation():
    """[MQTT-3.9.3-1]"""
    violates(lambda pid: suback(pid, 1, 1))
    violates(lambda pid: suback(pid))


def test_a_suback_with_a_reserved_code_is_a_violation():
    """[MQTT-3.9.3-2]"""
    for code in (3, 0x7F, 0x81, 0xFF):
        violates(lambda pid, code=code: suback(pid, code))


def test_an_acknowledgement_of_the_wrong_kind_is_a_violation():
    """[MQTT-2.3.1-7]"""
    for first in (0x40, 0x50, 0x70, 0xB0):
        violates(lambda pid, first=first: packet(first, bytes((pid >> 8, pid & 255))))


def test_a_suback_for_nothing_that_was_asked_is_a_violation():
    violates(lambda pid: suback(pid ^ 1, 1))
