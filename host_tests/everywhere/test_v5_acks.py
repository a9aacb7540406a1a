"""MQTT 5: acknowledgements with reasons and properties."""

from harness5 import Rig5, payloads
from packets import packet, puback, pubcomp, pubrec, pubrel, word
from packets5 import PLACES, PROPERTIES, ack5, fields5, publish5

REFUSALS = (0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99)  # of PUBACK and PUBREC (3.4.2.1, 3.5.2.1)
WORDS = (("reason_string", "not é"), ("user_property", ("a", "b")), ("user_property", ("a", "b")))


def sent(rig, qos, payload=b"x"):
    """Publishes, and returns the id."""
    pid = rig.publish("a", payload, qos=qos)
    rig.sent()
    return pid


def test_all_forms_of_success():
    """[MQTT-3.4.2-1] [MQTT-3.5.2-1]: short, with reason, with an empty field, with words; 0x10: nobody subscribed"""
    for code in (0, 0x10):
        for form in ((code,), (code,) + WORDS):
            rig = Rig5(qos2=True)
            rig.up()
            pid = sent(rig, 1)
            rig.hear(ack5(0x40, pid, *form))
            assert rig.told("delivered") == [(pid, 0)]
            pid = sent(rig, 2)
            assert rig.hear(ack5(0x50, pid, *form)) == [pubrel(pid)]
            rig.hear(ack5(0x70, pid, *((0,) + form[1:])))
            assert rig.told("delivered")[1:] == [(pid, 0)] and rig.client.pending == 0
    rig = Rig5()
    rig.up()
    pid = sent(rig, 1)
    rig.hear(packet(0x40, word(pid) + b"\0\0"))
    assert rig.told("delivered") == [(pid, 0)]


def test_a_refused_message_is_told_with_its_reason():
    """[MQTT-4.4.0-2] [MQTT-4.3.3-4]: PUBREL only after PUBREC < 0x80"""
    for code in REFUSALS:
        for qos, kind in ((1, 0x40), (2, 0x50)):
            for words in ((), WORDS):
                rig = Rig5(qos2=True, clean=False)
                rig.up()
                pid = sent(rig, qos)
                assert rig.hear(ack5(kind, pid, code, *words)) == []
                assert rig.told("delivered") == [(pid, code)]
                assert rig.client.pending == 0 and rig.client.connected
                assert payloads(rig.again(True)) == [], "not again"


def test_the_reason_string_is_there_when_the_refusal_is_told():
    seen = []
    rig = Rig5(on_delivered=lambda pid, reason: seen.append((reason, rig.client.v5.reason_string)))
    rig.up()
    rig.hear(ack5(0x40, sent(rig, 1), 0x97, ("reason_string", "slow down")))
    rig.hear(ack5(0x40, sent(rig, 1), 0x97))
    rig.hear(ack5(0x40, sent(rig, 1)))
    assert seen == [(0x97, "slow down"), (0x97, ""), (0, "")]


def test_the_id_of_a_refused_message_is_free():
    """[MQTT-4.4.0-2] [MQTT-2.2.1-3]"""
    rig = Rig5(qos2=True, rand=lambda bits: 9)
    rig.up()
    first = sent(rig, 2)
    rig.hear(ack5(0x50, first, 0x97))
    pids = [sent(rig, 1) for _ in range(3)]
    for pid in pids:
        rig.hear(puback(pid))
    rig.client._session.last = first - 1  # as after 65535 messages
    again = sent(rig, 2)
    assert again == first
    assert rig.hear(pubrec(again)) == [pubrel(again)]
    rig.hear(pubcomp(again))
    assert rig.told("delivered")[-1] == (again, 0)


def test_many_refusals_in_one_go():
    for kind, qos in ((0x40, 1), (0x50, 2)):
        rig = Rig5(qos2=True, inflight=40, outbox_size=4096)
        rig.up()
        pids = [sent(rig, qos, b"%d" % i) for i in range(40)]
        rig.hear(b"".join([ack5(kind, pid, 0x80 if i % 2 else 0x97) for i, pid in enumerate(pids)]))
        told = rig.told("delivered")
        assert [pid for pid, _ in told] == pids and rig.client.pending == 0
        assert [reason for _, reason in told] == [0x97, 0x80] * 20


def test_the_window_moves_on_after_a_refusal():
    rig = Rig5(inflight=1)
    rig.up()
    pids = [rig.client.publish("a", b"%d" % i, 1) for i in range(3)]
    rig.settle()
    got = payloads(rig.sent())
    for pid in pids:
        got += payloads(rig.hear(ack5(0x40, pid, 0x97)))
    assert got == [b"0", b"1", b"2"]


def test_a_pubcomp_that_knows_no_such_id_ends_the_exchange():
    """(3.7.2.1): 0x92, after a PUBREL sent again"""
    rig = Rig5(qos2=True, clean=False)
    rig.up()
    pid = sent(rig, 2)
    assert rig.hear(pubrec(pid)) == [pubrel(pid)]
    assert rig.again(True)[1:] == [pubrel(pid)]
    rig.hear(ack5(0x70, pid, 0x92, ("reason_string", "which?")))
    assert rig.told("delivered") == [(pid, 0)] and rig.client.pending == 0 and rig.client.connected


def test_a_pubrec_twice():
    """[MQTT-4.3.3-4] the broker may resend it after a reconnect: PUBREL again"""
    rig = Rig5(qos2=True)
    rig.up()
    pid = sent(rig, 2)
    assert rig.hear(pubrec(pid)) == [pubrel(pid)]
    assert rig.hear(pubrec(pid)) == [pubrel(pid)]


def test_an_acknowledgement_for_nothing_pending_is_a_protocol_error():
    """[MQTT-2.2.1-5]"""
    for raw in (puback(1), ack5(0x40, 1, 0x97), pubcomp(1), ack5(0x50, 1, 0x87), ack5(0x70, 1, 0)):
        rig = Rig5(qos2=True)
        rig.up()
        rig.violates(0x82, raw)
    for qos, kind in ((1, 0x50), (1, 0x70), (2, 0x40), (2, 0x70)):
        for code in (None, 0x97):
            rig = Rig5(qos2=True, clean=False)
            rig.up()
            pid = sent(rig, qos)
            rig.violates(0x82, ack5(kind, pid, code))
            assert payloads(rig.up(True)) == [b"x"], "not lost"


def test_refusals_in_the_wrong_state():
    """A PUBREC with a reason after PUBREL has no message to refuse."""
    rig = Rig5(qos2=True)
    rig.up()
    pid = sent(rig, 2)
    rig.hear(pubrec(pid))
    rig.violates(0x82, ack5(0x50, pid, 0x97))


def test_an_acknowledgement_with_id_0():
    for kind in (0x40, 0x50, 0x62, 0x70):
        rig = Rig5(qos2=True)
        rig.up()
        rig.violates(0x82, packet(kind, word(0)))


def test_wrong_flags_of_acknowledgements():
    """[MQTT-2.1.3-1] [MQTT-3.6.1-1]"""
    for first in (0x41, 0x48, 0x52, 0x60, 0x63, 0x72, 0xD1, 0x92, 0xB2, 0xE1, 0xF1):
        rig = Rig5(qos2=True)
        rig.up()
        pid = sent(rig, 2 if first > 0x50 else 1)
        error, last = rig.ends(packet(first, b"" if first in (0xD1, 0xE1, 0xF1) else word(pid)))
        assert last[-1][0] == 0xE0 and last[-1][2] in (0x81, 0x82), error


def test_packets_that_only_a_broker_receives():
    for raw in (packet(0x10), b"\xc0\0", packet(0x82, word(3) + b"\0\0\1a\0"), packet(0xA2, word(3) + b"\0\0\1a")):
        rig = Rig5(qos2=True)
        rig.up()
        error, last = rig.ends(raw)
        assert last[-1][0] == 0xE0 and last[-1][2] in (0x81, 0x82), error


def test_properties_of_acknowledgements_are_checked():
    """(3.4.2.2): reason string and user properties, nothing else"""
    for kind in (0x40, 0x50, 0x62, 0x70):
        for name in PROPERTIES:
            value = {"v": 1, "s": "x", "b": b"x", "p": ("a", "b")}.get(PROPERTIES[name][1], 1)
            rig = Rig5(qos2=True)
            rig.up()
            pid = 5
            if kind == 0x62:
                rig.hear(publish5("a", b"", 2, pid))
            else:
                pid = sent(rig, 1 if kind == 0x40 else 2)
                if kind == 0x70:
                    rig.hear(pubrec(pid))
            raw = ack5(kind, pid, 0, (name, value))
            if PROPERTIES[name][0] in PLACES["ack"]:
                rig.hear(raw)
                assert rig.client.connected
            else:
                rig.violates(0x82, raw)


def test_malformed_acknowledgements():
    for rest in (b"\0\1", b"\0\4\x1f\0\2a", b"\0\x80", b"\0\0\0", b"\0\x80\0", b"\x97\4\x1f\0\1\xff", b"\0\4\x26\0\1a"):
        for kind in (0x40, 0x50):
            rig = Rig5(qos2=True)
            rig.up()
            pid = sent(rig, 1 if kind == 0x40 else 2)
            rig.violates(0x81, packet(kind, word(pid) + rest))
    rig = Rig5()
    rig.up()
    pid = sent(rig, 1)
    rig.violates(0x82, ack5(0x40, pid, 0, ("reason_string", "a"), ("reason_string", "b")))
    for rest in (b"", b"\0"):
        rig = Rig5()
        rig.up()
        error, last = rig.ends(packet(0x40, rest))
        assert last[-1][0] == 0xE0, error


def test_refused_and_expired_and_delivered_keep_their_own_order():
    rig = Rig5(inflight=2, keepalive=0, ack_timeout_ms=0)
    rig.up()
    first, second = sent(rig, 1), sent(rig, 1)
    late = rig.client.publish("a", b"", 1, properties={"message_expiry_interval": 2})
    rig.run(5000)
    rig.hear(puback(first) + ack5(0x40, second, 0x87))
    assert rig.told("delivered") == [(late, -2), (first, 0), (second, 0x87)]


def test_publishing_within_on_delivered_of_a_refusal():
    made = []

    def again(pid, reason):
        if reason == 0x97 and len(made) < 3:
            made.append(rig.client.publish("a", b"%d" % len(made), 1))

    rig = Rig5(on_delivered=again)
    rig.up()
    raws = rig.hear(ack5(0x40, sent(rig, 1), 0x97))
    for i in range(3):
        assert payloads(raws) == [b"%d" % i]
        raws = rig.hear(ack5(0x40, fields5(raws[-1])[3], 0x97))
    assert raws == [] and rig.client.pending == 0


def test_on_delivered_that_raises_loses_no_other():
    told = []

    def bad(pid, reason):
        told.append((pid, reason))
        raise OSError("disk")

    rig = Rig5(on_delivered=bad)
    rig.up()
    pids = [sent(rig, 1) for _ in range(3)]
    rig.link.feed(*[ack5(0x40, pid, 0x97) for pid in pids])
    assert rig.raised(30) == 3
    assert told == [(pid, 0x97) for pid in pids]


def test_refusals_that_come_while_many_others_are_not_told_yet():
    """Never told as delivered: more than eight fates at once cost memory, not truth."""
    rig = Rig5(inflight=20, outbox_size=4096)
    rig.up(False, ("retain_available", 0))
    pids = [sent(rig, 1) for _ in range(16)]
    kept = [rig.client.publish("a", b"", 1, True) for _ in range(40)]
    rig.hear(b"".join([ack5(0x40, pid, 0x97) for pid in pids]))
    assert sorted(rig.told("delivered")) == sorted([(pid, 0x97) for pid in pids] + [(pid, 0x9A) for pid in kept])


def test_a_refusal_that_comes_while_disconnecting_is_told():
    rig = Rig5()
    rig.up()
    pids = [sent(rig, 1) for _ in range(3)]
    rig.link.later(50, b"".join([ack5(0x40, pid, 0x97) for pid in pids]))
    assert rig.client.disconnect() == 0
    assert rig.told("delivered") == [(pid, 0x97) for pid in pids] and rig.events[-1] == ("disconnect", None)


def test_due_ms_is_0_while_something_is_to_be_told():
    rig = Rig5()
    pids = [rig.client.publish("a", b"", 1, properties={"message_expiry_interval": 1}) for _ in range(3)]
    rig.clock.add(5000)
    rig.client.poll(0)
    for i in range(1, 3):
        assert rig.client.due_ms() == 0
        assert rig.client.poll(0)
        assert rig.told("delivered") == [(pid, -2) for pid in pids[: i + 1]]
    assert rig.client.due_ms() > 0
    rig = Rig5()
    rig.up(False, ("wildcard_subscription_available", 0))
    rig.client.subscribe("a/#")
    rig.client.subscribe("b/#")
    for text in ("a/#", "b/#"):
        assert rig.client.due_ms() == 0
        rig.client.poll(0)
        assert rig.told("subscribed")[-1] == (text, 0xA2)
