"""MQTT 5: PUBLISH from the broker, its properties, and all that may be wrong with them."""

from fakes import Dice
from harness import raises
from harness5 import Rig5
from packets import PUBLISH, octets, packet, puback, pubcomp, pubrec, pubrel, remaining, string, word
from packets5 import PLACES, PROPERTIES, ack5, prop, publish5

FULL = (
    ("payload_format_indicator", 1),
    ("message_expiry_interval", 0xFFFFFFFF),
    ("content_type", "é"),
    ("response_topic", "r/é"),
    ("correlation_data", b"\xff\0"),
    ("user_property", ("a", "b")),
    ("subscription_identifier", 1),
    ("user_property", ("a", "ç")),
    ("subscription_identifier", 268435455),
    ("user_property", ("", "")),
)


def raw_publish(properties, topic="a", payload=b"x", qos=0, pid=7, length=None):
    """A PUBLISH with these bytes of properties, and a length field of its own."""
    head = string(topic) + (word(pid) if qos else b"")
    head += remaining(len(properties)) if length is None else length
    return packet(PUBLISH | qos << 1, head + properties + octets(payload))


def test_properties_are_a_dict():
    rig = Rig5(qos2=True)
    rig.up()
    for qos in (0, 1, 2):
        rig.hear(publish5("t", b"x", qos, 5 if qos else None, properties=FULL))
        if qos == 2:
            rig.hear(pubrel(5))
    for _, payload, _, _, _, found in rig.told("message"):
        assert payload == b"x" and found == {
            "payload_format_indicator": 1,
            "message_expiry_interval": 0xFFFFFFFF,
            "content_type": "é",
            "response_topic": "r/é",
            "correlation_data": b"\xff\0",
            "user_property": [("a", "b"), ("a", "ç"), ("", "")],
            "subscription_identifier": [1, 268435455],
        }
    assert len(rig.told("message")) == 3


def test_each_property_alone_at_its_borders():
    rig = Rig5(rx_size=2048)
    rig.up()
    for name, values in (
        ("payload_format_indicator", (0, 1)),
        ("message_expiry_interval", (0, 1, 65535, 65536, 0x40000000, 0x80000000, 0xFFFFFFFF)),
        ("content_type", ("", "x", "y" * 125, "z" * 126, "a" * 1000)),
        ("response_topic", ("x", "é" * 200)),
        ("correlation_data", (b"", b"\0", bytes(range(256)))),
    ):
        for value in values:
            rig.hear(publish5("t", b"x", properties=((name, value),)))
            assert rig.told("message")[-1][5] == {name: value}
    for value in (1, 127, 128, 16383, 16384, 2097151, 2097152, 268435455):
        rig.hear(publish5("t", b"x", properties=(("subscription_identifier", value),)))
        assert rig.told("message")[-1][5] == {"subscription_identifier": [value]}


def test_no_properties_no_dict_to_speak_of():
    rig = Rig5()
    rig.up()
    rig.hear(publish5("t", b"x"), publish5("t", b""))
    assert [told[1:] for told in rig.told("message")] == [(b"x", 0, False, False, {}), (b"", 0, False, False, {})]


def test_properties_are_valid_within_the_handler_only():
    held = []
    rig = Rig5(on_message=held.append)
    rig.up()
    rig.hear(publish5("t", b"x", properties=FULL))
    raises(RuntimeError, lambda: held[0].properties)


def test_answers_by_qos():
    """[MQTT-3.3.4-1] [MQTT-2.2.1-5] [MQTT-4.3.2-4] [MQTT-4.3.2-5] [MQTT-4.3.3-8] [MQTT-4.3.3-10..-12]

    [MQTT-4.6.0-2] [MQTT-4.6.0-3] [MQTT-4.5.0-2]
    """
    rig = Rig5(qos2=True)
    rig.up()
    assert rig.hear(publish5("a", b"0")) == []
    assert rig.hear(publish5("a", b"1", 1, 300)) == [puback(300)]
    assert rig.hear(publish5("a", b"1", 1, 300)) == [puback(300)], "a new one"
    assert rig.hear(publish5("a", b"2", 2, 301)) == [pubrec(301)]
    assert rig.hear(publish5("a", b"2", 2, 301, dup=True)) == [pubrec(301)]
    assert rig.hear(pubrel(301)) == [pubcomp(301)]
    assert rig.hear(publish5("a", b"2", 2, 301)) == [pubrec(301)]
    assert rig.payloads() == [b"0", b"1", b"1", b"2", b"2"]
    raws = rig.hear(*[publish5("a", b"", 1 + i % 2, 500 + i) for i in range(10)])
    assert raws == [(pubrec if i % 2 else puback)(500 + i) for i in range(10)]
    raws = rig.hear(*[pubrel(500 + i) for i in range(1, 10, 2)])
    assert raws == [pubcomp(500 + i) for i in range(1, 10, 2)]


def test_acknowledgements_that_cannot_leave_wait_in_order():
    """[MQTT-4.5.0-2] [MQTT-4.6.0-2]: nothing is read that could not be answered"""
    rig = Rig5(qos2=True)
    rig.up()
    rig.link.room = 0
    rig.link.feed(b"".join([publish5("a", b"%d" % i, 1 + i % 2, 1 + i) for i in range(60)]))
    for _ in range(100):
        rig.client.poll(0)
    assert rig.sent() == [] and len(rig.payloads()) < 60
    rig.link.room = None
    rig.settle()
    assert rig.sent() == [(pubrec if i % 2 else puback)(1 + i) for i in range(60)]
    assert rig.payloads() == [b"%d" % i for i in range(60)]


def test_a_release_for_nothing_is_answered():
    """[MQTT-4.3.3-11]: the answer to an earlier one may have been lost with a connection"""
    rig = Rig5(qos2=True)
    rig.up()
    assert rig.hear(pubrel(77)) == [pubcomp(77)] and rig.client.connected


def test_a_release_with_reason_and_properties():
    """[MQTT-3.6.2-1] [MQTT-3.7.2-1]: PUBREL may say 0x92 and more"""
    for release in (
        ack5(0x62, 9, 0),
        ack5(0x62, 9, 0x92),
        ack5(0x62, 9, 0x92, ("reason_string", "é"), ("user_property", ("a", "b"))),
    ):
        rig = Rig5(qos2=True)
        rig.up()
        rig.hear(publish5("a", b"1", 2, 9))
        assert rig.hear(release) == [pubcomp(9)]
        rig.hear(publish5("a", b"2", 2, 9))
        assert rig.payloads() == [b"1", b"2"], "the id is new"


def test_wrong_flags_of_publish():
    """[MQTT-3.3.1-2] [MQTT-3.3.1-4] [MQTT-2.2.1-2] [MQTT-2.2.1-3]"""
    for first in (0x36, 0x3E, 0x37, 0x38):
        rig = Rig5(qos2=True)
        rig.up()
        rig.violates(0x81, packet(first, string("a") + (word(3) if first & 6 else b"") + b"\0x"))
    for qos in (1, 2):
        rig = Rig5(qos2=True)
        rig.up()
        rig.violates(0x82, publish5("a", b"x", qos, 0))


def test_bad_topics():
    """[MQTT-1.5.4-1..-3] [MQTT-3.3.2-1] [MQTT-3.3.2-2]"""
    for topic in (b"\xff", b"a\0", b"\xed\xa0\x80", b"a/+", b"#", b"\xc3"):
        rig = Rig5()
        rig.up()
        rig.violates(0x81, publish5(topic, b"x"))
    rig = Rig5()
    rig.up()
    rig.hear(publish5(b"\xef\xbb\xbfa", b"x"))
    assert rig.told("message")[0][0] == "\ufeffa"


MALFORMED = {
    "longer than the packet": raw_publish(b"", payload=b"", length=b"\x05"),
    "one byte longer than the packet": raw_publish(b"\1\1", payload=b"", length=b"\3"),
    "no length at all": packet(PUBLISH, string("a")),
    "a length of five bytes": raw_publish(b"", payload=b"x" * 9, length=b"\x80\x80\x80\x80\1"),
    "a length cut off": raw_publish(b"", payload=b"", length=b"\x80"),
    "a length not in the fewest bytes": raw_publish(b"", length=b"\x80\0"),
    "a length not in the fewest bytes, of three": raw_publish(b"\1\1", length=b"\x82\x80\0"),
    "an integer of four bytes cut off": raw_publish(b"\2\0\0\0"),
    "an integer of four bytes cut off by the end": raw_publish(b"\2\0\0\0", payload=b""),
    "a byte cut off": raw_publish(b"\1"),
    "a byte cut off by the end": raw_publish(b"\1", payload=b""),
    "an alias cut off": raw_publish(b"\x23\0", payload=b""),
    "a text without length": raw_publish(b"\3\0"),
    "a text longer than the field": raw_publish(b"\3\0\2a"),
    "a text longer than the packet": raw_publish(b"\3\xff\xffa"),
    "data longer than the field": raw_publish(b"\x09\0\2a", payload=b"yyyy"),
    "a pair without its second": raw_publish(b"\x26\0\1a"),
    "a pair with half a second": raw_publish(b"\x26\0\1a\0"),
    "a pair whose second is too long": raw_publish(b"\x26\0\1a\0\2b"),
    "an identifier of five bytes": raw_publish(b"\x0b\x80\x80\x80\x80\1"),
    "an identifier cut off": raw_publish(b"\x0b\x80", payload=b""),
    "an identifier cut off before a payload": raw_publish(b"\x0b\x80"),
    "a text of bad UTF-8": raw_publish(b"\3\0\1\xff"),
    "a text with NUL": raw_publish(b"\3\0\1\0"),
    "a text that ends in a character": raw_publish(b"\3\0\1\xc3", payload=b"\xa9"),
    "a surrogate": raw_publish(b"\3\0\3\xed\xa0\x80"),
    "a response topic of bad UTF-8": raw_publish(b"\x08\0\1\xff"),
    "a bad name in a pair": raw_publish(b"\x26\0\1\xff\0\1a"),
    "a bad value in a pair": raw_publish(b"\x26\0\1a\0\1\xff"),
}
PROTOCOL = {
    "a flag of 2": raw_publish(b"\1\2"),
    "an identifier of 0": raw_publish(b"\x0b\0"),
    "twice the expiry": raw_publish(b"\2\0\0\0\1\2\0\0\0\1"),
    "twice the type": raw_publish(b"\3\0\1a\1\1\3\0\1a"),
    "twice the format": raw_publish(b"\1\1\1\1"),
    "twice the alias": raw_publish(b"\x23\0\1\x23\0\1"),
    "an unknown property": raw_publish(b"\x2b\0"),
    "an unknown property, higher": raw_publish(b"\xff\0"),
    "property 0": raw_publish(b"\0\0"),
}


def test_malformed_properties_end_the_connection():
    """[MQTT-4.13.1-1] [MQTT-1.5.4-1] [MQTT-1.5.4-2] [MQTT-1.5.5-1] [MQTT-1.5.7-1]: malformed is 0x81"""
    for qos in (0, 1):
        for name in MALFORMED:
            raw = MALFORMED[name]
            if qos:  # the same with a packet id
                rest = raw[2:]
                raw = packet(0x32, rest[:3] + word(9) + rest[3:])
            rig = Rig5(properties={"topic_alias_maximum": 3})
            rig.up()
            try:
                rig.violates(0x81, raw)
            except AssertionError as e:
                raise AssertionError("%s: %s" % (name, e)) from None
            assert rig.told("message") == []
            rig.up()


def test_impossible_properties_end_the_connection():
    """(2.2.2.2): a protocol error is 0x82"""
    for name in PROTOCOL:
        rig = Rig5(properties={"topic_alias_maximum": 3})
        rig.up()
        try:
            rig.violates(0x82, PROTOCOL[name])
        except AssertionError as e:
            raise AssertionError("%s: %s" % (name, e)) from None
        assert rig.told("message") == []


def value_of(name):
    """Some good value."""
    t = PROPERTIES[name][1]
    return {"v": 1, "s": "x", "b": b"x", "p": ("a", "b")}.get(t, 1)


def test_only_what_belongs_in_a_publish():
    for name in PROPERTIES:
        rig = Rig5(properties={"topic_alias_maximum": 3})
        rig.up()
        raw = publish5("a", b"x", properties=((name, value_of(name)),))
        if PROPERTIES[name][0] in PLACES["publish"]:
            rig.hear(raw)
            assert len(rig.told("message")) == 1, name
        else:
            assert rig.violates(0x82, raw), name


def test_a_response_topic_with_wildcards_is_of_no_use():
    """[MQTT-3.3.2-14]: the broker's fault, and an answer to it is refused here"""
    rig = Rig5()
    rig.up()
    rig.hear(publish5("a", b"x", properties=(("response_topic", "a/+"),)))
    assert rig.told("message")[0][5] == {"response_topic": "a/+"}
    raises(ValueError, rig.client.publish, "a/+", b"answer")


def test_all_orders_and_numbers_of_user_properties():
    rig = Rig5(rx_size=4096)
    rig.up()
    dice = Dice(7)
    for _ in range(60):
        pairs = [FULL[i] for i in range(5) if dice(1)]
        users = [("user_property", ("n%d" % dice(4), "v" * dice(6))) for _ in range(dice(4))]
        for user in users:
            pairs.insert(dice(8) % (len(pairs) + 1), user)
        rig.hear(publish5("t", b"x", properties=pairs))
        found = rig.told("message")[-1][5]
        assert found.get("user_property", []) == [pair[1] for pair in pairs if pair[0] == "user_property"]
        for name, value in pairs:
            assert name == "user_property" or found[name] == value


def test_dribbled_and_in_all_chunks():
    raw = publish5("t", b"payload", 1, 5, properties=FULL)
    for chunk in (1, 2, 3, 7, len(raw) - 1):
        rig = Rig5()
        rig.up()
        rig.link.chunk = chunk
        for i in range(0, len(raw), chunk):
            rig.link.feed(raw[i : i + chunk])
            rig.settle()
        assert rig.payloads() == [b"payload"] and rig.sent() == [puback(5)]
        assert len(rig.told("message")[0][5]) == 7


def test_a_packet_that_fills_the_buffer_to_the_last_byte():
    for extra in range(0, 4):
        for size in (64, 300, 512):
            rig = Rig5(rx_size=size)
            rig.up()
            n = size - 20 - extra
            raw = publish5("t", b"", properties=(("correlation_data", b"x" * n),))
            raw = publish5("t", b"y" * (size - len(raw)), properties=(("correlation_data", b"x" * n),))
            assert len(raw) <= size
            rig.hear(raw)
            assert len(rig.told("message")) == 1
            if extra == 0:
                for cut in (b"\1", b"\2\0\0\0", b"\x23", b"\x23\0", b"\x0b\x80", b"\3", b"\3\0", b"\x26\0\1a"):
                    rig = Rig5(rx_size=size)
                    rig.up()
                    data = b"\x09" + string(b"x" * (size - len(cut) - 12)) + cut
                    raw = raw_publish(data, payload=b"")
                    data = b"\x09" + string(b"x" * (2 * size - len(cut) - 12 - len(raw))) + cut
                    raw = raw_publish(data, payload=b"")
                    rig.ends(raw)


def test_noise_in_the_properties_never_gets_through_and_never_crashes():
    """Whatever a broker sends, a fault is told or a message that obeys the rules."""
    dice = Dice(23)
    good = b"".join([prop(name, value) for name, value in FULL if name != "subscription_identifier"])
    told = ended = 0
    rig = Rig5(backoff_ms=(1, 1), properties={"topic_alias_maximum": 2})
    rig.up()
    for _ in range(400):
        data = bytearray(good[: dice(7)])
        for _ in range(1 + dice(2)):
            if data:
                data[dice(8) % len(data)] = dice(8)
        before = len(rig.told("message")), len(rig.told("disconnect"))
        rig.link.feed(raw_publish(bytes(data), qos=1, length=bytes((dice(7),)) if dice(2) == 0 else None))
        rig.settle()
        if len(rig.told("disconnect")) > before[1]:
            ended += 1
            rig.up()
        else:
            told += 1
            assert len(rig.told("message")) == before[0] + 1
            assert rig.sent() == [puback(7)]
        del rig.events[:-2]
    assert told > 10 and ended > 100


def test_a_message_too_large_is_read_through_and_told():
    """The broker was told a Maximum Packet Size; one that ignores it does no harm."""
    rig = Rig5(rx_size=64, qos2=True)
    rig.up()
    for qos in (0, 1, 2):
        raws = rig.hear(publish5("t/é", b"x" * 200, qos, 9 if qos else None, properties=FULL))
        assert [raw[0] for raw in raws] == ([], [0x40], [0x50])[qos]
    assert [told[0] for told in rig.told("oversize")] == ["t/é"] * 3 and rig.client.oversize == 3
    rig.hear(publish5("t", b"small"))
    assert rig.payloads() == [b"small"]


def test_a_qos_2_message_without_qos2_is_refused_in_words():
    rig = Rig5()
    rig.up()
    error, last = rig.ends(publish5("a", b"x", 2, 5))
    assert "qos2=True" in error and last[-1][0] == 0xE0


def test_more_qos_2_messages_than_announced():
    """(3.3.4) Receive Maximum: 0x93"""
    rig = Rig5(qos2=True)
    rig.up()
    for i in range(64):
        rig.hear(publish5("a", b"", 2, 1 + i))
    rig.violates(0x93, publish5("a", b"", 2, 65))
