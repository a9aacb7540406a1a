"""Calls from within: what handlers change while they run, and interrupts that land inside another call."""

from harness import Rig, published, raises, subscribed
from leanmqtt import OutboxFull
from packets import PUBLISH, UNSUBSCRIBE, fields, only, packet_id, puback, publish, split


def test_a_subscription_of_a_handler_counts_from_the_next_packet():
    rig = Rig()

    def handler(m):
        rig.note(m, "old")
        rig.client.subscribe("a/+", qos=0, handler=rig.noter("new"))

    rig.client.subscribe("a/b", qos=0, handler=handler)
    rig.grant(rig.up())
    rig.hear(publish("a/b", b"1"))
    assert (rig.payloads("old"), rig.payloads("new")) == ([b"1"], [])
    rig.hear(publish("a/b", b"2"))
    assert (rig.payloads("old"), rig.payloads("new")) == ([b"1", b"2"], [b"2"])


def test_an_unsubscription_of_a_handler_counts_from_the_next_packet():
    rig = Rig()

    def handler(m):
        rig.note(m, "one")
        for text in ("a/b", "a/+", "#"):
            rig.client.unsubscribe(text)

    rig.client.subscribe("a/b", qos=0, handler=handler)
    rig.client.subscribe("a/+", qos=0, handler=rig.noter("two"))
    rig.client.subscribe("#", qos=0, handler=rig.noter("three"))
    rig.grant(rig.up())
    rig.hear(publish("a/b", b"1"), publish("a/b", b"2"))
    assert (rig.payloads("one"), rig.payloads("two"), rig.payloads("three")) == ([b"1"], [b"1"], [b"1"])
    assert rig.payloads() == [b"2"]
    assert sorted([packet_id(raw) > 0 for raw in only(rig.sent() + split(bytes(rig.link.stream))[0], UNSUBSCRIBE)]) == [
        True,
        True,
        True,
    ]


def test_a_handler_may_replace_itself():
    rig = Rig()

    def first(m):
        rig.note(m, "first")
        rig.client.subscribe("a", qos=0, handler=rig.noter("second"))

    rig.client.subscribe("a", qos=0, handler=first)
    rig.grant(rig.up())
    rig.hear(publish("a", b"1"), publish("a", b"2"), publish("a", b"3"))
    assert (rig.payloads("first"), rig.payloads("second")) == ([b"1"], [b"2", b"3"])


def test_many_changes_of_one_callback_all_count():
    rig = Rig()

    def handler(m):
        for i in range(20):
            rig.client.subscribe("t/%d" % i, qos=0)
        for i in range(0, 20, 2):
            rig.client.unsubscribe("t/%d" % i)

    rig.client.subscribe("go", qos=0, handler=handler)
    rig.grant(rig.up())
    rig.hear(publish("go", b""))
    rig.lose()
    names = [text for text, _ in subscribed(rig.up())]
    assert sorted(names) == sorted([b"go"] + [b"t/%d" % i for i in range(1, 20, 2)])


def test_an_answer_published_by_a_handler_leaves_the_message_as_it_was():
    """The outbox and the window of received bytes are two things."""
    rig = Rig()

    def handler(m):
        before = (m.topic, m.payload)
        rig.client.publish("answer", b"z" * 100, qos=1)
        rig.client.subscribe("more/" + "f" * 50, qos=0)
        assert (m.topic, m.payload) == before
        rig.note(m, "seen")

    rig.client.subscribe("q", qos=0, handler=handler)
    rig.grant(rig.up())
    rig.hear(publish("q", b"1"), publish("q", b"2"))
    assert rig.payloads("seen") == [b"1", b"2"]


def test_a_handler_that_floods_the_outbox_meets_its_limit_and_nothing_else():
    """What it published is in flight at once, so that neither policy may drop it."""
    for overflow in ("oldest", "refuse"):
        rig = Rig(outbox_size=256, overflow=overflow)

        def handler(m, rig=rig):
            for i in range(50):
                rig.client.publish("out", b"%d" % i + b"x" * 20, qos=1)

        rig.client.subscribe("q", qos=0, handler=handler)
        rig.grant(rig.up())
        rig.link.feed(publish("q", b"1", 1, 5))
        raises(OutboxFull, rig.settle)
        rig.settle()
        assert puback(5) in rig.sent() + split(bytes(rig.link.stream))[0] and rig.client.connected


def test_a_publish_in_on_connect_goes_out():
    rig = Rig(on_connect=lambda session: rigs[0].client.publish("hello", b"%d" % session, qos=0))
    rigs = [rig]
    for _ in range(3):
        assert published(rig.up()) == [b"0"]
        rig.lose()


def interrupted(action):
    """What an interrupt meets that calls `action(client)` inside every read and write of a working client."""
    rig = Rig()
    rig.client.subscribe("a", qos=1, handler=rig.noter("mine"))
    rig.grant(rig.up())
    met = []

    def interrupt():
        try:
            action(rig.client)
            met.append(None)
        except RuntimeError as e:
            met.append(e)

    rig.link.hook = interrupt
    pid = rig.client.publish("out", b"x", qos=1)
    rig.link.feed(publish("a", b"y", 1, 9))
    for _ in range(10):
        rig.client.poll(0)
    rig.link.hook = None
    rig.hear(puback(pid))
    assert rig.payloads("mine") == [b"y"] and rig.told("delivered") == [(pid, 0)]
    raws = split(bytes(rig.link.stream))[0]
    assert [fields(raw)[1] for raw in only(raws, PUBLISH)] == [b"x"] and puback(9) in raws
    assert rig.client.connected and rig.client.pending == 0
    return met


def test_a_call_from_an_interrupt_inside_another_call_raises():
    for action in (
        lambda client: client.publish("irq", b"", qos=1),
        lambda client: client.publish("irq", b"", qos=0),
        lambda client: client.poll(0),
        lambda client: client.subscribe("irq"),
        lambda client: client.unsubscribe("irq"),
        lambda client: client.disconnect(),
        lambda client: client.connect(),
    ):
        met = interrupted(action)
        assert met and None not in met, met


def test_an_exception_of_the_interpreter_passes_through_too():
    """Ctrl-C in a handler must reach the program."""

    def handler(m):
        raise KeyboardInterrupt

    rig = Rig(on_message=handler)
    rig.up()
    rig.link.feed(publish("a", b"x", 1, 5))
    raises(KeyboardInterrupt, rig.settle)
    rig.client.on_message = rig.noter("later")
    assert puback(5) in rig.hear(publish("a", b"y", 1, 6)) + split(bytes(rig.link.stream))[0]
    assert rig.payloads("later") == [b"y"]
