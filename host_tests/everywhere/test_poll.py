"""poll(): how much one call does, how long it waits, what it answers; and due_ms() and sock beside it."""

from harness import Rig, published, raises
from packets import PINGREQ, connack, connect, puback, publish


def test_a_flood_cannot_starve_the_loop():
    """At most one read of rx_size bytes and eight packets per call; nothing of the flood is lost."""
    rig = Rig(rx_size=512)
    rig.up()
    rig.link.feed(*[publish("a", b"%d" % i) for i in range(500)])
    while rig.link.unread():
        told, reads = len(rig.events), len(rig.link.asked)
        assert rig.client.poll(0)
        assert len(rig.events) - told <= 8
        assert len(rig.link.asked) - reads <= 1 and max(rig.link.asked[reads:] + [0]) <= 512
    rig.settle()
    assert rig.payloads() == [b"%d" % i for i in range(500)]


def test_a_flood_that_must_be_acknowledged_is_bounded_too():
    rig = Rig(rx_size=512)
    rig.up()
    rig.link.feed(*[publish("a", b"", 1, i) for i in range(1, 301)])
    turns = 0
    while len(rig.told("message")) < 300:
        before = len(rig.events)
        rig.client.poll(0)
        turns += 1
        assert len(rig.events) - before <= 8
    rig.settle()
    assert rig.sent() == [puback(i) for i in range(1, 301)] and 38 <= turns < 400


def test_publishing_goes_on_under_a_flood():
    rig = Rig()
    rig.up()
    for _ in range(2000):
        rig.link.feed(publish("a", b"x"))
    pid = rig.client.publish("out", b"now", qos=1)
    rig.client.poll(0)
    assert rig.link.unread() > 0 and rig.sent() == [publish("out", b"now", 1, pid)]


def test_the_answer_says_whether_something_was_handled():
    rig = Rig()
    rig.up()
    assert not rig.client.poll(0)
    rig.link.feed(publish("a", b"x"))
    assert rig.client.poll(0) is True
    rig.settle()
    assert not rig.client.poll(0)


def test_poll_returns_as_soon_as_something_was_handled():
    rig = Rig()
    rig.up()
    begin = rig.clock.now
    rig.link.later(700, publish("a", b"x"))
    assert rig.client.poll(timeout_ms=5000) is True
    assert rig.clock.now - begin == 700 and rig.payloads() == [b"x"]


def test_poll_waits_no_longer_than_it_was_told():
    rig = Rig()
    rig.up()
    for timeout in (1, 10, 999, 5000):
        begin = rig.clock.now
        assert not rig.client.poll(timeout_ms=timeout)
        assert rig.clock.now - begin == timeout


def test_poll_waits_no_longer_than_it_was_told_in_every_state():
    def check(rig, state):
        for timeout in (1, 200):
            begin = rig.clock.now
            rig.client.poll(timeout_ms=timeout)
            assert rig.clock.now - begin <= timeout, state

    rig = Rig()
    check(rig, "never started")
    rig.link.delay = None
    rig.start()
    check(rig, "opening")
    rig = Rig()
    rig.dial()
    check(rig, "before the CONNACK")
    rig = Rig()
    rig.link.refuse = OSError(111, "ECONNREFUSED")
    rig.start()
    rig.run(20000)
    check(rig, "between two attempts")
    rig = Rig(ready=lambda: False)
    rig.start()
    check(rig, "no network")
    rig = Rig()
    rig.up()
    rig.link.room = 0
    rig.publish("a", b"x")
    check(rig, "blocked")
    rig.client.disconnect(timeout_ms=10)
    check(rig, "disconnected")


def test_poll_without_a_timeout_never_waits():
    waits = []
    rig = Rig()
    wait = rig.link.wait
    rig.link.wait = lambda ms, writing: (waits.append(ms), wait(ms, writing))[1]
    rig.start()
    for _ in range(20):
        rig.client.poll()
    rig.link.feed(connack())
    for _ in range(20):
        rig.client.poll()
    assert rig.client.connected and sum(waits) == 0


def test_a_long_poll_does_everything_in_time():
    """Pings, reconnections and what is published by callbacks happen inside one long call."""
    rig = Rig()
    rig.up()
    rig.client.poll(timeout_ms=59000)
    assert rig.sent() == [PINGREQ]


def test_a_half_written_packet_is_finished_by_poll_alone():
    rig = Rig()
    rig.up()
    rig.link.room = 4
    rig.client.publish("topic", b"payload", qos=0)
    rig.link.later(300, lambda: setattr(rig.link, "room", None))
    begin = rig.clock.now
    assert rig.client.poll(timeout_ms=5000) is True
    assert rig.clock.now - begin == 300, "it woke up when the socket could take more"
    assert rig.sent() == [publish("topic", b"payload")]


def test_a_connection_in_the_making_wakes_poll_when_it_is_made():
    rig = Rig()
    rig.link.delay = 700
    rig.start()
    begin = rig.clock.now
    while not rig.sent():
        rig.client.poll(timeout_ms=5000)
    assert rig.clock.now - begin <= 710


def test_an_acknowledgement_that_could_not_be_written_wakes_poll_when_it_can():
    rig = Rig()
    rig.up()
    rig.link.room = 0
    rig.hear(publish("a", b"", 1, 5))
    rig.link.later(300, lambda: setattr(rig.link, "room", None))
    begin = rig.clock.now
    rig.client.poll(timeout_ms=5000)
    assert rig.sent() == [puback(5)] and rig.clock.now - begin == 300


def test_due_ms_is_the_time_to_the_next_ping():
    rig = Rig()
    rig.up()
    due = rig.client.due_ms()
    assert 20000 < due < 60000
    rig.clock.add(due - 1)
    rig.settle()
    assert rig.sent() == [] and rig.client.due_ms() in (0, 1)
    rig.clock.add(1)
    rig.settle()
    assert rig.sent() == [PINGREQ]
    rig.clock.add(rig.client.due_ms())
    rig.client.poll(0)
    rig.clock.add(1)
    rig.settle()
    assert rig.told("disconnect"), "then comes the deadline of the answer"


def test_due_ms_is_the_time_to_the_next_attempt():
    rig = Rig()
    rig.link.refuse = OSError(111, "ECONNREFUSED")
    rig.start()
    for _ in range(30):
        rig.settle()
        opens = len(rig.link.opens)
        due = rig.client.due_ms()
        assert 0 <= due <= 60000
        rig.clock.add(due)
        rig.settle()
        if len(rig.link.opens) == opens:
            rig.clock.add(1)
            rig.settle()
        assert len(rig.link.opens) > opens


def test_due_ms_is_the_time_to_the_end_of_patience():
    """Opening, CONNACK and acknowledgement each have a deadline that a sleeper must not miss."""
    rig = Rig(ack_timeout_ms=10000, keepalive=0)
    rig.up()
    rig.publish("a", b"x", qos=1)
    assert 9000 <= rig.client.due_ms() <= 10000
    rig = Rig()
    rig.dial()
    assert 0 < rig.client.due_ms() <= 60000
    rig = Rig()
    rig.link.delay = None
    rig.start()
    rig.client.poll(0)
    assert 0 <= rig.client.due_ms() <= 60000


def test_due_ms_is_0_while_something_is_left_to_do_without_the_socket():
    """Packets already read, handlers still to come, drops still to be told: a sleeper must not sleep on them."""
    rig = Rig()
    rig.up()
    rig.hear()
    rig.link.feed(*[publish("a", b"%d" % i) for i in range(20)])
    rig.client.poll(0)
    assert rig.link.unread() == 0 and len(rig.payloads()) == 8
    assert rig.client.due_ms() == 0

    rig = Rig(outbox_size=256)
    rig.up()
    rig.link.room = 0
    for _ in range(30):
        rig.client.publish("a", b"x" * 40, qos=1)
    assert rig.client.dropped and rig.client.due_ms() == 0
    rig.settle()
    assert rig.client.due_ms() > 0 and len(rig.told("delivered")) == rig.client.dropped

    def raising(m):
        raise KeyError("mine")

    for first in (raising, rig.noter("ran")):
        rig = Rig()
        rig.client.subscribe("#", qos=0, handler=first)
        rig.client.subscribe("a", qos=0, handler=raising)
        rig.client.subscribe("+", qos=0, handler=rig.noter("ran"))
        rig.grant(rig.up())
        rig.link.feed(publish("a", b"1"))
        raises(KeyError, rig.settle)
        assert rig.client.due_ms() == 0


def test_a_loop_that_sleeps_for_due_ms_misses_nothing():
    """The program's own select: sleep until the socket is readable or due_ms() is over, then poll."""
    rig = Rig()
    rig.link.answer = lambda data: rig.link.feed(b"\xd0\x00") if PINGREQ in data else None
    rig.up()
    end, turns = rig.clock.now + 3600000, 0
    while rig.clock.now < end:
        rig.clock.add(max(1, rig.client.due_ms()))
        rig.client.poll(0)
        rig.client.poll(0)
        turns += 1
    assert rig.told("disconnect") == [] and turns < 500
    assert len(rig.sent()) >= 60


def test_sock_is_the_socket_of_the_link():
    rig = Rig()
    assert rig.client.sock is None
    rig.up()
    assert rig.client.sock is rig.link.sock is not None
    rig.lose()
    assert rig.client.sock is rig.link.sock


def test_connected_is_true_between_connack_and_the_end():
    rig = Rig()
    assert not rig.client.connected
    rig.dial()
    assert not rig.client.connected
    rig.hear(connack())
    assert rig.client.connected
    rig.lose()
    assert not rig.client.connected


def test_last_error_is_none_while_nothing_went_wrong():
    rig = Rig()
    assert rig.client.last_error is None
    rig.up()
    assert rig.client.last_error is None
    rig.lose()
    assert rig.client.last_error is not None and rig.told("disconnect")[0][0] is not None


def test_on_disconnect_is_told_once_per_lost_link():
    rig = Rig()
    for i in range(5):
        rig.up()
        rig.lose()
        assert len(rig.told("disconnect")) == i + 1 and len(rig.told("connect")) == i + 1
    assert published(rig.up()) == []


def test_one_client_at_a_time_and_connect_first_on_every_link():
    rig = Rig()
    for _ in range(4):
        raws = rig.up()
        assert raws[0] == connect("rig")
        rig.lose(-1)


def test_a_write_that_fails_ends_the_link_whatever_was_written():
    """Publish, acknowledgement, SUBSCRIBE, UNSUBSCRIBE, PINGREQ; and CONNECT itself."""
    acts = (
        lambda rig: rig.client.publish("a", b"", qos=0),
        lambda rig: rig.client.publish("a", b"", qos=1),
        lambda rig: rig.link.feed(publish("a", b"", 1, 5)),
        lambda rig: rig.client.subscribe("a"),
        lambda rig: rig.client.unsubscribe("a"),
        lambda rig: rig.clock.add(59000),
    )
    for act in acts:
        rig = Rig(clean=False)
        rig.up()
        rig.link.deaf = True
        act(rig)
        rig.until(lambda rig=rig: not rig.client.connected, 100, 10)
        assert len(rig.told("disconnect")) == 1 and rig.client.last_error
        rig.link.deaf = False
        rig.up(session=True)
    rig = Rig()
    rig.link.deaf = True
    rig.start()
    rig.until(lambda: rig.told("disconnect"), 100, 10)
    rig.link.deaf = False
    rig.up()
