"""CONNACK: acceptance, the five refusals in words, and everything a broker must not say first."""

from harness import Rig, raises
from leanmqtt import MQTTError
from packets import PINGRESP, connack, packet, puback, publish, suback

# What a person must find in the text, any one of each: the matter, and what to do is said after a colon.
REFUSALS = {
    1: ("version", "protocol", "3.1.1"),
    2: ("client id", "identifier"),
    3: ("unavailable", "not available", "service"),
    4: ("password",),
    5: ("authori",),
}


def refused(code, **options):
    """The rig, and the exception of a connect() that the broker refuses with this code."""
    rig = Rig(**options)
    rig.link.later(50, connack(code=code))
    return rig, raises(MQTTError, rig.client.connect)


def test_connect_raises_each_refusal_in_words_that_say_what_to_do():
    for code in REFUSALS:
        rig, error = refused(code)
        text = str(error)
        assert "(code %d" % code in text and ": " in text, text
        assert [word for word in REFUSALS[code] if word in text.lower()], text
        assert len(text) > 40, "says what to do: " + text


def test_a_refusal_is_kept_in_last_error():
    for code in REFUSALS:
        rig, error = refused(code)
        assert str(rig.client.last_error) == str(error)


def test_a_refused_connect_is_raised_at_once_and_leaves_the_client_stopped():
    """[MQTT-3.2.2-5]"""
    rig, _ = refused(5)
    assert rig.clock.now - 5000 < 2000
    assert not rig.link.is_open and not rig.client.connected
    rig.run(600000, 1000)
    assert len(rig.link.opens) == 1, "stopped"


def test_a_refusal_is_read_even_when_the_broker_resets_at_once():
    """Until the CONNACK is in, at most four bytes are read at a time: a reset behind them would swallow them."""
    rig = Rig()
    rig.dial()
    rig.link.feed(connack(code=4))
    rig.link.end = -1
    rig.until(lambda: rig.told("disconnect"))
    assert "(code 4" in str(rig.client.last_error)
    assert max(rig.link.asked or [4]) <= 4


def test_a_refusal_under_start_is_told_and_tried_again():
    rig = Rig()
    rig.dial()
    rig.hear(connack(code=3))
    (error,) = rig.told("disconnect")[0]
    assert isinstance(error, MQTTError) and "(code 3" in str(error)
    rig.up()
    assert rig.told("connect") == [(False,)]


def test_on_connect_tells_whether_the_broker_kept_the_session():
    """[MQTT-3.2.2-2] [MQTT-3.2.2-3]"""
    rig = Rig(clean=False)
    rig.up(session=False)
    assert rig.client.session_present is False
    rig.lose()
    rig.up(session=True)
    assert rig.client.session_present is True
    assert [bool(told[0]) for told in rig.told("connect")] == [False, True]


def violates(*raws, **options):
    """The broker answers CONNECT with this: the client must close with a plain error, then dial again."""
    rig = Rig(**options)
    rig.dial()
    rig.link.feed(*raws)
    rig.until(lambda: rig.told("disconnect"), 1000)
    ((error,),) = rig.told("disconnect")
    assert isinstance(error, MQTTError) and len(str(error)) > 10, error
    assert rig.told("connect") == [] and not rig.client.connected
    rig.up()


def test_session_present_after_a_clean_session_is_a_protocol_error():
    """[MQTT-3.2.2-1]"""
    violates(connack(session=True), clean=True)


def test_an_unknown_return_code_is_a_protocol_error():
    for code in (6, 127, 128, 255):
        violates(connack(code=code))


def test_reserved_connack_flags_are_a_protocol_error():
    for flags in (2, 0x80, 0xFF):
        violates(packet(0x20, bytes((flags, 0))), clean=False)
    for first in (0x21, 0x22, 0x28):
        violates(packet(first, b"\0\0"))


def test_a_connack_of_the_wrong_length_is_a_protocol_error():
    for body in (b"", b"\0", b"\0\0\0"):
        violates(packet(0x20, body))


def test_anything_but_connack_first_is_a_protocol_error():
    """[MQTT-3.2.0-1]"""
    packets = (PINGRESP, publish("a", b"1"), puback(1), suback(1, 0), packet(0x10, b""), packet(0xF0))
    for raw in packets + (b"HTTP/1.1 400",):
        violates(raw)


def test_a_second_connack_is_a_protocol_error():
    rig = Rig()
    rig.up()
    rig.link.feed(connack())
    rig.until(lambda: rig.told("disconnect"), 1000)
    assert isinstance(rig.told("disconnect")[0][0], MQTTError)


def test_a_connection_closed_before_connack_is_told_and_tried_again():
    for end in (0, -1):
        rig = Rig()
        rig.dial()
        rig.link.end = end
        rig.until(lambda rig=rig: rig.told("disconnect"), 1000)
        assert isinstance(rig.told("disconnect")[0][0], MQTTError)
        rig.up()


def test_a_dribbled_connack_is_a_connack():
    rig = Rig()
    rig.dial()
    for octet in connack():
        rig.run(500)
        assert not rig.client.connected
        rig.link.feed(bytes((octet,)))
    rig.settle()
    assert rig.client.connected


def test_packets_right_behind_the_connack_are_taken():
    rig = Rig()
    rig.dial()
    rig.hear(connack() + publish("a", b"1") + publish("a", b"2"))
    assert rig.payloads() == [b"1", b"2"]
    assert [event[0] for event in rig.events] == ["connect", "message", "message"]
