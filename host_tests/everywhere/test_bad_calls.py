"""Calls that cannot be right: ValueError that names the fault, before anything is queued or sent."""

from fakes import FakeClock, FakeTransport
from harness import Rig, raises
from leanmqtt import Client, Will

LONG = "x" * 65536
ILL = (b"\xff", b"a/\xc3\x28", b"\xed\xa0\x80", b"\xc0\x80")
BAD_TOPICS = ("", b"", "a/#", "+", "a/+/b", b"#", "a\0b", b"\0", LONG, LONG.encode()) + ILL
BAD_FILTERS = ("", b"", "a/#/b", "a#", "#a", "a/b#", "a+", "+a/b", "a/+b", "a/b+/c", "##", "a\0b", b"\0", LONG) + ILL


def text_of(call, *words, **where):
    """The text of the ValueError, which must hold one of the words."""
    text = str(raises(ValueError, call))
    assert [word for word in words if word in text.lower()], (words, text, where)
    return text


def rigs():
    """One that is connected and one that is not."""
    online = Rig(outbox_size=70000)
    online.up()
    return online, Rig(outbox_size=70000)


def nothing_happened(rig):
    rig.settle()
    return rig.sent() == [] and rig.client.pending == 0 and rig.events in ([], [("connect", False)])


def test_publish_to_a_bad_topic():
    """[MQTT-3.3.2-2] [MQTT-4.7.1-1] [MQTT-4.7.3-1] to [MQTT-4.7.3-3] [MQTT-1.5.3-1] [MQTT-1.5.3-2]"""
    for rig in rigs():
        for topic in BAD_TOPICS:
            for qos in (0, 1):
                text_of(lambda: rig.client.publish(topic, b"x", qos=qos), "topic", topic=topic[:9])  # noqa: B023
        assert nothing_happened(rig)


def test_a_bad_topic_stays_bad_when_it_is_tried_again():
    rig = rigs()[0]
    for _ in range(3):
        rig.publish("good", b"")
        for topic in ("a/#", b"a/#", b"\xff"):
            text_of(lambda: rig.client.publish(topic, b"x"), "topic")  # noqa: B023


def test_a_buffer_that_turned_bad_is_noticed():
    """What was checked once must not be taken for good when its bytes have changed since."""
    rig = rigs()[0]
    topic = bytearray(b"a/b")
    rig.publish(topic, b"1")
    topic[2:3] = b"+"
    text_of(lambda: rig.client.publish(topic, b"x"), "topic")


def test_publish_with_a_bad_qos():
    """[MQTT-3.3.1-4]"""
    for rig in rigs():
        for qos in (3, 4, -1, 255):
            text_of(lambda: rig.client.publish("a", b"x", qos=qos), "qos")  # noqa: B023
        text_of(lambda: rig.client.publish("a", b"x", qos=2), "qos")  # noqa: B023
        assert nothing_happened(rig)


def test_subscribe_and_unsubscribe_with_a_bad_filter():
    """[MQTT-4.7.1-2] [MQTT-4.7.1-3] [MQTT-4.7.3-1] to [MQTT-4.7.3-3] [MQTT-3.8.3-1]"""
    for rig in rigs():
        for text in BAD_FILTERS:
            text_of(lambda: rig.client.subscribe(text), "filter", filter=text[:9])  # noqa: B023
            text_of(lambda: rig.client.unsubscribe(text), "filter", filter=text[:9])  # noqa: B023
        assert nothing_happened(rig)


def test_subscribe_with_a_bad_qos():
    """[MQTT-3-8.3-4]"""
    for rig in rigs():
        for qos in (3, -1, 0x80):
            text_of(lambda: rig.client.subscribe("a", qos=qos), "qos")  # noqa: B023
        assert nothing_happened(rig)


def new(**options):
    """A Client that must not come to be."""
    clock = FakeClock()
    return Client(options.pop("client_id", "rig"), "broker", clock=clock, transport=FakeTransport(clock), **options)


def test_a_persistent_session_without_a_client_id():
    """[MQTT-3.1.3-7]"""
    text_of(lambda: new(client_id="", clean=False), "client id", "client_id")


def test_a_password_without_a_user():
    """[MQTT-3.1.2-22]"""
    text_of(lambda: new(password="secret"), "user")


def test_a_keepalive_that_does_not_fit():
    for seconds in (65536, 1000000, -1):
        text_of(lambda: new(keepalive=seconds), "keepalive", "keep-alive", "keep alive")  # noqa: B023


def test_a_bad_will_or_birth():
    """[MQTT-3.1.2-14] [MQTT-3.1.3-10]"""
    for name in ("will", "birth"):
        for topic in BAD_TOPICS:
            text_of(lambda: new(**{name: Will(topic, b"x")}), "topic", name=name, topic=topic[:9])  # noqa: B023
        for qos in (3, -1):
            text_of(lambda: new(**{name: Will("a", b"x", qos=qos)}), "qos")  # noqa: B023
    text_of(lambda: new(will=Will("a", LONG)), "will", "payload")
    text_of(lambda: new(birth=Will("a", b"x", qos=2)), "qos")


def test_fields_longer_than_65535_bytes():
    text_of(lambda: new(client_id=LONG), "client id", "client_id")
    text_of(lambda: new(user=LONG), "user")
    text_of(lambda: new(user="a", password=LONG), "password")
    text_of(lambda: new(user="a", password=b"\0" * 65536), "password")
    text_of(lambda: new(user="é" * 32768), "user")


def test_ill_formed_text_in_connect():
    """[MQTT-1.5.3-1] [MQTT-1.5.3-2] [MQTT-3.1.3-4] [MQTT-3.1.3-11]; a password may be any bytes"""
    for ill in ILL + ("a\0b", b"\0"):
        text_of(lambda: new(client_id=ill), "client id", "client_id")  # noqa: B023
        text_of(lambda: new(user=ill), "user")  # noqa: B023
    new(user="a", password=b"\xff\0")


def test_values_without_a_meaning():
    text_of(lambda: new(overflow="newest"), "overflow")
    for version in (3, 6):
        text_of(lambda: new(version=version), "version")  # noqa: B023
    for inflight in (0, -1):
        text_of(lambda: new(inflight=inflight), "inflight", "in flight")  # noqa: B023


def test_hosts_that_are_none():
    """The fault is named before anybody waits for a connection that cannot come."""
    clock = FakeClock()
    for host, port in (
        ("", 0),
        ("a:0", 0),
        ("a:65536", 0),
        ("a:b", 0),
        ("a", 65536),
        ("a", -1),
        ([], 0),
        (["a", ""], 0),
    ):
        raises(ValueError, lambda: Client("rig", host, port, clock=clock, transport=FakeTransport(clock)))  # noqa: B023
    for host, port in (("a:65535", 0), ("a:1", 0), ("a", 65535), ([("a", 65535)], 0)):
        Client("rig", host, port, clock=clock, transport=FakeTransport(clock))


def test_the_largest_values_are_good():
    new(keepalive=65535, client_id="x" * 65535, user="u" * 65535, password="p" * 65535, will=Will("a", b"w" * 65535))
    new(will=Will("t" * 65535, b""), keepalive=0)


def test_a_bad_call_leaves_a_working_client():
    rig = rigs()[0]
    text_of(lambda: rig.client.publish("a/#", b"x", qos=1), "topic")
    text_of(lambda: rig.client.subscribe("a#"), "filter")
    rig.publish("a", b"x")
    assert len(rig.sent()) == 1
