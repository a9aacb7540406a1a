"""Callbacks: what they may do, when they run, and what is left after one that raises."""

from harness import Rig, published, raises, subscribed
from packets import DISCONNECT, UNSUBSCRIBE, only, packet_id, puback, publish, split, suback

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
        done, rigs = [], []

        def callback(*args, name=name, done=done, rigs=rigs):
            if not done:
                done.append(name)
                client = rigs[0].client
                client.publish("from/callback", b"1", qos=1)
                client.subscribe("from/callback", qos=1)
                client.unsubscribe("other")

        rigs.append(provoke(name, callback, clean=False))
        rig = rigs[0]
        rig.settle()
        raws = rig.up(session=True) if name == "disconnect" else split(bytes(rig.link.stream))[0]
        assert done == [name]
        assert b"1" in published(raws) and (b"from/callback", 1) in subscribed(raws), name
        assert len(only(raws, UNSUBSCRIBE)) == 1, name


def test_poll_and_connect_raise_in_every_callback():
    for name in NAMES:
        errors, rigs = [], []

        def callback(*args, errors=errors, rigs=rigs):
            if not errors:
                errors.append(raises(RuntimeError, rigs[0].client.poll))
                errors.append(raises(RuntimeError, rigs[0].client.connect))

        rigs.append(provoke(name, callback))
        rigs[0].settle()
        assert len(errors) == 2, name
        if name != "disconnect":
            assert rigs[0].client.connected, "nothing broke"


def test_disconnect_is_allowed_in_every_callback():
    for name in NAMES:
        done, rigs = [], []

        def callback(*args, done=done, rigs=rigs):
            if not done:
                done.append(1)
                rigs[0].client.disconnect()

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
