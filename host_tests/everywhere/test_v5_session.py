"""MQTT 5: sessions: what each side remembers, and what is sent again."""

from harness import raises
from harness5 import Rig5, payloads
from leanmqtt import Will
from packets import only, puback, pubcomp, pubrec, pubrel
from packets5 import ack5, connack5, fields5, filters5, hello, publish5


def clean_start(raw):
    return bool(hello(raw)["flags"] & 2)


def test_a_session_that_is_not_known_here_is_begun_anew_once():
    """[MQTT-3.2.2-4]: close, then Clean Start 1; the connection after that asks for its session."""
    rig = Rig5(clean=False)
    rig.dial()
    assert not clean_start(rig.sent()[0])
    closes = rig.link.closes
    rig.link.feed(connack5(True))
    rig.until(lambda: rig.link.closes > closes, 1000)
    assert rig.told("connect") == [] and rig.told("disconnect") == []
    (raw,) = rig.up(False)
    assert clean_start(raw) and hello(raw)["properties"]["session_expiry_interval"] == 0xFFFFFFFF
    assert rig.told("connect") == [(False,)]
    (raw,) = rig.again(True)
    assert not clean_start(raw)
    assert [bool(told[0]) for told in rig.told("connect")] == [False, True]


def test_a_broker_that_insists_on_its_session_is_told():
    """Clean Start 1 and Session Present 1 is impossible [MQTT-3.1.2-4]; no endless circle"""
    rig = Rig5(clean=False)
    rig.dial()
    rig.link.feed(connack5(True))
    rig.dial()
    rig.sent()
    error, _ = rig.ends(connack5(True))
    assert "CONNACK" in error


def test_a_clean_start_that_did_not_come_through_is_tried_again():
    rig = Rig5(clean=False)
    rig.dial()
    rig.sent()
    rig.link.feed(connack5(True))
    rig.dial()
    assert clean_start(rig.sent()[0])
    rig.link.end = -1
    rig.dial()
    assert clean_start(rig.sent()[0])
    rig.link.feed(connack5(False))
    rig.settle()
    assert rig.client.connected


def test_connect_waits_through_the_new_beginning():
    rig = Rig5(clean=False)
    rig.link.later(50, connack5(True))
    rig.link.later(150, connack5(False))
    rig.client.connect()
    assert rig.client.connected and len(rig.link.opens) == 2


def test_resume_says_that_there_is_a_session():
    """An application that kept its own state says so: no new beginning."""
    rig = Rig5(clean=False, resume=True)
    rig.up(True)
    assert rig.told("connect") == [(True,)] and len(rig.link.opens) == 1


def test_messages_and_subscriptions_wait_through_the_new_beginning():
    rig = Rig5(clean=False)
    rig.client.subscribe("a")
    rig.client.publish("q", b"1", 1)
    rig.dial()
    rig.link.feed(connack5(True))
    raws = rig.up(False)
    assert payloads(raws) == [b"1"] and len(only(raws, 0x82)) == 1


def test_what_was_in_flight_goes_again_with_dup_and_its_id_where_the_session_is_present():
    """[MQTT-4.4.0-1] [MQTT-3.3.1-1] [MQTT-4.6.0-1] [MQTT-4.3.3-5] [MQTT-4.3.3-6]"""
    rig = Rig5(clean=False, qos2=True)
    rig.up()
    sent = [rig.out("a", b"%d" % i, qos=1 + i % 2, properties={"content_type": "t%d" % i})[0] for i in range(6)]
    pids = [fields5(raw)[3] for raw in sent]
    rig.hear(pubrec(pids[1]), puback(pids[2]))
    raws = rig.again(True)[1:]
    for raw in raws:
        if raw[0] == 0x62:
            assert raw == pubrel(pids[1]), "[MQTT-4.3.3-6]: never PUBLISH again after PUBREL"
    expected = [bytes((raw[0] | 8,)) + raw[1:] for i, raw in enumerate(sent) if i not in (1, 2)]
    assert only(raws, 0x30) == expected
    rig.hear(pubcomp(pids[1]), puback(pids[0]))
    assert rig.told("delivered") == [(pids[2], 0), (pids[1], 0), (pids[0], 0)]


def test_without_the_session_it_goes_as_new():
    """[MQTT-3.2.2-5] [MQTT-4.3.2-2]: no DUP, and a QoS 2 exchange begins again"""
    rig = Rig5(clean=False, qos2=True)
    rig.up()
    sent = [rig.out("a", b"%d" % i, qos=1 + i % 2)[0] for i in range(4)]
    rig.hear(pubrec(fields5(sent[1])[3]))
    raws = rig.again(False)[1:]
    assert raws == sent


def test_what_was_received_and_not_released_is_forgotten_with_the_session():
    """[MQTT-3.2.2-5] [MQTT-4.3.3-10]"""
    for kept in (True, False):
        rig = Rig5(clean=False, qos2=True)
        rig.up()
        rig.hear(publish5("a", b"1", 2, 7))
        rig.again(kept)
        rig.hear(publish5("a", b"1", 2, 7, dup=kept))
        assert rig.payloads() == [b"1"] * (1 if kept else 2)


def test_nothing_is_sent_again_at_any_other_time():
    """[MQTT-4.4.0-1]"""
    rig = Rig5(keepalive=0, ack_timeout_ms=0)
    rig.up()
    rig.out("a", b"1", qos=1)
    rig.run(3_000_000, 1000)
    assert rig.sent() == [] and rig.client.connected


def test_subscriptions_are_asked_for_again_only_where_the_session_is_gone():
    rig = Rig5(clean=False)
    rig.client.subscribe("a", no_local=True)
    rig.grant(rig.up(False))
    assert only(rig.again(True), 0x82) == []
    raws = only(rig.again(False), 0x82)
    assert [filters5(raw)[1:3] for raw in raws] == [(b"a", 1 | 4)]


def test_a_session_that_expires_at_once_is_a_new_one_each_time():
    """A session may be present all the same, while the broker has not seen the end."""
    rig = Rig5(clean=False, session_expiry=0)
    rig.up(False)
    rig.again(True)
    assert rig.client.session_present


def test_a_clean_client_sends_its_own_again_without_dup():
    """[MQTT-3.1.2-4]"""
    rig = Rig5(clean=True)
    rig.up()
    (raw,) = rig.out("a", b"1", qos=1)
    assert rig.again(False)[1:] == [raw]
    assert clean_start(next_connect(rig))


def next_connect(rig):
    rig.lose()
    rig.dial()
    return rig.sent()[0]


def test_the_birth_message_goes_first_with_its_properties():
    for qos in (0, 1):
        rig = Rig5(birth=Will("b", "hello", qos, True, {"content_type": "t", "message_expiry_interval": 9}))
        rig.client.publish("a", b"1", 1)
        for _ in range(3):
            raws = rig.up()[1:]
            first = fields5(raws[0])
            assert first[:3] == (b"b", b"hello", qos) and first[4]
            assert first[6] == [("message_expiry_interval", 9), ("content_type", b"t")]
            assert payloads(raws[1:]) == [b"1"]
            if qos:
                rig.hear(puback(first[3]))
                assert rig.told("delivered") == []
            rig.lose()


def test_a_birth_message_that_the_broker_refuses():
    rig = Rig5(birth=Will("b", "hello", 1, True))
    raws = rig.up(False)
    (raw,) = raws[1:]
    rig.hear(ack5(0x40, fields5(raw)[3], 0x87))
    assert rig.client.connected and rig.told("delivered") == []
    assert payloads(rig.again(False)) == [b"hello"]
    assert payloads(rig.again(False, ("retain_available", 0))) == [], "[MQTT-3.2.2-14]"
    assert payloads(rig.again(False)) == [b"hello"]


def test_packet_ids_start_anywhere_and_are_not_in_use():
    """[MQTT-2.2.1-2] [MQTT-2.2.1-3]"""
    rig = Rig5(rand=lambda bits: 65533 & (1 << bits) - 1)
    rig.up()
    pids = [rig.publish("a", b"", qos=1) for _ in range(5)]
    assert 0 not in pids and len(set(pids)) == 5
    raws = rig.sent()
    assert [fields5(raw)[3] for raw in raws] == pids


def test_session_expiry_may_not_grow_out_of_nothing():
    """(3.14.2.2.2)"""
    rig = Rig5(clean=True)
    rig.up()
    assert "session_expiry" in str(raises(ValueError, rig.client.disconnect, session_expiry=5))
    assert rig.client.connected
