"""Sources that fail, sources that have nothing yet, and a connection that lives on while a long packet is written."""

from harness import Rig, published
from packets import PINGREQ, PINGRESP, connack, puback, publish
from sources import Source, pattern

BIG = pattern(5000)


def up(**options):
    rig = Rig(**options)
    rig.up()
    return rig


def failing(at, error=None, qos=1, **options):
    """A rig with a stream whose source raises, or ends early, and what waits before and behind it."""
    rig = up(clean=False, **options)
    source = Source(BIG if error else BIG[:at])
    if error:
        source.fails = [at, error]
    before = rig.client.publish("before", b"x")
    pid = rig.client.publish_stream("big", len(BIG), source, qos)
    behind = rig.client.publish("behind", b"y")
    rig.until(lambda: rig.told("disconnect"), 1000)
    return rig, before, pid, behind


def test_a_source_that_fails_ends_the_connection_and_is_told_of():
    for at, error in ((0, OSError(5)), (512, OSError(5)), (3000, KeyError("k")), (700, None), (0, None)):
        for qos in (0, 1):
            rig, before, pid, behind = failing(at, error, qos)
            ((told,),) = rig.told("disconnect")
            assert told is rig.client.last_error and "source of a stream" in str(told), str(told)
            assert repr(error)[:7] in str(told) if error else "wanting" in str(told), str(told)
            assert rig.link.closes and rig.client.dropped == 1
            rig.settle()
            assert rig.told("delivered") == ([(pid, -1)] if qos else [])


def test_not_a_byte_follows_the_half_packet():
    for at in (0, 700, 4999):
        rig, before, pid, behind = failing(at, OSError(5))
        want = publish("before", b"x", 1, before) + publish("big", BIG, 1, pid)
        assert want.startswith(bytes(rig.link.stream[-(len(want) - len(BIG) + at) :]))


def test_nor_when_the_source_fails_inside_another_call():
    """The message published then waits for the next connection: as payload of the half packet it would be lost."""
    rig = up()
    source = Source(BIG)
    source.fails = [2000, OSError(5)]
    source.dry = True
    pid = rig.client.publish_stream("big", len(BIG), source, 0)
    rig.settle()
    source.dry = False
    for i in range(3):
        rig.client.publish("late", b"%d" % i, qos=0)
    assert rig.link.stream[-2000:] == BIG[:2000] and pid == 0
    rig.until(lambda: rig.told("disconnect"), 1000)
    assert published(rig.up()) == [b"0", b"1", b"2"]


def test_nor_what_a_handler_publishes_just_then():
    rig = up()
    rig.client.on_message = lambda m: rig.client.publish("late", b"x", qos=0)
    source = Source(BIG)
    source.fails = [700, OSError(5)]
    rig.link.feed(publish("in", b""))
    rig.client.publish_stream("big", len(BIG), source, 0)
    rig.until(lambda: rig.told("disconnect"), 1000)
    assert rig.link.stream.endswith(BIG[:700])
    assert published(rig.up()) == [b"x"]


def test_the_client_goes_on_without_it():
    rig, before, pid, behind = failing(2000, OSError(5))
    raws = rig.up(session=True)[1:]
    assert raws == [publish("before", b"x", 1, before, dup=True), publish("behind", b"y", 1, behind)]
    rig.hear(puback(before), puback(behind))
    assert rig.told("delivered") == [(pid, -1), (before, 0), (behind, 0)] and rig.client.pending == 0
    again = rig.client.publish_stream("big", len(BIG), Source(BIG))
    rig.settle()
    assert rig.sent() == [publish("big", BIG, 1, again)]


def test_every_failure_is_told_even_when_many_are():
    """More dropped ids than the outbox remembers as ranges."""
    rig = Rig(outbox_size=160)
    pids = [rig.client.publish("a", bytes(20), qos=i & 1) for i in range(40)]
    source = Source(b"")
    pids.append(rig.client.publish_stream("big", 9, source))
    rig.dial()
    rig.link.feed(connack())
    rig.until(lambda: rig.told("disconnect"), 1000)
    rig.settle()
    ended = [told[0] for told in rig.told("delivered") if told[1] == -1]
    assert pids[-1] in ended and len(ended) == len(set(ended))


def test_a_failure_finds_room_among_the_dropped():
    rig = up()
    o = rig.client._out
    pids = list(range(10, 30, 2))
    o.drops[:] = [pid for pid in (100, 200, 300, 400) for _ in (0, 1)]
    source = Source(b"")
    rig.client.publish_stream("big", 9, source, 1)
    told = []

    def fill(pid, reason):
        told.append((pid, reason))

    rig.client.on_delivered = fill
    o.ranges = 8
    rig.client._lock = 1
    rig.client._flush()  # as within a publish of a callback: nothing is told meanwhile
    rig.client._flush()
    rig.client._lock = 0
    rig.run(1000)
    assert [pid for pid, _ in told[:4]] == [100, 200, 300, 400] and len(told) == 5 and pids


def test_without_reconnect_it_stays_down():
    rig, before, pid, behind = failing(2000, OSError(5), reconnect=False)
    rig.run(100000)
    assert len(rig.link.opens) == 1 and rig.told("delivered") == [(pid, -1)]


def test_a_source_may_not_call_the_client():
    rig = up()

    class Caller(Source):
        def readinto(self, buf):
            return rig.client.publish("a", b"b", qos=0)

    rig.client.publish_stream("big", 10, Caller(b""))
    rig.until(lambda: rig.told("disconnect"), 1000)
    assert "not allowed inside" in str(rig.told("disconnect")[0][0])


def test_an_interrupt_from_the_keyboard_leaves_poll():
    rig = up()
    source = Source(BIG)
    source.fails = [0, KeyboardInterrupt()]
    pid = rig.client.publish_stream("big", 10, source)
    caught = False
    try:
        rig.settle()
    except KeyboardInterrupt:
        caught = True
    rig.until(lambda: rig.told("disconnect"), 1000)
    assert caught and rig.told("delivered") == [(pid, -1)]


def test_a_source_that_has_nothing_yet_is_asked_again():
    rig = up()
    source = Source(BIG)
    source.dry = True
    pid = rig.client.publish_stream("big", len(BIG), source)
    rig.run(5000)
    assert rig.told("disconnect") == [] and not rig.sent()
    rig.client.publish("late", b"x", qos=0)
    source.dry = False
    rig.settle()
    assert rig.sent() == [publish("big", BIG, 1, pid), publish("late", b"x")]
    assert source.rewound == 1


def test_waiting_for_a_source_does_not_spin():
    rig = up()
    source = Source(BIG)
    source.dry = True
    rig.client.publish_stream("big", len(BIG), source)
    rig.settle()
    asked = source.asked
    rig.client.poll(1000)
    assert source.asked - asked <= 3


def test_a_slow_stream_keeps_the_connection_alive_without_a_ping():
    """Bytes written are life [MQTT-3.1.2-23]; a PINGREQ cannot stand within another packet and follows it."""
    rig = up(keepalive=4)
    rig.link.room = 0
    pid = rig.client.publish_stream("big", len(BIG), Source(BIG))
    for _ in range(50):
        rig.link.room = 100
        rig.run(1000)
    assert rig.told("disconnect") == []
    rig.link.room = None
    rig.settle()
    assert rig.sent() == [publish("big", BIG, 1, pid), PINGREQ]
    rig.hear(PINGRESP, puback(pid))
    rig.run(2000)
    assert rig.told("disconnect") == [] and rig.told("delivered") == [(pid, 0)]


def test_a_stream_that_gets_stuck_is_found_by_keepalive():
    rig = up(keepalive=4)
    rig.link.room = 1000
    rig.client.publish_stream("big", len(BIG), Source(BIG))
    rig.run(20000)
    assert "keep-alive" in str(rig.told("disconnect")[0][0])


def test_the_acknowledgement_is_awaited_from_its_end_on():
    rig = up(ack_timeout_ms=5000, keepalive=0)
    rig.link.room = 0
    rig.client.publish_stream("big", len(BIG), Source(BIG))
    for _ in range(20):
        rig.link.room = 300
        rig.run(1000)
    assert rig.told("disconnect") == [], "it took 20 s to be written"
    rig.run(10000)
    assert "no acknowledgement" in str(rig.told("disconnect")[0][0])


def test_messages_come_in_meanwhile_and_are_acknowledged_behind_it():
    rig = up()
    rig.link.room = 1000
    pid = rig.client.publish_stream("big", len(BIG), Source(BIG))
    rig.hear(*[publish("in", b"%d" % i, 1, 100 + i) for i in range(10)])
    assert rig.payloads() == [b"%d" % i for i in range(10)]
    rig.link.room = None
    rig.settle()
    assert rig.sent() == [publish("big", BIG, 1, pid)] + [puback(100 + i) for i in range(10)]


def test_disconnect_waits_for_it_or_gives_up():
    rig = up()
    rig.client.publish_stream("big", len(BIG), Source(BIG), 0)
    assert rig.client.disconnect() == 0
    assert rig.sent()[0] == publish("big", BIG) and rig.link.stream[-2:] == b"\xe0\0"
    for room, dry in ((1000, False), (None, True)):
        rig = up()
        rig.link.room = room
        source = Source(BIG)
        source.dry = dry
        rig.client.publish_stream("big", len(BIG), source, 0)
        assert rig.client.disconnect(500) == 1 and rig.link.stream[-2:] != b"\xe0\0"
        source.dry = False
        rig.link.room = None
        rig.seen, rig.started = len(rig.link.opens), False
        rig.up()
        assert rig.link.stream.endswith(BIG), "the next connection sends it"


def test_a_source_that_fails_during_the_goodbye_gets_no_goodbye_into_its_packet():
    rig = up()

    class Late(Source):
        def readinto(self, buf):
            self.dry = not rig.client._session.ctl_len  # a DISCONNECT waits
            return Source.readinto(self, buf)

    source = Late(BIG)
    source.fails = [700, OSError(5)]
    pid = rig.client.publish_stream("big", len(BIG), source)
    rig.settle()
    rig.client.disconnect(300)
    assert rig.link.stream.endswith(BIG[:700]) and rig.link.closes
    rig.settle()
    assert rig.told("delivered") == [(pid, -1)] and rig.client.pending == 0
