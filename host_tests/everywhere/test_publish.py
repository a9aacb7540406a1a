"""PUBLISH as the client writes it: every byte, every kind of argument, every size."""

from harness import Rig
from packets import fields, puback, publish, pubrec

TOPICS = ("a", "a/b", "été/°C", "\ufeffa/\ufeff", "/", "/a//b/", "t" * 65, "ü" * 100)


def test_every_qos_and_retain_byte_for_byte():
    """[MQTT-2.3.1-5] [MQTT-3.3.1-2] [MQTT-3.3.1-5] [MQTT-3.3.2-1] [MQTT-4.3.1-1] [MQTT-4.3.2-1] [MQTT-4.3.3-1]"""
    rig = Rig(qos2=True)
    rig.up()
    for qos in (0, 1, 2):
        for retain in (False, True):
            pid = rig.publish("ha/temperature", b"21.5", qos=qos, retain=retain)
            want = publish("ha/temperature", b"21.5", qos, pid if qos else None, retain)
            assert rig.sent() == [want], (qos, retain)


def test_publish_returns_the_packet_id_and_0_for_qos_0():
    """[MQTT-2.3.1-1]"""
    rig = Rig(qos2=True)
    assert rig.client.publish("a", b"", qos=0) == 0
    for qos in (1, 2):
        assert 1 <= rig.client.publish("a", b"", qos=qos) <= 65535


def test_exactly_one_write_per_publish():
    rig = Rig(qos2=True)
    rig.up()
    for qos in (0, 1, 2):
        for size in (0, 10, 200, 1000):
            before = len(rig.link.writes)
            pid = rig.publish("ha/temperature", b"x" * size, qos=qos)
            assert len(rig.link.writes) == before + 1
            if qos == 1:
                rig.hear(puback(pid))
            elif qos == 2:
                rig.hear(pubrec(pid), b"\x70\x02" + bytes((pid >> 8, pid & 255)))


def test_queued_packets_are_not_cut_into_more_writes_than_packets():
    rig = Rig()
    for _ in range(8):
        rig.client.publish("a", b"queued", qos=1)
    rig.up()
    assert len(rig.link.writes) <= 1 + 8


def test_text_and_every_kind_of_buffer_are_the_same_bytes():
    """[MQTT-1.5.3-1] [MQTT-1.5.3-3]"""
    rig = Rig()
    rig.up()
    for topic in TOPICS:
        raw = topic.encode()
        for kind in (topic, raw, bytearray(raw), memoryview(raw)):
            rig.publish(kind, b"v")
            assert rig.sent() == [publish(topic, b"v")], (topic, kind)
            rig.publish("p", kind, qos=0)
            assert rig.sent() == [publish("p", raw)], (topic, kind)


def test_a_memoryview_of_a_part_is_that_part():
    rig = Rig()
    rig.up()
    rig.publish(memoryview(b"xxa/byy")[2:5], memoryview(bytearray(b"..21.5.."))[2:6])
    assert rig.sent() == [publish("a/b", b"21.5")]


def test_a_payload_is_taken_at_the_call():
    """The caller may reuse its buffer at once, connected or not."""
    rig = Rig()
    buf = bytearray(b"first")
    rig.client.publish("a", buf, qos=1)
    buf[:] = b"XXXXX"
    raws = rig.up()
    assert fields(raws[-1])[1] == b"first"


def test_a_payload_of_which_the_socket_took_a_part_is_taken_at_the_call_too():
    for qos in (0, 1):
        for room in (1, 5, 8, 20):
            rig = Rig()
            rig.up()
            rig.link.room = room
            buf, topic = bytearray(b"0123456789" * 3), bytearray(b"topic")
            pid = rig.client.publish(topic, buf, qos=qos)
            buf[:] = b"X" * 30
            topic[:] = b"-----"
            rig.client.publish("next", b"n", qos=0)
            rig.link.room = None
            rig.settle()
            assert rig.sent() == [publish("topic", b"0123456789" * 3, qos, pid or None), publish("next", b"n")], (
                qos,
                room,
            )


def test_an_empty_retained_payload_is_sent_as_it_is():
    """[MQTT-3.3.1-10]"""
    rig = Rig()
    rig.up()
    for payload in (b"", "", bytearray()):
        rig.publish("a/b", payload, retain=True)
        assert rig.sent() == [publish("a/b", b"", retain=True)]


def test_payloads_of_every_length_up_to_300():
    rig = Rig(outbox_size=1024)
    rig.up()
    data = bytes([i & 255 for i in range(300)])
    for size in range(301):
        pid = rig.publish("ha/t", data[:size], qos=size & 1)
        assert rig.hear(*([puback(pid)] if pid else [])) == [publish("ha/t", data[:size], size & 1, pid or None)], size


def test_text_payloads_of_every_length_up_to_150_characters():
    rig = Rig(outbox_size=1024)
    rig.up()
    text = "21,5 °C à l'ombre " * 10
    for size in range(150):
        rig.publish("ha/t", text[:size])
        assert rig.sent() == [publish("ha/t", text[:size])], size


def test_topics_of_every_length_up_to_300():
    rig = Rig(outbox_size=1024)
    rig.up()
    for size in range(1, 301):
        topic = "t" * (size - 1) + "/"
        rig.publish(topic if size & 1 else topic.encode(), b"v")
        assert rig.sent() == [publish(topic, b"v")], size


def test_the_longest_topic_there_is():
    """[MQTT-4.7.3-3]"""
    rig = Rig(outbox_size=70000)
    rig.up()
    rig.publish("t" * 65535, b"v", qos=0)
    assert rig.sent() == [publish("t" * 65535, b"v")]


def check_size(remaining, qos):
    """One PUBLISH of this remaining length, from a client that is connected and from one that was not."""
    payload = bytes(remaining - 3 - (2 if qos else 0))
    for early in (False, True):
        rig = Rig(outbox_size=remaining + 64)
        if not early:
            rig.up()
        pid = rig.client.publish("s", payload, qos=qos)
        if early:
            rig.up()
        rig.settle()
        assert after_connect(rig) == publish("s", payload, qos, pid or None), (remaining, qos, early)


def after_connect(rig):
    """What was written after CONNECT, joined."""
    return b"".join(rig.link.writes[1:])


def test_remaining_lengths_at_the_steps_of_one_two_and_three_bytes():
    """(2.2.3)"""
    for remaining in (126, 127, 128, 129, 16382, 16383, 16384, 16385):
        for qos in (0, 1):
            check_size(remaining, qos)


def test_the_largest_remaining_length_of_three_bytes_and_one_more():
    check_size(2097151, 1)
    check_size(2097152, 0)


def test_a_slow_socket_gets_the_same_bytes():
    rig = Rig(qos2=True)
    rig.up()
    rig.link.grain = 3
    pids = [rig.publish("a/b", b"payload %d" % i, qos=i % 3) for i in range(6)]
    want = [publish("a/b", b"payload %d" % i, i % 3, pids[i] or None) for i in range(6)]
    assert rig.sent() == want


def test_a_blocked_socket_delays_and_nothing_else():
    rig = Rig()
    rig.up()
    rig.link.room = 5
    for i in range(3):
        rig.publish("a", b"%d" % i)
    rig.run(3000)
    assert rig.link.room == 0 and rig.client.pending == 3
    rig.link.room = None
    rig.settle()
    assert rig.sent() == [publish("a", b"%d" % i) for i in range(3)]
    assert rig.client.pending == 0


def test_publish_never_waits_for_the_network():
    rig = Rig()
    rig.up()
    rig.link.room = 0
    waits = []
    rig.link.wait = lambda ms, writing: waits.append(ms)
    for i in range(20):
        rig.client.publish("a", b"x", qos=i & 1)
    assert waits == []
