"""Who gets a message: handlers by filter, and one for the rest."""

from harness import Rig
from packets import publish

# filter, the topics it takes, the topics it leaves (4.7)
MATCHES = (
    ("a", ("a",), ("b", "a/", "/a", "a/b", "aa", "A")),
    ("a/b", ("a/b",), ("a", "a/b/c", "a/bb", "a/")),
    ("a/+", ("a/b", "a/"), ("a", "a/b/c", "b/a", "/a")),
    ("+", ("a", "é"), ("/a", "a/", "a/b", "/")),
    ("+/+", ("a/b", "/b", "a/", "/"), ("a", "a/b/c")),
    ("/+", ("/a", "/"), ("a", "a/b", "//")),
    ("a/+/c", ("a/b/c", "a//c"), ("a/b/b/c", "a/c", "a/b/c/d")),
    ("a/+/+/d", ("a/b/c/d",), ("a/b/d", "a/b/c/e")),
    ("#", ("a", "a/b/c", "/", "/a"), ("$SYS/a", "$SYS", "$")),
    ("a/#", ("a", "a/", "a/b", "a/b/c"), ("ab", "b", "/a", "aa/b")),
    ("a/+/#", ("a/b", "a/b/c", "a//"), ("a", "b/a/c")),
    ("/#", ("/", "/a", "/a/b"), ("a", "a/b")),
    ("+/a/#", ("x/a", "x/a/b", "/a"), ("$SYS/a", "x/b", "a")),
    ("+/a", ("x/a", "/a"), ("$SYS/a", "$/a")),
    ("$SYS/#", ("$SYS", "$SYS/a"), ("SYS/a", "a", "$SYSX")),
    ("$SYS/+", ("$SYS/a",), ("$SYS", "$SYS/a/b")),
    ("été/+/°C", ("été/ici/°C",), ("ete/ici/°C", "été/ici/°F")),
    ("\ufeff/+", ("\ufeff/a",), ("/a",)),
)


def connected(*filters, **options):
    """A rig with a noter per filter, named like it."""
    rig = Rig(**options)
    for text in filters:
        rig.client.subscribe(text, qos=0, handler=rig.noter("=" + text))
    rig.up()
    return rig


def test_filters_match_as_the_standard_says():
    """[MQTT-4.7.1-2] [MQTT-4.7.1-3] and a filter that begins with a wildcard leaves $ topics alone [MQTT-4.7.2-1]"""
    for text, taken, left in MATCHES:
        rig = connected(text)
        for topic in taken + left:
            rig.events.clear()
            rig.hear(publish(topic, b"x"))
            want = "=" + text if topic in taken else "message"
            assert [event[0] for event in rig.events] == [want], (text, topic)


def test_each_matching_handler_runs_once_per_packet():
    rig = connected("a/b", "a/+", "a/#", "#", "b")
    rig.events.clear()
    rig.hear(publish("a/b", b"x", 1, 9))
    assert sorted([event[0] for event in rig.events]) == ["=#", "=a/#", "=a/+", "=a/b"]
    rig.hear(publish("a/b", b"x", 1, 9))
    assert len(rig.events) == 8


def test_the_message_for_the_rest_goes_to_on_message():
    rig = connected("a")
    rig.client.subscribe("plain", qos=0)
    rig.settle()
    rig.hear(publish("a", b"1"), publish("plain", b"2"), publish("other", b"3"))
    assert rig.payloads("=a") == [b"1"]
    assert rig.payloads() == [b"2", b"3"]


def test_a_subscription_without_a_handler_leaves_the_message_to_others():
    rig = connected("a/b")
    rig.client.subscribe("a/#", qos=0)
    rig.settle()
    rig.hear(publish("a/b", b"1"))
    assert rig.payloads("=a/b") == [b"1"] and rig.payloads() == []


def test_the_same_filter_again_replaces_the_handler():
    rig = connected("a")
    for text in ("a", b"a"):
        rig.client.subscribe(text, qos=0, handler=rig.noter("new"))
        rig.settle()
        rig.events.clear()
        rig.hear(publish("a", b"1"))
        assert [event[0] for event in rig.events] == ["new"]


def test_an_unsubscribed_filter_has_no_handler():
    rig = connected("a", "a/#")
    rig.client.unsubscribe("a")
    rig.settle()
    rig.hear(publish("a", b"1"))
    assert rig.payloads("=a") == [] and rig.payloads("=a/#") == [b"1"]


def test_callbacks_are_attributes_and_may_be_set_later():
    rig = connected()
    late = []
    rig.client.on_message = lambda m: late.append(m.payload)
    rig.client.on_disconnect = lambda error: late.append(error is None)
    rig.hear(publish("a", b"1"))
    rig.lose()
    assert late == [b"1", False] and rig.told("disconnect") == []


def test_handlers_outlive_a_reconnection():
    rig = connected("a/+")
    rig.lose()
    rig.up()
    rig.hear(publish("a/b", b"again"))
    assert rig.payloads("=a/+") == [b"again"]


def test_handlers_see_every_filter_kind_of_argument():
    rig = Rig()
    raw = "é/+".encode()
    for text in (raw, bytearray(raw), memoryview(raw), "é/+"):
        rig.client.subscribe(text, qos=0, handler=rig.noter("last"))
    rig.up()
    rig.hear(publish("é/x", b"1"))
    assert rig.payloads("last") == [b"1"], "one filter, however it was given"
