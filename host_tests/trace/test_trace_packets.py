"""Every packet of MQTT 3.1.1 and 5 is told in words; a malformed one with the rule it breaks; no secret is shown."""

import pytest
from girouette.trace.conversation import DOWN, UP, Conversation
from hypothesis import given, settings
from hypothesis import strategies as st
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from talk import CONNACK, connect, objects, packet, publish, seen, shown, text


def fault_of(data, version=4, **options) -> str:
    """What is said to be wrong with the only packet."""
    (line,) = seen(data, version=version, **options)
    return " ".join(line.packet.faults) if line.packet else line.event


# What is told

TOLD = {
    "a publish": (publish("ha/t", b"21.5", 0x33, 7), 'PUBLISH      q1  retain  id 7  ha/t  "21.5"  (14 B)'),
    "one sent again": (publish("ha/t", b"1", 0x3A, 7), "q1  dup  id 7"),
    "an empty payload": (publish("ha/t", b"", 0x31), "ha/t  0 bytes"),
    "a binary payload": (publish("ha/t", b"\xff\x00"), "ha/t  ff 00  "),
    "a long payload": (publish("ha/t", b"x" * 61), '"' + "x" * 60 + '"… 61 bytes'),
    "a long payload of two-byte letters": (publish("t", "é".encode() * 31), '"' + "é" * 30 + '"… 62 bytes'),
    "a subscription": (
        packet(0x82, b"\0\1" + text("a/#") + b"\1" + text("b") + b"\0"),
        "SUBSCRIBE    id 1  a/# q1  b q0",
    ),
    "its answer": ((packet(0x90, b"\0\1\1\x80"),), "granted QoS 1 (0x01)  refused (0x80)"),
    "an acknowledgement": ((packet(0x40, b"\0\7"),), "PUBACK       id 7"),
    "a release": (packet(0x62, b"\0\7"), "PUBREL       id 7"),
    "a ping": (packet(0xC0), "PINGREQ"),
    "a goodbye": (packet(0xE0), "DISCONNECT"),
}


@pytest.mark.parametrize("name", TOLD)
def test_a_packet_is_one_line_in_words(name, capsys):
    said, expected = TOLD[name]
    assert expected in shown(seen(said), capsys)
    assert not seen(said)[0].packet.faults


def test_a_connect_tells_who_and_how_without_its_password(capsys):
    will = text("ha/roof/status") + text("offline")
    data = connect(flags=0b11101110, client="roof-1", rest=will + text("roof") + text("s3cret"), keepalive=30)
    lines = Conversation(1).feed(UP, data, 0)
    told = shown(lines, capsys)
    for expected in ("protocol=3.1.1", "clean", "keepalive=30", "client_id=roof-1", "user=roof", "password=***"):
        assert expected in told
    assert 'will=ha/roof/status q1 retain "offline"' in told
    assert "s3cret" not in told + str(objects(lines, capsys)) + repr(lines)


REFUSALS = [(4, "bad user name or password"), (5, "not authorized"), (9, "unknown code 0x09")]


@pytest.mark.parametrize(("code", "words"), REFUSALS)
def test_a_refusal_is_told_in_words(code, words, capsys):
    talk = Conversation(1)
    talk.feed(UP, connect(), 0)
    (line,) = talk.feed(DOWN, bytes([0x20, 2, 0, code]), 0)
    assert words in shown([line], capsys)


def properties(packet_type, **values) -> bytes:
    made = Properties(packet_type)
    for name, value in values.items():
        setattr(made, name, value)
    return made.pack()


def test_mqtt_5_properties_and_reasons_are_told(capsys):
    tail = properties(PacketTypes.PUBLISH, ContentType="text/plain", MessageExpiryInterval=60, UserProperty=("a", "b"))
    sent = packet(0x32, text("ha/t") + b"\0\1" + tail + b"1")
    answer = packet(0x40, b"\0\1\x87" + properties(PacketTypes.PUBACK, ReasonString="no right"))
    told = shown(seen(sent, (answer,), version=5), capsys)
    assert "content_type=text/plain" in told and "message_expiry_interval=60" in told and "('a', 'b')" in told
    assert "not authorized (0x87)" in told and "reason_string=no right" in told


def test_a_topic_alias_is_told_as_the_topic_it_stands_for():
    tail = properties(PacketTypes.PUBLISH, TopicAlias=3)
    first, second = seen(packet(0x30, text("ha/t") + tail + b"1"), packet(0x30, text("") + tail + b"2"), version=5)
    assert (first.packet.topic, second.packet.topic) == ("ha/t", "ha/t")
    assert not second.packet.faults


def test_an_answer_names_its_topic_and_how_long_it_took():
    talk = Conversation(1)
    talk.feed(UP, connect(), 0)
    talk.feed(UP, publish("ha/t", b"1", 0x34, 7), 10)
    talk.feed(DOWN, CONNACK, 0)
    (rec,) = talk.feed(DOWN, packet(0x50, b"\0\7"), 10.25)
    talk.feed(UP, packet(0x62, b"\0\7"), 10.5)
    (comp,) = talk.feed(DOWN, packet(0x70, b"\0\7"), 11)
    assert (rec.topics, rec.packet.about["ms"]) == (["ha/t"], 250)
    assert (comp.topics, comp.packet.about["ms"]) == (["ha/t"], 1000)


def test_an_answer_to_nothing_is_noted():
    (line,) = seen((packet(0x40, b"\0\7"),))
    assert line.packet.notes == ["answers nothing that was sent on this connection"]


def test_a_message_larger_than_the_nodes_memory_is_noted():
    (small,), (large,) = seen((publish("t", b"x" * 125),)), seen((publish("t", b"x" * 126),))
    assert not small.packet.notes and "larger than the 128 bytes" in large.packet.notes[0]


def test_a_message_larger_than_any_memory_is_counted_to_its_end_and_what_follows_is_read():
    whole = publish("t", bytes(3_000_000)) + packet(0xC0)
    talk = Conversation(1, whole=False)
    lines = [line for at in range(0, len(whole), 50_000) for line in talk.feed(UP, whole[at : at + 50_000], 0)]
    assert [line.packet.kind for line in lines] == ["PUBLISH", "PINGREQ"]
    assert lines[0].packet.payload_size == 3_000_000 and len(lines[0].packet.payload) < 65_536


# Secrets

SECRET = {
    "a configuration by its topic": publish("ha/roof/cmd/config", b"plainly s3cret"),
    "a password in a message": publish("x", b'{"network": [{"Password" : "s3cret"}]}'),
    "a seal in a message": publish("x", b'{"seal":"s3cret"}'),
    "a token in a message": publish("x", b'{"access_token":"s3cret"}'),
}


@pytest.mark.parametrize("name", SECRET)
def test_a_message_that_carries_a_secret_is_masked(name, capsys):
    lines = seen(SECRET[name])
    assert "s3cret" not in shown(lines, capsys) + str(objects(lines, capsys)) + repr(lines)
    assert f"*** ({lines[0].packet.payload_size} bytes)" in shown(lines, capsys)


@pytest.mark.parametrize("level", [4, 5])
def test_a_will_that_carries_a_secret_and_a_user_that_is_a_token_are_masked(level, capsys):
    will = (b"\0" if level == 5 else b"") + text("w") + text('{"psk": "s3cret"}')
    lines = Conversation(1).feed(UP, connect(level, 0b10000110, rest=will + text("t0ken")), 0)
    told = shown(lines, capsys) + str(objects(lines, capsys)) + repr(lines)
    assert "s3cret" not in told and "t0ken" not in told
    assert "will=w q0 *** (17 bytes)" in told and "user=***" in told


def test_authentication_data_is_masked(capsys):
    data = properties(PacketTypes.AUTH, AuthenticationMethod="SCRAM", AuthenticationData=b"s3cret")
    lines = seen(packet(0xF0, b"\x18" + data), version=5)
    told = shown(lines, capsys) + repr(lines)
    assert "authentication_method=SCRAM" in told and "authentication_data=***" in told
    assert b"s3cret".hex() not in told and "s3cret" not in told


def test_no_payload_means_none(capsys):
    lines = seen(publish("t", b"21.5"))
    assert "21.5" not in shown(lines, capsys, payload=0) + str(objects(lines, capsys, payload=0))


# What is malformed, and by which rule

BROKEN = {
    "QoS 3": (publish("t", b"1", 0x36, 1), 4, "MQTT-3.3.1-4"),
    "DUP without QoS": (publish("t", b"1", 0x38), 4, "MQTT-3.3.1-2"),
    "packet id 0": (publish("t", b"1", 0x32, 0), 4, "MQTT-2.3.1-1"),
    "packet id 0 in MQTT 5": (packet(0x82, b"\0\0\0" + text("t") + b"\0"), 5, "MQTT-2.2.1-3"),
    "a wildcard in a topic": (publish("ha/+", b"1"), 4, "MQTT-3.3.2-2"),
    "no topic": (publish("", b"1"), 4, "MQTT-4.7.3-1"),
    "a topic that is not UTF-8": (packet(0x30, text(b"\xed\xa0\x80")), 4, "MQTT-1.5.3-1"),
    "a null character": (packet(0x30, text("a\0b")), 5, "MQTT-1.5.4-2"),
    "a topic longer than the packet": (packet(0x30, b"\0\x09t"), 4, "2.2.3"),
    "flags of a SUBSCRIBE": (packet(0x80, b"\0\1" + text("t") + b"\0"), 4, "MQTT-2.2.2-2"),
    "flags in MQTT 5": (packet(0xC1), 5, "MQTT-2.1.3-1"),
    "a misplaced wildcard": (packet(0x82, b"\0\1" + text("a/#/b") + b"\0"), 4, "MQTT-4.7.1-2"),
    "a subscription to nothing": (packet(0x82, b"\0\1"), 4, "MQTT-3.8.3-3"),
    "wrong options": (packet(0x82, b"\0\1" + text("t") + b"\3"), 4, "MQTT-3-8.3-4"),
    "nothing unsubscribed": (packet(0xA2, b"\0\1"), 4, "MQTT-3.10.3-2"),
    "a second CONNECT": (connect(), 4, "MQTT-3.1.0-2"),
    "a SUBACK with 3": ((packet(0x90, b"\0\1\3"),), 4, "MQTT-3.9.3-2"),
    "bytes after the end": (packet(0xC0, b"x"), 4, "2.2.3"),
    "type 0": (packet(0x00), 4, "2.2.1"),
    "AUTH in 3.1.1": (packet(0xF0), 4, "2.2.1"),
    "a CONNACK from the node": (CONNACK, 4, "2.2.1"),
    "a length of five bytes": (b"\x30\xff\xff\xff\xff\x01", 4, "2.2.3"),
    "an unknown property": (packet(0x30, text("t") + b"\2\x7f\0"), 5, "2.2.2"),
    "a property of another packet": (packet(0x30, text("t") + b"\3\x21\0\1"), 5, "2.2.2"),
    "a property twice": (packet(0x30, text("t") + b"\4\1\0\1\0"), 5, "2.2.2"),
    "properties longer than the packet": (packet(0x30, text("t") + b"\x7f"), 5, "2.2.2"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_malformed_packet_is_named_with_its_rule(name):
    data, version, rule = BROKEN[name]
    assert rule in fault_of(data, version)


CONNECTS = {
    "the first is not a CONNECT": (packet(0xC0), "MQTT-3.1.0-1"),
    "another name": (packet(0x10, text("MQTX") + b"\4\2\0\0" + text("c")), "MQTT-3.1.2-1"),
    "another level": (connect(9), "MQTT-3.1.2-2"),
    "the reserved flag": (connect(flags=3), "MQTT-3.1.2-3"),
    "a will of QoS 3": (connect(flags=0x1E, rest=text("t") + text("m")), "MQTT-3.1.2-14"),
    "the QoS of no will": (connect(flags=0x0A), "MQTT-3.1.2-11"),
    "a password without a user": (connect(flags=0x42, rest=text("p")), "MQTT-3.1.2-22"),
    "a session for nobody": (connect(flags=0, client=""), "MQTT-3.1.3-7"),
}


@pytest.mark.parametrize("name", CONNECTS)
def test_a_malformed_beginning_is_named_with_its_rule(name):
    data, rule = CONNECTS[name]
    (line,) = Conversation(1).feed(UP, data, 0)
    assert rule in " ".join(line.packet.faults) and line.wrong


@pytest.mark.parametrize(("data", "words"), [(b"\x16\x03\x01\0\xa5", "TLS"), (b"GET /mqtt HTTP/1.1\r\n", "WebSocket")])
def test_what_is_not_mqtt_is_named_once(data, words):
    talk = Conversation(1)
    (line,) = talk.feed(UP, data, 0)
    assert words in line.event
    assert talk.feed(UP, data, 0) == talk.feed(DOWN, data, 0) == []


# Whatever comes

SAMPLE = [connect(flags=0xC2, rest=text("u") + text("p")), *(one for one, _ in TOLD.values() if isinstance(one, bytes))]


@given(st.lists(st.integers(1, 30), max_size=40))
@settings(max_examples=50, deadline=None)
def test_how_the_stream_is_cut_into_pieces_changes_nothing(cuts):
    stream = b"".join(SAMPLE)
    talk, lines = Conversation(1), []
    for size in [*cuts, len(stream)]:
        lines += talk.feed(UP, stream[:size], 0)
        stream = stream[size:]
    whole = Conversation(1).feed(UP, b"".join(SAMPLE), 0)
    assert lines == whole and len(whole) == len(SAMPLE)


@given(st.sampled_from([4, 5]), st.integers(0, 255), st.binary(max_size=60), st.booleans())
@settings(max_examples=400, deadline=None)
def test_no_packet_is_too_broken_to_be_told(version, first, body, down):
    capsys = type("None", (), {"readouterr": staticmethod(lambda: type("Out", (), {"out": ""}))})
    data = packet(first, body)
    lines = seen((data,) if down else data, version=version)
    assert shown(lines, capsys) if lines else first == 0x16
