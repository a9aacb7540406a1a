"""MQTT 5: the message expiry, counted down while a message waits."""

import flash
from fakes import Dice
from harness5 import Rig5, payloads, published5
from leanmqtt import OutboxFull, Will
from leanmqtt.journal import Client, Journal
from model5 import Broker5
from packets import puback
from packets5 import fields5


def expiry_of(raw):
    return dict(fields5(raw)[6]).get("message_expiry_interval")


def queued(rig, seconds, payload=b"x", qos=1, **more):
    return rig.client.publish("a", payload, qos, properties=dict(more, message_expiry_interval=seconds))


def test_it_is_counted_down_while_offline():
    """[MQTT-3.3.2-6] (3.3.2.3.3)"""
    for seconds in (100, 65535, 65536, 65600, 65636, 131072, 0x01000000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF):
        for wait in (1, 60, 99):
            rig = Rig5()
            pid = queued(rig, seconds, content_type="t")
            rig.run(wait * 1000)
            (raw,) = rig.up()[1:]
            left = expiry_of(raw)
            assert seconds - wait - 1 <= left <= seconds - wait, (seconds, wait, left)
            assert fields5(raw)[3] == pid and fields5(raw)[6][1] == ("content_type", b"t")


def test_the_whole_wait_counts_not_its_turns():
    """Many short turns and one long sleep come to the same."""
    for step in (10, 333, 999, 1000, 1001, 50000):
        rig = Rig5()
        queued(rig, 1000)
        rig.run(200_000, step)
        left = expiry_of(rig.up()[1])
        assert 798 <= left <= 800, (step, left)


def test_days_of_waiting():
    rig = Rig5()
    queued(rig, 200_000)
    queued(rig, 100_000, b"y")
    rig.run(150_000_000, 600_000)
    raws = rig.up()[1:]
    assert payloads(raws) == [b"x"] and 49_900 <= expiry_of(raws[0]) <= 50_000


def test_what_is_over_is_dropped_counted_and_reported():
    rig = Rig5()
    first = queued(rig, 5, b"1")
    kept = queued(rig, 60, b"2")
    queued(rig, 5, b"3", qos=0)
    plain = rig.client.publish("a", b"4", 1)
    rig.run(8000)
    assert rig.told("delivered") == [(first, -2)]
    assert rig.client.dropped == rig.client.v5.expired == 2 and rig.client.pending == 2
    assert payloads(rig.up()) == [b"2", b"4"]
    rig.hear(puback(kept), puback(plain))
    assert rig.client.pending == 0
    assert rig.told("delivered") == [(first, -2), (kept, 0), (plain, 0)]


def test_many_that_are_over_at_once_are_all_told():
    rig = Rig5(outbox_size=8192)
    pids = [queued(rig, 2, b"%d" % i) for i in range(100)]
    rig.run(10000)
    assert rig.told("delivered") == [(pid, -2) for pid in pids]
    assert rig.client.pending == 0 and rig.client.dropped == 100
    assert len(rig.up()) == 1


def test_an_expiry_of_zero_is_over_at_once():
    rig = Rig5()
    pid = queued(rig, 0)
    rig.run(3000)
    assert rig.told("delivered") == [(pid, -2)] and rig.client.pending == 0


def test_what_is_in_flight_is_never_dropped():
    """[MQTT-4.3.3-7]"""
    rig = Rig5(clean=False)
    rig.up()
    pid = queued(rig, 3)
    rig.settle()
    assert payloads(rig.sent()) == [b"x"]
    rig.lose()
    rig.run(60000)
    assert rig.told("delivered") == [] and rig.client.pending == 1
    (raw,) = rig.up(True)[1:]
    assert raw[0] & 8 and expiry_of(raw) == 1 and fields5(raw)[3] == pid
    rig.hear(puback(pid))
    assert rig.told("delivered") == [(pid, 0)]


def test_while_connected_behind_a_full_window():
    """Online too: what waits for its turn may be over before it."""
    rig = Rig5(inflight=1, keepalive=0, ack_timeout_ms=0)
    rig.up()
    first = rig.publish("a", b"0", qos=1)
    late = queued(rig, 5, b"1")
    queued(rig, 50, b"2")
    rig.run(20000)
    assert rig.told("delivered") == [(late, -2)]
    raws = rig.hear(puback(first))
    assert payloads(raws)[-1] == b"2" and 28 <= expiry_of(raws[-1]) <= 30


def test_what_is_half_written_is_not_changed():
    rig = Rig5(keepalive=0, ack_timeout_ms=0)
    rig.up()
    for room in range(1, 24):
        rig.link.room = room
        pid = queued(rig, 9, b"body")
        rig.run(20000)
        rig.link.room = None
        rig.settle()
        (raw,) = rig.sent()
        assert expiry_of(raw) == 9 and fields5(raw)[1] == b"body"
        rig.hear(puback(pid))
    assert rig.client.pending == 0


def test_messages_without_expiry_wait_for_ever():
    rig = Rig5()
    queued(rig, 1, b"1")
    rig.client.publish("a", b"2", 1, properties={"content_type": "\2\2\2\2"})
    rig.client.publish("a", b"\2\0\0\0\1", 1)
    rig.run(100_000)
    found = published5(rig.up())
    assert found == [(b"a", b"2", [("content_type", b"\2\2\2\2")]), (b"a", b"\2\0\0\0\1", [])]


def test_long_packets_and_long_properties():
    """The field is found behind lengths of two and three bytes."""
    rig = Rig5(outbox_size=60000)
    sizes = ((10, 0), (200, 0), (10, 200), (20000, 10), (10, 20000))
    for payload, text in sizes:
        queued(rig, 70000, b"p" * payload, user_property=[("n", "v" * text)])
    rig.run(10000)
    raws = rig.up()[1:]
    assert [69989 <= expiry_of(raw) <= 69990 for raw in raws] == [True] * len(sizes)
    assert [len(fields5(raw)[1]) for raw in raws] == [payload for payload, _ in sizes]


def test_expired_messages_make_room():
    rig = Rig5(outbox_size=128, overflow="refuse")
    queued(rig, 2, b"x" * 80)
    try:
        queued(rig, 2, b"y" * 80)
        raise AssertionError("there was no room")
    except OutboxFull:
        pass
    rig.run(5000)
    queued(rig, 2, b"y" * 80)


def test_order_of_those_that_stay():
    rig = Rig5(outbox_size=8192)
    for i in range(60):
        queued(rig, 5 if i % 3 else 500, b"%d" % i)
    rig.run(20000)
    raws, got = rig.up()[1:], []
    while raws:
        got += payloads(raws)
        raws = rig.hear(*[puback(fields5(raw)[3]) for raw in raws])
    assert got == [b"%d" % i for i in range(0, 60, 3)]


def test_messages_published_within_on_delivered_of_an_expired_one():
    made = []

    def again(pid, reason):
        if reason == -2 and len(made) < 3:
            made.append(rig.client.publish("a", b"%d" % len(made), 1, properties={"message_expiry_interval": 5}))

    rig = Rig5(on_delivered=again)
    queued(rig, 5)
    rig.run(60000)
    assert len(made) == 3 and rig.client.pending == 0 and rig.client.dropped == 4


def test_the_resent_after_a_lost_session_is_not_over_either():
    """Sent once and not acknowledged: it may have been delivered, so it is not reported as dropped."""
    rig = Rig5(clean=False)
    rig.up()
    pid = queued(rig, 2)
    rig.settle()
    rig.lose()
    rig.run(10000)
    (raw,) = rig.up(False)[1:]
    assert not raw[0] & 8 and expiry_of(raw) == 1
    rig.hear(puback(pid))
    assert rig.told("delivered") == [(pid, 0)]


def test_it_counts_from_publish_whatever_was_before():
    """An hour of messages without one, an hour without a poll: a new message has its whole time."""
    rig = Rig5(keepalive=0)
    rig.run(3_600_000, 10_000)
    queued(rig, 60, b"1")
    rig.run(10_000)
    rig.clock.add(3_600_000)
    queued(rig, 60, b"2")
    rig.run(10_000)
    assert [reason for _, reason in rig.told("delivered")] == [-2]
    (raw,) = rig.up()[1:]
    assert fields5(raw)[1] == b"2" and 49 <= expiry_of(raw) <= 50


def test_a_birth_message_has_its_whole_time_at_each_connection():
    rig = Rig5(clean=False, birth=Will("b", "hello", 1, properties={"message_expiry_interval": 30}))
    for present in (False, True, False):
        (raw,) = [raw for raw in rig.up(present) if raw[0] & 0xF0 == 0x30]
        assert expiry_of(raw) == 30
        rig.run(20_000)
        if present:
            rig.hear(puback(fields5(raw)[3]))
        rig.run(20_000)
        rig.lose()


def test_one_that_is_over_in_ram_and_on_flash_is_told_once_and_costs_no_other():
    for over in (0, 1):
        over_in_ram_and_on_flash(over)


def over_in_ram_and_on_flash(over):
    broker = Broker5(Dice(1))
    rig = Rig5(clean=False, outbox_size=600, make=Client, journal=Journal(flash.path(), 40000, 2000))
    broker.plug(rig.link)
    ids = [queued(rig, 5 if n == over else 5000, b"%d" % n) for n in range(2)]
    assert rig.client.journal.flush() and rig.client.stored == 2
    rig.run(8000)
    ids += [rig.client.publish("a", b"%d" % n) for n in range(2, 60)]  # more than the outbox holds
    rig.start()
    rig.until(lambda: rig.client.pending == 0)
    assert [payload for _, payload, _ in broker.received] == [b"%d" % n for n in range(60) if n != over]
    assert sorted(rig.told("delivered")) == sorted([(pid, -2 if pid == ids[over] else 0) for pid in ids])
    rig.run(3000)
    assert rig.client.stored == 0 and rig.client.v5.expired == 1
