"""MQTT 5: PUBLISH from the client and what its properties may be."""

from harness import raises
from harness5 import Rig5
from leanmqtt import OutboxFull, amend
from packets import puback, pubcomp, pubrec, pubrel, remaining, string
from packets5 import field, fields5, publish5

FULL = {
    "payload_format_indicator": 1,
    "message_expiry_interval": 70000,
    "content_type": "text/plain; é",
    "response_topic": "r/é",
    "correlation_data": b"\xff\0\1",
    "user_property": [("b", "1"), ("a", "ç"), ("b", "1"), ("", "")],
}


def pairs(given):
    """The properties as they are to be written: the message expiry first, then in the order of the dict."""
    found = []
    if "message_expiry_interval" in given:
        found.append(("message_expiry_interval", given["message_expiry_interval"]))
    for name in given:
        if name == "user_property":
            found += [(name, pair) for pair in given[name]]
        elif name != "message_expiry_interval":
            found.append((name, given[name]))
    return found


def test_without_properties_byte_for_byte():
    """[MQTT-2.2.2-1] [MQTT-2.2.1-2] [MQTT-2.2.1-3] [MQTT-3.3.1-1..-4] [MQTT-3.3.2-1] [MQTT-4.3.2-1] [MQTT-4.3.3-1]

    [MQTT-4.3.3-2] [MQTT-4.3.3-3]
    """
    rig = Rig5(qos2=True, outbox_size=4096)
    rig.up()
    for qos in (0, 1, 2):
        for retain in (False, True):
            for payload in (b"", b"x", b"y" * 63, b"z" * 64, b"a" * 65, b"b" * 128, b"c" * 1000):
                pid = rig.publish("é/t", payload, qos=qos, retain=retain)
                assert rig.sent() == [publish5("é/t", payload, qos, pid if qos else None, retain)]
                assert bool(pid) == bool(qos)
                if qos == 1:
                    rig.hear(puback(pid))
                elif qos == 2:
                    assert rig.hear(pubrec(pid)) == [pubrel(pid)]
                    rig.hear(pubcomp(pid))


def test_all_kinds_of_payload_and_topic():
    rig = Rig5()
    rig.up()
    for payload in (b"a\xff", bytearray(b"a\xff"), memoryview(b"a\xff"), "aé€"):
        for topic in (b"t/\xc3\xa9", bytearray(b"t/\xc3\xa9"), memoryview(b"t/\xc3\xa9"), "t/é"):
            data = payload.encode() if isinstance(payload, str) else bytes(payload)
            for _ in range(2):
                assert rig.out(topic, payload, properties={"content_type": "t"}) == [
                    publish5("t/é", data, properties=(("content_type", "t"),))
                ]


def test_all_properties_byte_for_byte_the_expiry_first():
    """[MQTT-3.3.2-4] [MQTT-3.3.2-5] [MQTT-3.3.2-13] [MQTT-3.3.2-15..-20] [MQTT-1.5.7-1] [MQTT-3.3.4-6]"""
    rig = Rig5(qos2=True)
    rig.up()
    for qos in (0, 1, 2):
        pid = rig.publish("a/b", b"x", qos=qos, properties=FULL)
        assert rig.sent() == [publish5("a/b", b"x", qos, pid or None, properties=pairs(FULL))]
    order = {"user_property": FULL["user_property"], "correlation_data": b"", "message_expiry_interval": 1}
    order["content_type"] = ""
    (raw,) = rig.out("a/b", b"x", properties=order)
    assert fields5(raw)[6][0] == ("message_expiry_interval", 1)
    assert sorted([str(pair) for pair in fields5(raw)[6]]) == sorted([str((n, _octets(v))) for n, v in pairs(order)])
    assert len(raw) == len(publish5("a/b", b"x", properties=pairs(order)))


def _octets(value):
    if isinstance(value, tuple):
        return tuple([part.encode() for part in value])
    return value.encode() if isinstance(value, str) else value


def test_properties_are_of_one_message_only():
    rig = Rig5()
    rig.up()
    rig.out("a", b"1", properties=FULL)
    assert rig.out("a", b"2") == [publish5("a", b"2")]
    raises(ValueError, rig.client.publish, "a", b"3", 0, properties={"content_type": 3})
    assert rig.out("a", b"4") == [publish5("a", b"4")]
    raises(ValueError, rig.client.publish, "a/+", b"3", 0, properties=FULL)
    assert rig.out("a", b"5") == [publish5("a", b"5")]
    assert rig.out("a", b"6", properties={}) == [publish5("a", b"6")]


def test_properties_of_a_message_that_found_no_room_are_not_the_next_ones():
    rig = Rig5(outbox_size=100, overflow="refuse")
    rig.up()
    rig.publish("a", b"x" * 60, qos=1)
    rig.sent()
    raises(OutboxFull, rig.client.publish, "a", b"x" * 40, 1, properties={"content_type": "t"})
    raises(ValueError, rig.client.publish, "a", b"x" * 99, 1, properties={"content_type": "t"})
    assert rig.out("a", b"y") == [publish5("a", b"y")]


def test_lengths_at_every_border():
    """[MQTT-1.5.5-1]: the length of the properties and of the packet, each in the fewest bytes"""
    rig = Rig5(outbox_size=20000)
    rig.up()
    for n in list(range(110, 140)) + [250, 255, 256, 257, 16370, 16376, 16377, 16378, 16379, 16380, 16384]:
        given = {"correlation_data": b"\xfe" * n}
        for payload in (b"", b"p", b"q" * 70):
            assert rig.out("a/b", payload, properties=given) == [
                publish5("a/b", payload, properties=(("correlation_data", b"\xfe" * n),))
            ]
    for n in list(range(0, 70)) + [127, 128]:
        pair = ("n" * n, "é" * n)
        assert rig.out("a", b"", properties={"user_property": [pair, pair]}) == [
            publish5("a", b"", properties=(("user_property", pair), ("user_property", pair)))
        ]


def test_the_longest_texts():
    rig = Rig5(outbox_size=150000)
    rig.up()
    for value in ("x" * 65535, "é" * 32767):
        (raw,) = rig.out("a", b"p", properties={"content_type": value})
        assert raw == publish5("a", b"p", properties=(("content_type", value),))
    for value in ("x" * 65536, "é" * 32768):
        text = str(raises(ValueError, rig.client.publish, "a", b"", 0, properties={"content_type": value}))
        assert "content_type" in text


def test_the_limits_of_numbers():
    """[MQTT-3.3.2-4]: 32 bits without a box"""
    rig = Rig5()
    rig.up()
    for n in (0, 1, 127, 128, 65535, 65536, 0x3FFFFFFF, 0x40000000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF):
        (raw,) = rig.out("a", b"", properties={"message_expiry_interval": n}) if n else (None,)
        assert raw is None or fields5(raw)[6] == [("message_expiry_interval", n)]
    for n in (0, 1, True, False):
        (raw,) = rig.out("a", b"", properties={"payload_format_indicator": n})
        assert fields5(raw)[6] == [("payload_format_indicator", int(n))]


def test_bad_properties_are_named_and_say_what_is_wanted():
    """[MQTT-3.3.2-8] [MQTT-3.3.2-14] [MQTT-3.3.4-6] [MQTT-1.5.4-1] [MQTT-1.5.4-2]"""
    rig = Rig5()
    rig.up()
    bad = (
        ("payload_format_indicator", 2, "0 or 1"),
        ("payload_format_indicator", -1, "0 or 1"),
        ("payload_format_indicator", "1", "0 or 1"),
        ("payload_format_indicator", None, "0 or 1"),
        ("message_expiry_interval", 1 << 32, "4294967295"),
        ("message_expiry_interval", -1, "4294967295"),
        ("message_expiry_interval", 1.5, "4294967295"),
        ("message_expiry_interval", b"1", "4294967295"),
        ("content_type", 3, "text"),
        ("content_type", None, "text"),
        ("content_type", b"\xff", "text"),
        ("content_type", "a\0", "text"),
        ("content_type", bytearray(b"\xed\xa0\x80"), "text"),
        ("content_type", b"\xc3", "text"),
        ("content_type", "x" * 100 + "\0" + "y" * 100, "text"),
        ("response_topic", "a/+", "topic name"),
        ("response_topic", "a/#", "topic name"),
        ("response_topic", "", "topic name"),
        ("response_topic", "x" * 70 + "#", "topic name"),
        ("response_topic", b"\xff", "topic name"),
        ("response_topic", 5, "topic name"),
        ("correlation_data", 5, "bytes"),
        ("correlation_data", [1], "bytes"),
        ("user_property", "ab", "pairs"),
        ("user_property", ("ab", "cd"), "pairs"),
        ("user_property", {"a": "b"}, "pairs"),
        ("user_property", [("a",)], "pairs"),
        ("user_property", [("a", "b", "c")], "pairs"),
        ("user_property", [("a", None)], "pairs"),
        ("user_property", [(b"\xff", "b")], "pairs"),
        ("user_property", [5], "pairs"),
        ("topic_alias", 1, "client itself"),
        ("subscription_identifier", 1, "client itself"),
        ("session_expiry_interval", 1, "not a property"),
        ("reason_string", "x", "not a property"),
        ("will_delay_interval", 1, "not a property"),
        ("Content_Type", "x", "not a property"),
        (3, "x", "not a property"),
    )
    for name, value, words in bad:
        text = str(raises(ValueError, rig.client.publish, "a", b"x", 1, properties={name: value}))
        assert str(name) in text and words in text, text
        assert rig.client.pending == 0
    rig.settle()
    assert rig.sent() == [] and rig.client.connected


def test_a_value_found_good_is_not_taken_for_another_property():
    """Texts are remembered as valid; a response topic is more than a text."""
    rig = Rig5()
    rig.up()
    rig.out("a", b"", properties={"content_type": "a/+", "correlation_data": b"\xff"})
    raises(ValueError, rig.client.publish, "a", b"", 0, properties={"response_topic": "a/+"})
    raises(ValueError, rig.client.publish, "a", b"", 0, properties={"content_type": b"\xff"})
    changed = bytearray(b"abc")
    rig.out("a", b"", properties={"content_type": changed})
    changed[1] = 0
    raises(ValueError, rig.client.publish, "a", b"", 0, properties={"content_type": changed})


def test_many_texts_are_remembered_in_turn():
    rig = Rig5()
    rig.up()
    for i in range(40):
        given = {"content_type": "t%d" % (i % 11), "user_property": [("n%d" % (i % 3), "é%d" % i)]}
        assert rig.out("a", b"x", properties=given) == [publish5("a", b"x", properties=pairs(given))]


def test_bad_topics():
    """[MQTT-3.3.2-2] [MQTT-4.7.0-1] [MQTT-4.7.1-1] [MQTT-4.7.3-1..-3]"""
    rig = Rig5()
    for topic in ("", "a/+", "#", "a\0", b"\xff", "x" * 65536):
        raises(ValueError, rig.client.publish, topic, b"", 1)
    raises(ValueError, rig.client.publish, "a", b"", 2)
    raises(ValueError, rig.client.publish, "a", b"", 3)


def test_partial_writes():
    """One byte at a time, properties and all."""
    for grain in (1, 2, 7):
        rig = Rig5(qos2=True)
        rig.link.grain = grain
        rig.up()
        sizes = (1, 50, 127, 128, 300)
        expected = []
        for k, n in enumerate(sizes):
            pid = rig.client.publish("a/b", b"x" * n, k % 3, properties=FULL)
            expected.append(publish5("a/b", b"x" * n, k % 3, pid or None, properties=pairs(FULL)))
        rig.run(20000, 10)
        assert rig.sent() == expected


def test_a_link_lost_in_the_middle_of_a_packet():
    """What a byte of was sent goes again, whole."""
    rig = Rig5(clean=False)
    rig.up()
    for cut in (1, 5, 20, 60):
        rig.link.room = cut
        pid = rig.publish("a/b", b"x" * 40, qos=1, properties=FULL)
        assert len(rig.link.stream) == rig.taken + cut
        rig.link.room = None
        rig.link.end = -1
        (raw,) = rig.up(True)[1:]
        left = fields5(raw)[6][0][1]  # the expiry was counted down
        assert 69000 < left <= 70000
        given = [("message_expiry_interval", left)] + pairs(FULL)[1:]
        assert raw[1:] == publish5("a/b", b"x" * 40, 1, pid, properties=given)[1:]
        rig.hear(puback(pid))
    assert rig.client.pending == 0


def test_the_outbox_reckons_with_properties():
    """Room and what is dropped are exact: nothing is ever written over."""
    for overflow in ("oldest", "refuse"):
        rig = Rig5(outbox_size=400, overflow=overflow)
        expected, full = {}, 0
        for i in range(200):
            given = {"user_property": [("n", "v" * (i * 7 % 90))]} if i % 3 else None
            try:
                pid = rig.client.publish("t", b"%d" % i + b"." * (i % 40), 1, properties=given)
                expected[pid] = publish5("t", b"%d" % i + b"." * (i % 40), 1, pid, properties=pairs(given or {}))
            except OutboxFull:
                full += 1
            rig.client.poll(0)
        left = rig.client.pending
        assert 2 <= left <= 30 and (full if overflow == "refuse" else rig.client.dropped)
        raws = rig.up()[1:]
        done = []
        while raws:
            done += raws
            raws = rig.hear(*[puback(fields5(raw)[3]) for raw in raws])
        assert len(done) == left and rig.client.pending == 0
        for raw in done:
            assert raw == expected[fields5(raw)[3]]


def test_properties_written_as_given_even_where_the_dict_is_changed_afterwards():
    rig = Rig5()
    given = {"content_type": "t1", "user_property": [("a", "b")]}
    pid = rig.client.publish("a", b"", 1, properties=given)
    written = pairs(given)
    given["content_type"] = "t2"
    given["user_property"].append(("c", "d"))
    assert rig.up()[1:] == [publish5("a", b"", 1, pid, properties=written)]


def test_the_builder_is_right():
    """A packet of the standard's text, byte by byte, so that the tests' own builder is judged too (3.3)."""
    raw = b"\x33\x19\0\3a/b\0\x0a\x0f\2\0\0\1\0\x26\0\1a\0\4\xc3\xa9\xc3\xa9hi"
    assert publish5("a/b", b"hi", 1, 10, True, properties=(("message_expiry_interval", 256),) + _user()) == raw
    assert field() == b"\0" and remaining(128) == b"\x80\1" and string("é") == b"\0\2\xc3\xa9"


def _user():
    return (("user_property", ("a", "éé")),)


def test_what_amends_payloads_sees_no_property():
    rig = Rig5(qos2=True, outbox_size=8192)
    wanted = [b"", b"a", b"b" * 200]
    for given in (None, FULL, {"content_type": "x" * 200}):
        for qos in (0, 1, 2):
            for payload in wanted:
                rig.client.publish("topic/long/enough", payload, qos=qos, properties=given)
    found = []
    amend.unsent(rig.client, lambda buf, at, end: found.append(bytes(buf[at:end])))
    assert found == wanted * 9
