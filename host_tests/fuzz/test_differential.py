"""What the client writes, read by an independent codec (amqtt's), says what the caller meant; and the other way."""

import asyncio

import packets as p
from amqtt.adapters import BufferReader
from amqtt.mqtt import packet_class
from amqtt.mqtt.packet import MQTTFixedHeader
from amqtt.mqtt.publish import PublishPacket
from harness import Rig
from hypothesis import given
from hypothesis import strategies as st
from leanmqtt import Will

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
TOPICS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0+#"), min_size=1, max_size=60)
FILTERS = st.lists(st.one_of(st.just("+"), TOPICS.filter(lambda t: "/" not in t)), min_size=1, max_size=5).map("/".join)
QOS = st.integers(0, 2)
PAYLOADS = st.one_of(st.binary(max_size=300), TEXT)


def decode(raw):
    """One packet as amqtt's object."""

    async def read():
        reader = BufferReader(raw)
        header = await MQTTFixedHeader.from_stream(reader)
        return await packet_class(header).from_stream(reader, fixed_header=header)

    return asyncio.run(read())


def octets(value):
    return value.encode() if isinstance(value, str) else bytes(value)


@given(TOPICS, PAYLOADS, QOS, st.booleans())
def test_publish(topic, payload, qos, retain):
    rig = Rig(qos2=True)
    rig.up()
    pid = rig.publish(topic, payload, qos=qos, retain=retain)
    (raw,) = rig.sent()
    packet = decode(raw)
    assert (packet.topic_name, bytes(packet.data or b"")) == (topic, octets(payload))
    assert (packet.qos, packet.retain_flag, packet.dup_flag) == (qos, retain, False)
    assert (packet.packet_id or 0) == pid


@given(
    TEXT.filter(bool),
    st.integers(0, 65535),
    st.booleans(),
    st.none() | TEXT,
    st.none() | TEXT,
    st.none() | st.tuples(TOPICS, PAYLOADS, QOS, st.booleans()),
)
def test_connect(client_id, keepalive, clean, user, password, will):
    if user is None:
        password = None
    rig = Rig(client_id, keepalive=keepalive, clean=clean, user=user, password=password, will=will and Will(*will))
    rig.dial()
    (raw,) = rig.sent()
    packet = decode(raw)
    header, payload = packet.variable_header, packet.payload
    assert (header.proto_name, header.proto_level, header.keep_alive) == ("MQTT", 4, keepalive)
    assert bool(header.clean_session_flag) is clean and not header.reserved_flag
    assert payload.client_id == client_id
    assert bool(header.username_flag) is (user is not None) and (payload.username or "") == (user or "")
    assert bool(header.password_flag) is (password is not None) and (payload.password or "") == (password or "")
    assert bool(header.will_flag) is bool(will)
    if will:
        assert (payload.will_topic, bytes(payload.will_message)) == (will[0], octets(will[1]))
        assert (header.will_qos, bool(header.will_retain_flag)) == will[2:]


@given(st.lists(st.tuples(FILTERS, QOS), min_size=1, max_size=6, unique_by=lambda entry: entry[0]))
def test_subscribe_and_unsubscribe(entries):
    rig = Rig(qos2=True)
    rig.up()
    for text, qos in entries:
        rig.client.subscribe(text, qos=qos)
    rig.settle()
    raws = rig.sent()
    assert [tuple(topic) for raw in raws for topic in decode(raw).payload.topics] == entries
    rig.grant(raws)
    for text, _ in entries:
        rig.client.unsubscribe(text)
    rig.settle()
    assert [topic for raw in rig.sent() for topic in decode(raw).payload.topics] == [text for text, _ in entries]


@given(TOPICS, st.binary(max_size=300), QOS, st.booleans(), st.booleans())
def test_a_publish_of_the_other_codec_is_received(topic, payload, qos, retain, dup):
    rig = Rig(qos2=True)
    rig.up()
    dup = dup and qos > 0
    packet = PublishPacket.build(topic, payload, 4660 if qos else None, dup, qos, retain)
    raw = bytes(packet.to_bytes())
    assert raw == p.publish(topic, payload, qos, 4660 if qos else None, retain, dup), "the two codecs agree"
    answers = rig.hear(raw, p.pubrel(4660) if qos == 2 else b"")
    assert rig.told("message") == [(topic, payload, qos, retain, dup)]
    names = [type(decode(answer)).__name__ for answer in answers]
    assert names == [[], ["PubackPacket"], ["PubrecPacket", "PubcompPacket"]][qos]
    assert all(decode(answer).packet_id == 4660 for answer in answers)


def test_ping_and_disconnect():
    rig = Rig()
    rig.up()
    rig.until(lambda: p.split(bytes(rig.link.stream))[0][1:], 70000)
    rig.client.disconnect()
    names = [type(decode(raw)).__name__ for raw in p.split(bytes(rig.link.stream))[0]]
    assert names == ["ConnectPacket", "PingReqPacket", "DisconnectPacket"]
