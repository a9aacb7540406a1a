"""MQTT 5: what a handler has to say with the acknowledgement of its message."""

import flash
from harness import raises
from harness5 import Rig5
from leanmqtt.journal import Client, Journal
from packets import packet, puback, pubcomp, pubrec, pubrel, word
from packets5 import ack5, acked5, auth5, connack5, publish5
from sources import pattern

REFUSALS = (0x80, 0x83, 0x87, 0x90, 0x97, 0x99)
WORDS = {"reason_string": "é", "user_property": [("a", "1"), ("a", "2")]}
STRING = ("reason_string", "é")


def pairs(given):
    """As they stand in the packet: in the order of the dict, which on MicroPython is any."""
    found = []
    for name in given:
        found += [(name, value) for value in (given[name] if name == "user_property" else [given[name]])]
    return found


PAIRS = pairs(WORDS)


def handling(say, *limits, **options):
    """A connected rig whose handler notes the message and calls say(rig, message); `answers`: what that gave."""
    rig = Rig5(qos2=True, clean=False, **options)
    rig.answers = []

    def take(m):
        rig.note(m)
        rig.answers.append(say(rig, m))

    rig.client.on_message = take
    rig.up(False, *limits)
    return rig


def answering(*args, **options):
    """One that acknowledges so."""
    limits = options.pop("limits", ())
    return handling(lambda rig, m: m.acknowledge(*args), *limits, **options)


def failing(*args):
    """One whose acknowledging is to fail; the words are in `answers`."""
    return handling(lambda rig, m: str(raises(ValueError, m.acknowledge, *args)))


def plain(qos, pid):
    return (puback, pubrec)[qos - 1](pid)


def kind(qos):
    return (0x40, 0x50)[qos - 1]


def test_refused_and_accepted_byte_for_byte():
    """[MQTT-3.4.2-1] [MQTT-3.5.2-1] (3.4.2.2)"""
    for qos in (1, 2):
        for code in REFUSALS:
            rig = answering(code)
            assert rig.hear(publish5("a", b"x", qos, 9)) == [packet(kind(qos), word(9) + bytes((code,)))]
            rig = answering(code, WORDS)
            assert rig.hear(publish5("a", b"x", qos, 9)) == [ack5(kind(qos), 9, code, *PAIRS)]
            assert rig.answers == [True] and rig.client.connected
        rig = answering(0, {"user_property": [("a", "1")]})
        assert rig.hear(publish5("a", b"x", qos, 9)) == [ack5(kind(qos), 9, 0, ("user_property", ("a", "1")))]
        for args in ((), (0,), (0, None), (0, {})):
            assert answering(*args).hear(publish5("a", b"x", qos, 9)) == [plain(qos, 9)]


def test_where_nothing_can_be_told_nothing_is():
    """QoS 0, and 3.1.1 after a fall back"""
    rig = answering(0x87, WORDS)
    assert rig.hear(publish5("a", b"x")) == [] and rig.answers == [False]
    assert rig.hear(publish5("a", b"x", 1, 5)) == [ack5(0x40, 5, 0x87, *PAIRS)]
    assert rig.hear(publish5("a", b"x")) == [], "of the one before nothing is left"
    rig = Rig5(version=(5, 4), on_message=lambda m: rig.events.append(m.acknowledge(0x87)))
    rig.dial()
    rig.link.feed(connack5(False, 0x84))
    rig.dial()
    rig.sent()
    assert puback(7) in rig.hear(b"\x20\2\0\0", packet(0x32, b"\0\1a" + word(7) + b"x"))
    assert rig.events[-1] is False


def test_reasons_that_a_client_may_not_give():
    """0x10, 0x91 are a server's; the rest are of other packets. The message is accepted then."""
    for qos in (1, 2):
        for code in (1, 0x10, 0x11, 0x7F, 0x81, 0x82, 0x91, 0x92, 0xA2, 0xFF, 256, -1, "x", None, 0x87 + 0.5):
            rig = failing(code)
            assert rig.hear(publish5("a", b"x", qos, 9)) == [plain(qos, 9)]
            assert "reason" in rig.answers[0]


def test_properties_that_an_acknowledgement_has_not():
    """(3.4.2.2)"""
    for given in (
        {"content_type": "x"}, {"topic_alias": 1}, {"message_expiry_interval": 5}, {"nonsense": 1},
        {"reason_string": 5}, {"reason_string": "a\0"}, {"user_property": {"a": "b"}}, {"user_property": [("a",)]},
    ):  # fmt: skip
        rig = failing(0x87, given)
        assert rig.hear(publish5("a", b"x", 1, 9)) == [puback(9)]
        assert list(given)[0] in rig.answers[0]


def test_a_message_is_acknowledged_within_its_handler_only():
    held = []
    rig = Rig5(on_message=held.append)
    rig.up()
    rig.hear(publish5("a", b"x", 1, 9))
    raises(RuntimeError, held[0].acknowledge, 0x87)
    raises(RuntimeError, held[0].acknowledge)


def test_of_several_handlers_the_last_that_says_something_counts():
    rig = Rig5()
    said = {}

    def handler(name):
        def take(m):
            if said.get(name):
                m.acknowledge(*said[name])

        return take

    for name in ("x/#", "x/+", "x/y"):
        rig.client.subscribe(name, 1, handler(name))
    rig.grant(rig.up())
    for say, expected in (
        ({"x/#": (0x87,)}, ack5(0x40, 9, 0x87)),
        ({"x/#": (0x87,), "x/y": (0x97, {"reason_string": "r"})}, ack5(0x40, 9, 0x97, ("reason_string", "r"))),
        ({"x/#": (0x87,), "x/+": (0,)}, puback(9)),
        ({}, puback(9)),
    ):
        said.clear()
        said.update(say)
        for identified in ((), [("subscription_identifier", n) for n in (1, 2, 3)]):
            assert rig.hear(publish5("x/y", b"1", 1, 9, properties=identified)) == [expected]


def test_a_handler_may_publish_first():
    """What is published there leaves at once, the acknowledgement when the handler has ended."""

    def say(rig, m):
        rig.client.publish("b", b"reply")
        rig.client.publish("c", b"r" * 500, 0)
        m.acknowledge(0x97)

    for qos in (1, 2):
        rig = handling(say)
        raws = rig.hear(publish5("a", b"x", qos, 9), publish5("a", b"", 0))
        assert raws[2] == packet(kind(qos), word(9) + b"\x97") and len(raws) == 5


def test_the_broker_s_maximum_packet_size_is_kept():
    """[MQTT-3.4.2-2] [MQTT-3.4.2-3] [MQTT-3.5.2-2] [MQTT-3.5.2-3]: user properties stay away first, then the string"""
    for qos in (1, 2):
        whole = ack5(kind(qos), 9, 0x87, *PAIRS)
        shorter = ack5(kind(qos), 9, 0x87, STRING)
        for most, expected in (
            (len(whole), whole), (len(whole) - 1, shorter), (len(shorter), shorter),
            (len(shorter) - 1, ack5(kind(qos), 9, 0x87)), (5, ack5(kind(qos), 9, 0x87)),
        ):  # fmt: skip
            rig = answering(0x87, WORDS, limits=(("maximum_packet_size", most),))
            assert rig.hear(publish5("a", b"x", qos, 9)) == [expected]
        rig = answering(0, {"user_property": [("a", "b" * 100)]}, limits=(("maximum_packet_size", 100),))
        assert rig.hear(publish5("a", b"x", qos, 9)) == [plain(qos, 9)], "accepted, and no more to say"
        rig = answering(0x87, {"reason_string": "r" * 100, "user_property": []}, limits=(("maximum_packet_size", 100),))
        assert rig.hear(publish5("a", b"x", qos, 9)) == [ack5(kind(qos), 9, 0x87)]


def test_a_long_one_is_sent_whole():
    """A length of three bytes, more than any buffer of the client."""
    given = {"reason_string": "r" * 20000, "user_property": [("n", "v" * 300)]}
    expected = ack5(0x40, 9, 0x99, *pairs(given))
    for grain in (0, 700):
        rig = answering(0x99, given)
        rig.link.grain = grain
        assert rig.hear(publish5("a", b"x", 1, 9), publish5("a", b"x", 0)) == [expected]


def by_number(rig, m):
    """Refuses some messages, says something with others, and keeps silent."""
    n = int(m.payload)
    if n % 3 == 1:
        m.acknowledge(0x97, {"reason_string": "%d" % n})
    elif n % 3 == 2:
        m.acknowledge(0, {"user_property": [("n", "%d" % n)]})


def expected(n, qos, pid):
    if n % 3 == 1:
        return ack5(kind(qos), pid, 0x97, ("reason_string", "%d" % n))
    if n % 3 == 2:
        return ack5(kind(qos), pid, 0, ("user_property", ("n", "%d" % n)))
    return plain(qos, pid)


def test_they_leave_in_the_order_of_the_messages():
    """[MQTT-4.6.0-2] [MQTT-4.6.0-3]: in any pieces, through a socket that takes some or nothing, with pings between"""
    moods = (0, 0, None), (1, 0, None), (0, 1, None), (7, 3, None), (0, 0, 30), (0, 0, 0), (50, 0, 59)
    for chunk, grain, room in moods:
        rig = handling(by_number, keepalive=10)
        rig.link.chunk, rig.link.grain, rig.link.room = chunk, grain, room
        rig.link.feed(b"".join([publish5("a", b"%d" % n, 1 + n % 2, 100 + n) for n in range(60)]))
        for _ in range(30):
            rig.client.poll(0)
        rig.clock.add(8000)
        rig.client.poll(0)
        rig.link.room = None
        rig.settle()
        raws = [raw for raw in rig.sent() if raw != b"\xc0\0"]
        assert raws == [expected(n, 1 + n % 2, 100 + n) for n in range(60)]
        assert rig.payloads() == [b"%d" % n for n in range(60)]


def test_releases_and_answers_to_authentication_pass():
    """[MQTT-4.3.3-11]: behind a refusal that cannot leave yet, the next packets wait; nothing is lost."""
    rig = answering(0x97, WORDS, auth=("m", lambda data: b"answer"))
    rig.hear(publish5("a", b"0", 2, 4))
    rig.link.room = 0
    method = ("authentication_method", "m")
    rig.link.feed(
        publish5("a", b"1", 1, 5),
        pubrel(4),
        auth5(0x18, method),
        publish5("a", b"2", 1, 6),
        pubrel(77),
        auth5(0x18, method),
    )
    for _ in range(20):
        rig.client.poll(0)
    rig.link.room = None
    rig.settle()
    raws = rig.sent()
    answers = [raw for raw in raws if raw[0] == 0xF0]
    assert len(answers) == 2
    refused = [ack5(0x40, pid, 0x97, *PAIRS) for pid in (5, 6)]
    assert [raw for raw in raws if raw[0] != 0xF0] == [refused[0], pubcomp(4), refused[1], pubcomp(77)]


def test_reauthenticating_in_a_handler_that_refuses():
    def say(rig, m):
        m.acknowledge(0x97)
        rig.client.v5.reauthenticate(b"new")

    rig = handling(say, auth=("m", lambda data: b"d"))
    raws = rig.hear(publish5("a", b"1", 1, 5))
    assert sorted([raw[0] for raw in raws]) == [0x40, 0xF0]


def test_after_a_refusal_the_id_is_that_of_a_new_message():
    """[MQTT-4.3.3-9]; [MQTT-4.3.3-10] where it was accepted, whatever else was said"""
    rig = answering(0x97)
    for dup in (False, True):
        assert rig.hear(publish5("a", b"%d" % dup, 2, 9, dup=dup)) == [ack5(0x50, 9, 0x97)]
    assert rig.payloads() == [b"0", b"1"]
    rig = answering(0, WORDS)
    assert rig.hear(publish5("a", b"0", 2, 9)) == [ack5(0x50, 9, 0, *PAIRS)]
    assert rig.hear(publish5("a", b"0", 2, 9, dup=True)) == [pubrec(9)]
    assert rig.hear(pubrel(9)) == [pubcomp(9)] and rig.payloads() == [b"0"]


def test_after_a_reset_the_id_is_that_of_a_new_message_too():
    """With a journal: that it was received is on flash before anything leaves, and so what the handler publishes; that
    it was refused is to be there as well."""

    def say(rig, m):
        rig.client.publish("b", b"seen")
        m.acknowledge(0x97)

    name = flash.path()
    rig = handling(say, make=Client, journal=Journal(name))
    assert rig.hear(publish5("a", b"0", 2, 9))[-1] == ack5(0x50, 9, 0x97)
    rig = Rig5(qos2=True, clean=False, make=Client, journal=Journal(name))
    rig.up(True)
    assert rig.hear(publish5("a", b"1", 2, 9))[-1] == pubrec(9) and rig.payloads() == [b"1"]


def test_ids_of_refused_messages_take_no_room():
    """64 are held, of messages that were accepted and not released."""
    rig = answering(0x97)
    for pid in range(1, 200):
        assert rig.hear(publish5("a", b"", 2, pid)) == [ack5(0x50, pid, 0x97)]
    assert rig.client.connected and rig.client._session.qos2.used == 0


def test_a_refusal_that_was_lost_with_its_connection_is_said_again():
    """[MQTT-4.4.0-1]: the broker sends the message again, and it is a new one to the handler."""
    for qos in (1, 2):
        for room in (0, 3):
            rig = answering(0x97, WORDS)
            rig.link.room = room
            rig.link.feed(publish5("a", b"x", qos, 9))
            for _ in range(5):
                rig.client.poll(0)
            assert rig.payloads() == [b"x"]
            rig.lose()
            rig.link.room = None
            raws = rig.up(True)
            assert [raw[0] for raw in raws] == [0x10], "nothing of it is left"
            assert rig.hear(publish5("a", b"x", qos, 9, dup=True)) == [ack5(kind(qos), 9, 0x97, *PAIRS)]
            assert rig.payloads() == [b"x", b"x"]


def test_an_acceptance_that_was_lost_is_said_again_without_a_second_delivery():
    """[MQTT-4.3.3-10]"""
    rig = answering(0, WORDS)
    rig.link.room = 0
    rig.link.feed(publish5("a", b"x", 2, 9))
    for _ in range(5):
        rig.client.poll(0)
    rig.lose()
    rig.link.room = None
    rig.up(True)
    assert rig.hear(publish5("a", b"x", 2, 9, dup=True)) == [pubrec(9)]
    assert rig.payloads() == [b"x"]


def raising(codes):
    def say(rig, m):
        m.acknowledge(*codes)
        raise OSError("disk")

    return say


def test_a_handler_that_raises_has_had_its_say():
    """The others still see the message; then it is acknowledged, once."""
    for name in ("x/#", "x/y", None):
        for codes in ((), (0x97,)):
            rig = handling(raising(codes))
            for text in ("x/#", "x/y") if name else ():
                rig.subscribe(text, 1, rig.client.on_message if text == name else rig.noter("good"))
            rig.sent()
            rig.link.feed(publish5("x/y", b"1", 1, 9), publish5("other", b"2", 0))
            assert rig.raised() == 2 and len(rig.payloads("good")) == (1 if name else 0)
            assert rig.sent() == [ack5(0x40, 9, 0x97) if codes else puback(9)]


def test_who_sees_the_message_after_an_exception_has_a_say_too():
    rig = handling(raising((0x80,)))
    rig.subscribe("x/#", 1, rig.client.on_message)
    rig.subscribe("x/y", 1, lambda m: m.acknowledge(0x97))
    rig.link.feed(publish5("x/y", b"1", 1, 9))
    raises(OSError, lambda: [rig.client.poll(0) for _ in range(5)])
    rig.settle()
    assert rig.sent() == [ack5(0x40, 9, 0x97)]


def test_nothing_is_owed_to_a_connection_that_is_gone():
    """A handler raised, and the connection ended before the others had seen the message."""
    rig = Rig5(clean=False)

    def bad(m):
        m.acknowledge(0x97)
        raise OSError("disk")

    rig.client.subscribe("x/#", 1, bad)
    rig.client.subscribe("x/y", 1, rig.noter("good"))
    rig.grant(rig.up())
    rig.link.feed(publish5("x/y", b"1", 1, 9))
    raises(OSError, lambda: [rig.client.poll(0) for _ in range(5)])
    rig.client._shut(1, 0)  # as a client for asyncio does that is aborted
    assert [raw[0] for raw in rig.up(True)] == [0x10]
    assert rig.hear(publish5("other", b"2", 0)) == [] and rig.payloads("good") == [b"1"]


def test_disconnecting_in_the_handler_that_refuses():
    """The refusal leaves before DISCONNECT [MQTT-3.14.4-1]."""

    def say(rig, m):
        m.acknowledge(0x97, WORDS)
        rig.client.disconnect()

    rig = handling(say)
    raws = rig.hear(publish5("a", b"x", 1, 9))
    assert raws == [ack5(0x40, 9, 0x97, *PAIRS), b"\xe0\0"] and rig.told("disconnect") == [(None,)]


def in_chunk(where):
    def say(rig, m):
        if where == "first" and not m.offset or where == "last" and m.offset + m.payload_len == m.total:
            return m.acknowledge(0x97, WORDS)

    return say


def test_a_stream_is_refused_in_any_of_its_chunks():
    data = pattern(1000)
    for qos in (0, 1, 2):
        for where in ("first", "last", "none"):
            rig = handling(in_chunk(where), rx_size=64)
            rig.subscribe("big", 2, rig.client.on_message, stream=True)
            rig.sent()
            raws = rig.hear(publish5("big", data, qos, 9 if qos else None))
            assert b"".join(rig.payloads()) == data
            said = [answer for answer in rig.answers if answer is not None]
            assert said == ([] if where == "none" else [qos > 0])
            if qos:
                assert raws == [plain(qos, 9) if where == "none" else ack5(kind(qos), 9, 0x97, *PAIRS)]
                assert rig.hear(publish5("big", b"y", 1, 10))[-1][0] == 0x40
            else:
                assert raws == []


def test_a_stream_cut_off_takes_its_refusal_with_it():
    rig = Rig5(qos2=True, rx_size=64, clean=False)
    say = [0x97]
    rig.client.subscribe("big", 2, lambda m: say and m.acknowledge(say[0]), stream=True)
    rig.grant(rig.up())
    rig.sent()
    rig.hear(publish5("big", pattern(1000), 1, 9)[:500])
    say.clear()
    rig.again(True)
    assert rig.hear(publish5("big", b"y", 1, 10)) == [puback(10)]
    assert rig.hear(publish5("big", pattern(1000), 1, 9, dup=True)) == [puback(9)]


def test_one_that_is_taken_apart():
    """packets5.acked5 itself."""
    assert acked5(ack5(0x50, 700, 0x97, *PAIRS))[:3] == (0x50, 700, 0x97)
    assert acked5(puback(3)) == (0x40, 3, 0, [])
