"""MQTT 5: what the application is told with an acknowledgement of the broker: reason, string, properties, words."""

from harness import raises
from harness5 import Rig5
from packets import packet_id, pubcomp, puback, pubrec
from packets5 import ack5, connack5, disconnect5, publish5, suback5, unsuback5

WORDS = (("user_property", ("a", "1")), ("reason_string", "é"), ("user_property", ("a", "2")))
FOUND = {"user_property": [("a", "1"), ("a", "2")], "reason_string": "é"}


def reporting(**options):
    """A connected rig; `seen` on it gets (callback, what it was given, reason, string, properties)."""
    seen = []

    def note(name):
        def told(*args):
            five = rig.client.v5
            seen.append((name, args[-1], five.reason, five.reason_string, five.properties))

        return told

    for name in ("delivered", "subscribed", "unsubscribed", "connect", "disconnect"):
        options["on_" + name] = note(name)
    rig = Rig5(qos2=True, keepalive=0, ack_timeout_ms=0, **options)
    rig.seen_there = seen
    rig.up()
    del seen[:]
    return rig


def sent(rig, qos):
    pid = rig.publish("a", b"x", qos=qos)
    rig.sent()
    return pid


def asked(rig, call, *args):
    call(*args)
    rig.settle()
    return packet_id(rig.sent()[-1])


def test_an_acknowledgement_comes_with_all_it_says():
    """(3.4.2.2) (3.5.2.2) (3.7.2.2) (3.9.2.1) (3.11.2.1)"""
    rig = reporting()
    rig.hear(ack5(0x40, sent(rig, 1), 0x10, *WORDS))
    rig.hear(ack5(0x40, sent(rig, 1), 0x97, *WORDS))
    rig.hear(ack5(0x50, sent(rig, 2), 0x87, *WORDS))
    pid = sent(rig, 2)
    rig.hear(ack5(0x50, pid, 0x10, ("reason_string", "of PUBREC")))
    rig.hear(ack5(0x70, pid, 0, *WORDS))
    for code in (1, 0x87):
        rig.hear(suback5(asked(rig, rig.client.subscribe, "f"), code, *WORDS))
    for code in (0x87, 0x11):
        rig.hear(unsuback5(asked(rig, rig.client.unsubscribe, "f"), code, *WORDS))
    codes = (
        ("delivered", 0, 0x10), ("delivered", 0x97, 0x97), ("delivered", 0x87, 0x87), ("delivered", 0, 0),
        ("subscribed", 1, 1), ("subscribed", 0x87, 0x87), ("unsubscribed", 0x87, 0x87), ("unsubscribed", 0x11, 0x11),
    )  # fmt: skip
    assert rig.seen_there == [code + ("é", FOUND) for code in codes]


def test_each_of_many_in_one_go_has_its_own():
    for kind, qos in ((0x40, 1), (0x50, 2)):
        rig = reporting(inflight=40, outbox_size=4096)
        pids = [sent(rig, qos) for _ in range(40)]
        rig.hear(b"".join([ack5(kind, pid, 0x97, ("reason_string", "%d" % pid)) for pid in pids]))
        assert [entry[3] for entry in rig.seen_there] == ["%d" % pid for pid in pids]


def test_one_that_says_nothing_leaves_nothing_of_the_one_before():
    """In every form that says nothing: nothing of the one before is told again."""
    for code in (None, 0, 0x10, 0x97):
        for form in ((), (("user_property", ("a", "b")),)):
            if code is None and form:
                continue
            rig = reporting()
            rig.hear(ack5(0x40, sent(rig, 1), 0x80, *WORDS), ack5(0x40, sent(rig, 1), code, *form))
            assert rig.seen_there[0][2:] == (0x80, "é", FOUND)
            assert rig.seen_there[1][2:] == (code or 0, "", {"user_property": [("a", "b")]} if form else {})
    rig = reporting()
    rig.hear(suback5(asked(rig, rig.client.subscribe, "f"), 1, *WORDS))
    pid = asked(rig, rig.client.unsubscribe, "f")
    rig.hear(unsuback5(pid, 0))
    assert rig.seen_there[1] == ("unsubscribed", 0, 0, "", {})


def test_a_message_that_came_before_is_not_taken_for_what_an_acknowledgement_says():
    rig = reporting()
    pid = sent(rig, 1)
    rig.hear(publish5("t", b"x", properties=(("content_type", "t"),)), puback(pid))
    assert rig.seen_there == [("delivered", 0, 0, "", {})]


def test_what_did_not_end_by_an_acknowledgement_has_none():
    """Expired, dropped, too much for this broker, a filter not asked for; each right behind one that had words."""
    limits = (("retain_available", 0), ("wildcard_subscription_available", 0))
    rig = reporting()
    rig.again(False, *limits)
    pids = [sent(rig, 1) for _ in range(3)]
    rig.client.on_delivered, told = rig.client.on_delivered, rig.client.on_delivered

    def more(pid, reason):
        told(pid, reason)
        if pid == pids[0]:
            rig.client.publish("a", b"", 1, True)
        elif pid == pids[1]:
            rig.client.subscribe("w/#")

    rig.client.on_delivered = more
    del rig.seen_there[:]
    rig.hear(b"".join([ack5(0x40, pid, 0x97, *WORDS) for pid in pids]))
    whole = [entry for entry in rig.seen_there if entry[4]]
    assert whole == [("delivered", 0x97, 0x97, "é", FOUND)] * 3
    others = [entry for entry in rig.seen_there if not entry[4]]
    assert sorted(others) == [("delivered", 0x9A, 0, "", {}), ("subscribed", 0xA2, 0, "", {})]
    rig = reporting(outbox_size=200, inflight=1)
    pid = sent(rig, 1)
    for n in range(12):
        rig.client.publish("a", b"y" * 30, 1, properties={"message_expiry_interval": 2} if n == 11 else None)
    rig.link.feed(ack5(0x40, pid, 0x97, *WORDS))
    rig.link.room = 0
    rig.run(5000)
    assert {-1, -2, 0x97} == {entry[1] for entry in rig.seen_there}
    for entry in rig.seen_there:
        assert entry[2:] == ((0x97, "é", FOUND) if entry[1] > 0 else (0, "", {}))


def test_callbacks_of_the_connection_have_no_acknowledgement():
    rig = reporting(reconnect=True)
    rig.link.feed(ack5(0x40, sent(rig, 1), 0x97, *WORDS))
    rig.link.end = 0
    rig.up()
    kinds = [(entry[0], entry[2], entry[4]) for entry in rig.seen_there]
    assert kinds == [("delivered", 0x97, FOUND), ("disconnect", 0, {}), ("connect", 0, {})]
    rig.link.feed(ack5(0x40, sent(rig, 1), 0x97, *WORDS))
    rig.client.disconnect()
    assert rig.seen_there[-1] == ("disconnect", None, 0, "", {})


def test_outside_of_the_callbacks_the_reason_string_is_of_the_connection():
    """Of the last CONNACK, AUTH or DISCONNECT; an acknowledgement's is gone."""
    rig = Rig5()
    rig.dial()
    rig.link.feed(connack5(False, 0, ("reason_string", "welcome")))
    rig.settle()
    assert rig.client.v5.reason_string == "welcome"
    rig.hear(ack5(0x40, sent(rig, 1), 0x97, *WORDS))
    five = rig.client.v5
    assert (five.reason, five.reason_string, five.properties) == (0, "welcome", {})
    rig.ends(disconnect5(0x8B, ("reason_string", "bye")))
    assert five.reason_string == "bye"


def test_a_callback_that_raises_ends_the_report():
    rig = Rig5(on_delivered=lambda pid, reason: 1 // 0)
    rig.up()
    rig.link.feed(ack5(0x40, sent(rig, 1), 0x97, *WORDS))
    raises(ZeroDivisionError, lambda: [rig.client.poll(0) for _ in range(5)])
    assert rig.client.v5.properties == {} and rig.client.v5.reason == 0


def test_what_a_callback_does_changes_nothing_of_what_it_may_read():
    seen = []

    def told(pid, reason):
        if reason:
            rig.client.publish("a", b"z" * 300, 1, False, {"content_type": "t", "user_property": [("x", "y")]})
            rig.client.publish("r", b"", 0, True)
            rig.client.subscribe("g/#", properties={"user_property": [("p", "q")]})
            seen.append((rig.client.v5.reason, rig.client.v5.properties))

    rig = Rig5(on_delivered=told)
    rig.up(False, ("retain_available", 0))
    rig.hear(ack5(0x40, sent(rig, 1), 0x97, *WORDS))
    assert seen == [(0x97, FOUND)]


def test_nothing_is_read_unless_it_is_asked_for():
    read = []
    rig = Rig5(on_delivered=lambda pid, reason: None)
    rig.up()
    rig.hear(ack5(0x40, sent(rig, 1), 0x97, *WORDS), ack5(0x40, sent(rig, 1), 0, *WORDS))
    assert not rig.client._session.heeded and read == []
    rig.client.on_delivered = lambda pid, reason: read.append(rig.client.v5.properties)
    rig.hear(ack5(0x40, sent(rig, 1), 0, *WORDS))
    assert rig.client._session.heeded and read == [FOUND]


def test_a_pubcomp_for_an_id_that_is_not_known_is_delivered_and_its_reason_can_be_read():
    """(3.7.2.1)"""
    rig = reporting(clean=False)
    pid = sent(rig, 2)
    rig.hear(pubrec(pid))
    rig.hear(ack5(0x70, pid, 0x92, *WORDS))
    assert rig.seen_there == [("delivered", 0, 0x92, "é", FOUND)]


def test_after_a_fall_back_to_3_1_1_there_are_no_reasons():
    rig = reporting(version=(5, 4), clean=True)
    rig.hear(ack5(0x40, sent(rig, 1), 0x97, *WORDS))
    rig.lose()
    rig.dial()
    rig.link.feed(connack5(False, 0x84))
    rig.dial()
    rig.link.feed(b"\x20\2\0\0")
    rig.settle()
    del rig.seen_there[:]
    rig.hear(puback(sent(rig, 1)))
    pid = sent(rig, 2)
    rig.hear(pubrec(pid))
    rig.hear(pubcomp(pid))
    assert rig.seen_there == [("delivered", 0, 0, "", {})] * 2


def test_reasons_in_words():
    rig = Rig5()
    words = rig.client.v5.words
    assert words(0x97) == "a quota is exceeded (0x97)"
    assert words(0x10) == "accepted, but nobody has subscribed to it (0x10)"
    assert "full" in words(-1) and "expired" in words(-2)
    assert words(0x7F) == "an unknown reason (0x7f)"
