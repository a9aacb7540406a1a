"""Callbacks: what they may do, when they run, and what is left after one that raises."""

from harness import Rig, published, raises, subscribed
from leanmqtt import OutboxFull
from packets import DISCONNECT, PUBLISH, UNSUBSCRIBE, fields, only, packet_id, puback, publish, split, suback

NAMES = ("message", "connect", "disconnect", "subscribed", "delivered", "oversize")


class Boom(Exception):
    pass


def provoke(name, callback, **options):
    """A rig on which this callback has just been run in the ways that are left to the caller of settle()."""
    options["on_" + name] = callback
    rig = Rig(rx_size=64, **options)
    if name == "subscribed":
        rig.client.subscribe("s", qos=1)
    rig.dial()
    if name == "delivered":
        pid = rig.client.publish("a", b"x", qos=1)
    rig.link.feed(b"\x20\x02\x00\x00")
    if name == "message":
        rig.link.feed(publish("a", b"x", 1, 77))
    elif name == "oversize":
        rig.link.feed(publish("a", b"x" * 200, 1, 77))
    elif name == "subscribed":
        rig.until(lambda: subscribed(split(bytes(rig.link.stream))[0]), 1000)
        rig.link.feed(suback(packet_id(split(bytes(rig.link.stream))[0][1]), 1))
    elif name == "delivered":
        rig.until(lambda: len(split(bytes(rig.link.stream))[0]) > 1, 1000)
        rig.link.feed(puback(pid))
    elif name == "disconnect":
        rig.client.poll(0)
        rig.link.end = 0
    return rig


def test_publish_subscribe_and_unsubscribe_are_allowed_in_every_callback():
    for name in NAMES:
        done = []

        def callback(*args, name=name, done=done):
            if not done:
                done.append(name)
                client = rigs[0].client
                client.publish("from/callback", b"1", qos=1)
                client.subscribe("from/callback", qos=1)
                client.unsubscribe("other")

        rigs = []
        rigs.append(provoke(name, callback, clean=False))
        rig = rigs[0]
        rig.settle()
        raws = rig.up(session=True) if name == "disconnect" else split(bytes(rig.link.stream))[0]
        assert done == [name]
        assert b"1" in published(raws) and (b"from/callback", 1) in subscribed(raws), name
        assert len(only(raws, UNSUBSCRIBE)) == 1, name


def test_poll_and_connect_raise_in_every_callback():
    for name in NAMES:
        errors = []

        def callback(*args, errors=errors):
            if not errors:
                errors.append(raises(RuntimeError, rigs[0].client.poll))
                errors.append(raises(RuntimeError, rigs[0].client.connect))

        rigs = []
        rigs.append(provoke(name, callback))
        rigs[0].settle()
        assert len(errors) == 2, name
        if name != "disconnect":
            assert rigs[0].client.connected, "nothing broke"


def test_disconnect_is_allowed_in_every_callback():
    for name in NAMES:
        done = []

        def callback(*args, done=done):
            if not done:
                done.append(1)
                rigs[0].client.disconnect()

        rigs = []
        rigs.append(provoke(name, callback))
        rig = rigs[0]
        rig.run(5000)
        opens = len(rig.link.opens)
        rig.run(300000, 1000)
        assert done and not rig.client.connected and len(rig.link.opens) == opens == 1, name
        raws = split(bytes(rig.link.stream))[0]
        assert name == "disconnect" or (raws[-1] == DISCONNECT and raws.count(DISCONNECT) == 1), name


def test_callbacks_run_only_inside_poll_connect_and_disconnect():
    rig = Rig(outbox_size=256)
    rig.up()
    count = len(rig.events)
    rig.link.room = 0
    for _ in range(50):
        rig.client.publish("a", b"x" * 20, qos=1)
    rig.client.subscribe("a")
    rig.link.end = 0
    rig.link.feed(publish("a", b"x"))
    rig.client.publish("a", b"y", qos=0)
    rig.client.unsubscribe("a")
    rig.client.due_ms()
    assert len(rig.events) == count and rig.client.dropped
    rig.settle()
    assert len(rig.events) > count


def test_the_exception_of_a_callback_leaves_poll_unchanged():
    for name in NAMES:
        boom, done = Boom(name), []

        def callback(*args, boom=boom, done=done):
            if not done:
                done.append(1)
                raise boom

        rig = provoke(name, callback)
        assert raises(Boom, rig.settle) is boom, name


def test_after_an_exception_the_next_poll_goes_on():
    """The packet is acknowledged, the state is consistent, and nothing runs twice."""
    for name in NAMES:
        done = []

        def callback(*args, done=done, name=name):
            done.append(1)
            if len(done) == 1:
                raise Boom(name)

        rig = provoke(name, callback)
        raises(Boom, rig.settle)
        rig.settle()
        if name == "disconnect":
            rig.up()
        assert len(done) == 1, name
        assert rig.client.connected, name
        raws = split(bytes(rig.link.stream))[0]
        if name in ("message", "oversize"):
            assert raws.count(puback(77)) == 1, name
        pid = rig.publish("after", b"1", qos=1)
        rig.sent()
        assert rig.hear(puback(pid), publish("b", b"2", 1, 5)) == [puback(5)], name
        assert rig.client.pending == 0


def test_a_raising_handler_leaves_no_other_handler_out():
    """The handlers that were still to come run in the next poll at the latest; each once."""
    for bad in range(4):
        rig = Rig(clean=False)
        boom = Boom()

        def raising(m, rig=rig, boom=boom):
            rig.note(m, "ran")
            raise boom

        for i, text in enumerate(("a/b", "a/+", "#", "+/b")):
            rig.client.subscribe(text, qos=1, handler=raising if i == bad else rig.noter("ran"))
        rig.grant(rig.up())
        rig.link.feed(publish("a/b", b"1", 1, 5), publish("a/b", b"2", 1, 6))
        assert raises(Boom, rig.settle) is boom
        rig.client.poll(0) if rig.payloads("ran").count(b"1") < 4 else None
        assert rig.payloads("ran").count(b"1") == 4, bad
        for _ in range(3):
            try:
                rig.settle()
            except Boom:
                pass
        assert rig.payloads("ran") == [b"1"] * 4 + [b"2"] * 4, bad
        rig.settle()
        assert only(rig.sent(), 0x40)[-2:] == [puback(5), puback(6)]


def test_every_handler_of_a_packet_may_raise():
    rig = Rig()

    def raising(m):
        rig.note(m, "ran")
        raise Boom()

    for text in ("a/b", "a/+", "+/b"):
        rig.client.subscribe(text, qos=1, handler=raising)
    rig.grant(rig.up())
    rig.link.feed(publish("a/b", b"1", 1, 5))
    booms = 0
    for _ in range(10):
        try:
            rig.settle()
        except Boom:
            booms += 1
    assert booms == 3 == len(rig.payloads("ran")) and rig.client.connected
    assert rig.sent()[-1] == puback(5)
    assert rig.hear(publish("x", b"2", 1, 6)) == [puback(6)]


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
