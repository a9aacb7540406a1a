"""MQTT 5: version=(5, 4), which falls back to 3.1.1 where the broker refuses 5, and nowhere else."""

from harness import published, raises, subscribed
from harness5 import Rig5
from leanmqtt import MQTTError, Will
from packets import DISCONNECT, SUBSCRIBE, connack, connect, fields, only, packet, packet_id, puback, pubcomp, publish
from packets import pubrec, pubrel, suback, unsuback
from packets5 import connack5, hello, publish5

OLD = connack(code=1)  # a broker of 3.1.1: unacceptable protocol version
NEW = connack5(False, 0x84)  # one that knows of MQTT 5


def fallen(**options):
    """A rig with version=(5, 4) whose broker refused 5 and took 3.1.1; and the packets of that connection."""
    refusal = options.pop("refusal", OLD)
    before = options.pop("make_before", None)
    options.setdefault("version", (5, 4))
    rig = Rig5(**options)
    if before:
        before(rig)
    rig.dial()
    assert hello(rig.sent()[0])
    rig.link.feed(refusal)
    rig.dial()
    rig.link.feed(connack())
    rig.settle()
    assert rig.client.connected
    return rig, rig.sent()


def mute(rig, silent=False):
    """The broker closes without a word, or says none for as long as it may take."""
    if silent:
        rig.run(10_050)
    else:
        rig.lose()


def test_both_kinds_of_refusal():
    for refusal in (OLD, NEW, connack5(False, 0x84, ("reason_string", "old"))):
        rig, raws = fallen(refusal=refusal)
        assert raws == [connect("rig")]
        assert rig.told("disconnect") == [] and rig.told("connect") == [(False,)]
        assert rig.client.v5.version == 4 and rig.clock.now - 5000 < 1000


def test_connect_falls_back_within_its_time():
    for refusal in (OLD, NEW):
        rig = Rig5(version=(5, 4))
        rig.link.later(50, refusal)
        rig.link.later(150, connack())
        rig.client.connect()
        assert rig.client.connected and len(rig.link.opens) == 2


def test_it_stays_with_3_1_1():
    rig, _ = fallen()
    for _ in range(3):
        rig.lose()
        rig.dial()
        (raw,) = rig.sent()
        assert raw == connect("rig")
        rig.link.feed(connack())
        rig.settle()
    rig.lose()
    for n in range(5, 8):
        rig.dial()
        assert rig.sent() == [connect("rig")]
        mute(rig)
        assert len(rig.told("disconnect")) == n


def test_not_on_other_refusals():
    """3.1.1 and 5 alike"""
    for refusal in [connack(code=code) for code in (2, 3, 4, 5)] + [
        connack5(False, code) for code in (0x80, 0x81, 0x82, 0x85, 0x86, 0x87, 0x88, 0x8C)
    ]:
        rig = Rig5(version=(5, 4), backoff_ms=(1, 1))
        rig.dial()
        rig.sent()
        rig.ends(refusal)
        rig.dial()
        assert hello(rig.sent()[0])
        assert rig.client.v5.version == 5


def test_not_unless_it_was_asked_for():
    for refusal in (OLD, NEW):
        rig = Rig5(version=5)
        rig.link.later(50, refusal)
        text = str(raises(MQTTError, rig.client.connect))
        assert "it does not speak MQTT 5: version=4" in text, text
        rig.client.start()
        rig.started = True
        rig.seen = 1
        rig.dial()
        assert hello(rig.sent()[0])


def question(rig):
    """The CONNECT just written is that of a question: 3.1.1, and under no name."""
    assert rig.sent() == [connect("")]


def asked(silent=False, answer=OLD, **options):
    """A rig whose broker was mute at a CONNECT of 5 and answered the question."""
    rig = Rig5(version=(5, 4), **options)
    rig.dial()
    assert hello(rig.sent()[0])
    mute(rig, silent)
    rig.dial()
    question(rig)
    rig.link.feed(answer)
    rig.dial()
    assert hello(rig.sent()[0])
    assert rig.events == []
    return rig


def test_a_broker_that_answers_3_1_1_alone_refuses_5():
    for silent in (False, True):
        for answer in [connack(code=code) for code in (0, 2, 3, 4, 5)]:
            rig = asked(silent, answer, clean=False)
            mute(rig, silent)
            rig.dial()
            assert rig.sent() == [connect("rig", clean=False)]
            rig.link.feed(connack(True))
            rig.settle()
            assert rig.events == [("connect", True)] and rig.client.v5.version == 4
            rig.lose()
            rig.dial()
            assert rig.sent() == [connect("rig", clean=False)]


def test_the_question_has_account_and_keepalive_and_nothing_else():
    rig = Rig5(version=(5, 4), user="u", password="p", keepalive=9, clean=False, will=Will("w", "gone", 1))
    rig.dial()
    mute(rig)
    rig.dial()
    assert rig.sent() == [connect("", 9, True, "u", "p")]


def test_a_broker_that_was_mute_for_a_moment_is_spoken_5_with():
    """It restarted, perhaps: what it said of 3.1.1 it says of 5 as well."""
    rig = asked()
    rig.link.feed(connack5())
    rig.settle()
    assert rig.events == [("connect", False)] and rig.client.v5.version == 5
    rig.client.disconnect()
    rig.client.start()
    rig.dial()
    assert hello(rig.sent()[0])
    mute(rig)  # and the next time all is asked anew
    rig.dial()
    question(rig)


def test_a_broker_that_refuses_something_else_when_asked_again():
    rig = asked(backoff_ms=(1, 1))
    error, _ = rig.ends(connack5(False, 0x87))
    assert "0x87" in error
    rig.dial()
    assert hello(rig.sent()[0])
    mute(rig)
    rig.dial()
    question(rig)


def test_a_broker_that_is_mute_in_both_is_down():
    """As behind a proxy: told once for each pair, and never taken for one of 3.1.1."""
    for silent in (False, True):
        rig = Rig5(version=(5, 4), backoff_ms=(1, 1))
        for n in range(4):
            rig.dial()
            assert hello(rig.sent()[0])
            mute(rig, silent)
            rig.dial()
            question(rig)
            assert len(rig.told("disconnect")) == n
            mute(rig, silent)
            assert len(rig.told("disconnect")) == n + 1
        rig.up()
        assert rig.client.v5.version == 5


def test_a_link_that_breaks_before_connect_has_left_says_nothing_of_the_broker():
    rig = Rig5(version=(5, 4), backoff_ms=(1, 1))
    rig.link.room = 5
    rig.start()
    rig.until(lambda: len(rig.link.stream) == 5)
    rig.lose()
    assert len(rig.told("disconnect")) == 1
    rig.link.room = None
    rig.dial()
    assert hello(rig.sent()[0])


def test_where_no_connection_comes_about_nothing_is_learnt():
    """The question meets a port that is closed, by then."""
    rig = Rig5(version=(5, 4), backoff_ms=(1, 1))
    rig.dial()
    rig.sent()
    rig.link.refuse = OSError(111)
    mute(rig)
    rig.until(lambda: rig.told("disconnect"))
    rig.link.refuse = None
    rig.dial()
    assert hello(rig.sent()[0])


def test_who_wants_5_alone_or_3_1_1_is_asked_nothing():
    for version in (5, 4):
        rig = Rig5(version=version, backoff_ms=(1, 1))
        rig.dial()
        (first,) = rig.sent()
        mute(rig)
        assert len(rig.told("disconnect")) == 1
        rig.dial()
        assert rig.sent() == [first]


def test_connect_tries_all_of_it():
    for silent in (False, True):
        rig = Rig5(version=(5, 4), reconnect=False)

        def broker(data, rig=rig, silent=silent):
            if data[8] == 4:
                rig.link.feed(connack())
            elif not silent:
                rig.link.end = 0

        rig.link.answer = broker
        rig.client.connect(30_000)
        assert rig.client.connected and rig.client.v5.version == 4 and len(rig.link.opens) == 4
        assert 20_000 <= rig.clock.now - 5000 < 21_000 if silent else rig.clock.now - 5000 < 1000


def test_a_good_broker_is_spoken_5_with():
    rig = Rig5(version=(5, 4))
    (raw,) = rig.up()
    assert hello(raw) and rig.client.v5.version == 5
    pairs = (("content_type", "t"),)
    assert rig.out("a", b"x", properties=dict(pairs)) == [publish5("a", b"x", properties=pairs)]


def test_what_was_queued_goes_without_its_properties():
    """All lengths: of records that get a shorter length field, too."""
    given = {"message_expiry_interval": 1000, "content_type": "text", "user_property": [("a", "b" * 40)]}
    for refusal in (OLD, NEW):
        expected = []

        def queue(rig, expected=expected):
            for i, n in enumerate((0, 1, 50, 70, 100, 124, 125, 126, 127, 128, 200, 300)):
                for properties in (None, given, {"correlation_data": b"z" * (n + 100)}):
                    qos = i % 3
                    pid = rig.client.publish("t/%d" % i, b"p" * n, qos, bool(n & 1), properties=properties)
                    expected.append(publish("t/%d" % i, b"p" * n, qos, pid or None, bool(n & 1)))

        rig, raws = fallen(refusal=refusal, qos2=True, outbox_size=20000, inflight=60, make_before=queue)
        assert only(raws, 0x30) == expected
        for raw in expected:
            pid = fields(raw)[3]
            if raw[0] & 2:
                rig.hear(puback(pid))
            elif raw[0] & 4:
                assert rig.hear(pubrec(pid)) == [pubrel(pid)]
                rig.hear(pubcomp(pid))
        assert rig.client.pending == 0


def test_the_room_of_the_outbox_is_right_afterwards():
    """What is put in after it, around the end of the room, goes out as it was given."""
    given = {"user_property": [("a", "b" * 40)]}

    def queue(rig):
        for i in range(3):
            rig.client.publish("t", b"%d" % i, 1, properties=given)

    for birth in (None, Will("b", "hello", 1, properties=given)):
        rig, raws = fallen(outbox_size=400, inflight=3, make_before=queue, birth=birth)
        raws = only(raws, 0x30)
        assert published(raws) == ([b"hello"] if birth else []) + [b"0", b"1", b"2"][: 2 if birth else 3]
        done = []
        for i in range(300):
            rig.client.publish("t", b"n%d" % i + b"." * (i * 7 % 50), 1, properties=given)
            raws = only(rig.hear(*[puback(fields(raw)[3]) for raw in raws]), 0x30)
            for raw in raws:
                assert raw == publish("t", fields(raw)[1], 1, fields(raw)[3])
            done += published(raws)
        made = [b"n%d" % i + b"." * (i * 7 % 50) for i in range(300)]
        assert [payload for payload in done if payload[:1] == b"n"] == made[: len([p for p in done if p[:1] == b"n"])]
        assert len(done) > 250


def test_the_birth_message_too():
    given = {"content_type": "text", "message_expiry_interval": 70000, "user_property": [("n", "v" * 130)]}
    for qos in (0, 1):
        for payload in ("hello", "h" * 200):
            rig, raws = fallen(
                birth=Will("b/é", payload, qos, True, given),
                make_before=lambda rig: rig.client.publish("a", b"1", 1, properties=given),
            )
            first, second = raws[1:]
            pid = fields(first)[3]
            assert first == publish("b/é", payload, qos, pid, True)
            assert second == publish("a", b"1", 1, fields(second)[3])
            assert pid != fields(second)[3]
            if qos:
                rig.hear(puback(pid))
                assert rig.told("delivered") == []
            rig.hear(puback(fields(second)[3]))
            assert rig.client.pending == 0
            for _ in range(3):
                rig.lose()
                rig.dial()
                rig.link.feed(connack())
                rig.settle()
                (raw,) = rig.sent()[1:]
                assert raw == publish("b/é", payload, qos, fields(raw)[3], True)
                if qos:
                    rig.hear(puback(fields(raw)[3]))


def test_the_will_goes_without_its_properties():
    rig, raws = fallen(will=Will("w", "bye", 1, True, {"will_delay_interval": 5}), user="u", password="p", keepalive=9)
    assert raws == [connect("rig", 9, True, "u", "p", ("w", b"bye", 1, True))]


def test_publish_afterwards():
    """Properties are let go of, the message goes."""
    rig, _ = fallen()
    for n in (0, 1, 60, 64, 65, 100, 124, 125, 126, 130, 1000):
        pid = rig.publish("a/b", b"x" * n, qos=1, properties={"content_type": "t" * n, "message_expiry_interval": 9})
        assert rig.sent() == [publish("a/b", b"x" * n, 1, pid)]
        rig.hear(puback(pid))
        assert rig.out("a/b", b"x" * n) == [publish("a/b", b"x" * n)]
    raises(ValueError, rig.client.publish, "a", b"", 1, properties={"content_type": 5})


def test_subscriptions_afterwards():
    def before(rig):
        rig.client.subscribe("x/+", 1, rig.noter("a"), no_local=True, retain_handling=2)
        rig.client.subscribe("b", 0, properties={"user_property": [("a", "b")]})

    rig, raws = fallen(make_before=before)
    assert subscribed(raws) == [(b"x/+", 1), (b"b", 0)]
    for raw in only(raws, SUBSCRIBE):
        rig.hear(suback(packet_id(raw), 1))
    assert rig.told("subscribed") == [("x/+", 1), ("b", 1)]
    rig.hear(publish("x/y", b"1", 1, 5))
    rig.hear(publish("z", b"\x05\1\2\3\4\5"))
    assert rig.payloads("a") == [b"1"] and rig.payloads() == [b"\x05\1\2\3\4\5"]
    assert [told[5] for told in rig.told("a") + rig.told("message")] == [{}, {}]
    rig.client.unsubscribe("b")
    rig.settle()
    (raw,) = rig.sent()
    assert raw == packet(0xA2, raw[2:4] + b"\0\1b")
    rig.hear(unsuback(packet_id(raw)))
    assert rig.client.connected


def test_a_session_of_3_1_1():
    rig, raws = fallen(clean=False)
    assert raws == [connect("rig", clean=False)]
    pid = rig.publish("a", b"x", qos=1)
    rig.lose()
    rig.dial()
    rig.link.feed(connack(True))
    rig.settle()
    assert rig.sent()[1:] == [publish("a", b"x", 1, pid, dup=True)]
    assert rig.client.session_present


def test_disconnect_of_3_1_1():
    for options in ({}, {"properties": {"reason_string": "x"}}, {"will": True}):
        rig, _ = fallen(clean=False)
        rig.client.disconnect(**options)
        assert bytes(rig.link.stream).endswith(DISCONNECT) and not rig.link.is_open


def test_faults_of_3_1_1_send_no_disconnect():
    """3.1.1 has no reason codes: its DISCONNECT is of two bytes, and means all is well."""
    rig, _ = fallen()
    error, last = rig.ends(b"\x82\0")
    assert last == [], error


def test_expiry_afterwards():
    """A message that waited is not held back by an expiry which the broker would not know."""
    rig, _ = fallen(make_before=lambda rig: rig.client.publish("a", b"1", 1, properties={"message_expiry_interval": 5}))
    rig.lose()
    rig.client.publish("a", b"2", 1, properties={"message_expiry_interval": 5})
    rig.run(300)
    rig.dial()
    rig.link.feed(connack())
    rig.settle()
    assert published(rig.sent()) == [b"1", b"2"]


def test_payloads_that_look_like_an_expiry_stay_as_they_are():
    """What was the place of the properties is payload now, and is not counted down."""
    looks = b"\x05\2\0\0\0\5rest"
    given = {"message_expiry_interval": 500}

    def before(rig):
        rig.client.publish("a", looks, 1, properties=given)
        rig.client.publish("a", looks, 1)

    rig, raws = fallen(make_before=before)
    rig.client.publish("b", looks, 1, properties=given)
    rig.settle()
    raws += rig.sent()
    assert published(raws) == [looks] * 3
    rig.lose()
    rig.client.publish("c", looks, 1, properties=given)
    rig.clock.add(20_000)
    rig.client.poll(0)
    rig.clock.add(20_000)
    rig.dial()
    rig.link.feed(connack())
    rig.settle()
    assert published(rig.sent()) == [looks] * 4
    assert rig.told("delivered") == []


def test_acknowledgements_of_3_1_1_only():
    rig, _ = fallen(qos2=True)
    pid = rig.publish("a", b"x", qos=1)
    rig.sent()
    error, last = rig.ends(packet(0x40, bytes((pid >> 8, pid & 255, 0))))
    assert last == []
