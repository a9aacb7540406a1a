"""PUBLISH as it arrives: every field, every acknowledgement, in order."""

from harness import Rig
from packets import puback, pubcomp, publish, pubrec, pubrel


def test_every_qos_retain_and_dup_reach_the_handler():
    rig = Rig(qos2=True)
    rig.up()
    pid = 0
    for qos in (0, 1, 2):
        for retain in (False, True):
            for dup in (False, True) if qos else (False,):
                rig.events.clear()
                pid += 1
                rig.link.feed(publish("ha/x", b"on", qos, pid if qos else None, retain, dup))
                if qos == 2:
                    rig.link.feed(pubrel(pid))
                rig.settle()
                assert rig.events == [("message", "ha/x", b"on", qos, retain, dup)]


def test_the_answer_goes_by_qos():
    """[MQTT-3.3.4-1] [MQTT-2.3.1-6]"""
    rig = Rig(qos2=True)
    rig.up()
    assert rig.hear(publish("a", b"")) == []
    assert rig.hear(publish("a", b"", 1, 7)) == [puback(7)]
    assert rig.hear(publish("a", b"", 2, 65535)) == [pubrec(65535)]
    assert rig.hear(pubrel(65535)) == [pubcomp(65535)]


def test_acknowledgements_are_sent_in_the_order_of_receipt():
    """[MQTT-4.6.0-2] [MQTT-4.6.0-3]"""
    rig = Rig(qos2=True)
    rig.up()
    pids = (9, 3, 500, 4, 65535, 1, 77, 30, 31, 32, 2, 60)
    got = rig.hear(*[publish("a", b"", 1 + (pid & 1), pid) for pid in pids])
    assert got == [pubrec(pid) if pid & 1 else puback(pid) for pid in pids]


def test_what_nobody_wants_is_acknowledged_too():
    """[MQTT-4.5.0-2]"""
    rig = Rig(on_message=None, qos2=True)
    rig.up()
    assert rig.hear(publish("a", b"", 1, 7), publish("b", b"", 2, 8)) == [puback(7), pubrec(8)]


def test_an_id_is_a_new_message_after_its_puback_whatever_dup_says():
    """[MQTT-4.3.2-2]"""
    rig = Rig()
    rig.up()
    assert rig.hear(publish("a", b"1", 1, 7), publish("a", b"2", 1, 7, dup=True)) == [puback(7), puback(7)]
    assert rig.payloads() == [b"1", b"2"]


def test_messages_before_the_suback_are_taken():
    """(3.8.4)"""
    rig = Rig()
    rig.client.subscribe("a", qos=1, handler=rig.noter("mine"))
    rig.up()
    rig.hear(publish("a", b"early", 1, 5))
    assert rig.payloads("mine") == [b"early"]


def test_topics_are_text_and_the_byte_order_mark_stays():
    """[MQTT-1.5.3-3]"""
    rig = Rig()
    rig.up()
    for topic in ("\ufeffa", "été/°C", "/", "𝄞", "t" * 200):
        rig.hear(publish(topic, b"x"))
    assert [told[0] for told in rig.told("message")] == ["\ufeffa", "été/°C", "/", "𝄞", "t" * 200]


def test_payloads_of_every_length_up_to_300():
    rig = Rig(rx_size=512)
    rig.up()
    data = bytes([i & 255 for i in range(300)])
    for size in range(301):
        rig.hear(publish("ha/t", data[:size], size & 1, 1 + size if size & 1 else None))
        assert rig.payloads() == [data[:size]], size
        rig.events.clear()


def test_topics_of_every_length_up_to_300():
    rig = Rig(rx_size=512)
    rig.up()
    for size in range(1, 301):
        rig.hear(publish("t" * size, b"v"))
        assert rig.told("message")[0][:2] == ("t" * size, b"v"), size
        rig.events.clear()


def test_remaining_lengths_at_the_steps_of_one_two_and_three_bytes():
    rig = Rig(rx_size=16500)
    rig.up()
    for remaining in (126, 127, 128, 129, 16382, 16383, 16384, 16385):
        payload = bytes([i % 251 for i in range(remaining - 3)])
        rig.hear(publish("s", payload))
        assert rig.payloads() == [payload], remaining
        rig.events.clear()


def test_the_largest_remaining_length_of_three_bytes():
    rig = Rig(rx_size=2097200, on_message=None)
    got = []
    rig.client.on_message = lambda m: got.append((m.payload_len, m.payload == payload))
    rig.up()
    payload = bytes(2097151 - 3)
    rig.hear(publish("s", payload))
    assert got == [(2097148, True)]


def test_a_broker_that_dribbles_is_understood():
    """[MQTT-7.1.2-1]"""
    rig = Rig(qos2=True)
    rig.client.subscribe("a/#", qos=2)
    rig.link.chunk = 1
    rig.up()
    rig.grant()
    got = rig.hear(
        publish("a/b", b"zero"), publish("a/b", b"one", 1, 1), publish("a/b", b"two", 2, 2), pubrel(2), publish("é")
    )
    assert got == [puback(1), pubrec(2), pubcomp(2)]
    assert rig.payloads() == [b"zero", b"one", b"two", b""]
    assert rig.told("disconnect") == []


def test_packets_cut_at_every_place_are_understood():
    stream = publish("a/b", b"first", 1, 258) + publish("ü", b"x" * 130) + publish("c", b"", 1, 3)
    rig = Rig()
    rig.up()
    for cut in range(1, len(stream)):
        rig.events.clear()
        rig.link.feed(stream[:cut])
        rig.settle()
        assert rig.hear(stream[cut:])[-1] == puback(3), cut
        assert rig.payloads() == [b"first", b"x" * 130, b""], cut


def test_an_acknowledgement_waits_for_a_blocked_socket():
    rig = Rig(qos2=True)
    rig.up()
    rig.link.room = 0
    rig.hear(*[publish("a", b"", 1, pid) for pid in (1, 2, 3)])
    assert rig.sent() == []
    rig.link.room = None
    rig.settle()
    assert rig.sent() == [puback(1), puback(2), puback(3)]


def test_a_blocked_socket_and_a_flood_lose_no_acknowledgement():
    """More are owed than any buffer holds: reading has to wait, then everything is acknowledged, in order."""
    rig = Rig()
    rig.up()
    rig.link.room = 0
    rig.hear(*[publish("a", b"", 1, pid) for pid in range(1, 301)])
    rig.link.room = None
    rig.settle()
    assert rig.sent() == [puback(pid) for pid in range(1, 301)]
    assert len(rig.told("message")) == 300 and rig.told("disconnect") == []
