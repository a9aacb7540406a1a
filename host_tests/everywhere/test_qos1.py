"""QoS 1 from the client: the window, the acknowledgements, the fate of each id."""

from harness import Rig, published
from leanmqtt import MQTTError
from packets import fields, only, puback, publish


def queue(rig, count, qos=1):
    """So many publishes with their number as payload; returns the ids."""
    return [rig.client.publish("q", b"%d" % i, qos=qos) for i in range(count)]


def numbers(first, last):
    return [b"%d" % i for i in range(first, last)]


def test_a_message_is_pending_until_its_puback():
    """[MQTT-4.3.2-1]"""
    rig = Rig()
    rig.up()
    pid = rig.publish("a", b"x", qos=1)
    assert rig.sent() == [publish("a", b"x", 1, pid)]
    rig.run(5000)
    assert rig.client.pending == 1 and rig.told("delivered") == []
    rig.hear(puback(pid))
    assert rig.client.pending == 0 and rig.told("delivered") == [(pid, 0)]


def test_the_window_is_eight_unless_told_otherwise():
    for options, window in (({}, 8), ({"inflight": 1}, 1), ({"inflight": 3}, 3), ({"inflight": 20}, 20)):
        rig = Rig(**options)
        pids = queue(rig, 30)
        assert published(rig.up()) == numbers(0, window)
        assert published(rig.hear(puback(pids[0]))) == numbers(window, window + 1)
        assert published(rig.hear(puback(pids[1]), puback(pids[2]) if window > 2 else b"")) == numbers(
            window + 1, window + (3 if window > 2 else 2)
        )


def test_messages_are_sent_in_the_order_of_publish():
    rig = Rig(outbox_size=4096)
    pids = [rig.client.publish("q", b"%d" % i, qos=(0, 1, 1, 0, 1)[i % 5]) for i in range(40)]
    got, raws = [], rig.up()
    while raws:
        got += published(raws)
        raws = rig.hear(*[puback(fields(raw)[3]) for raw in only(raws, 0x30) if fields(raw)[3]])
    assert got == numbers(0, 40)
    assert rig.told("delivered") == [(pid, 0) for pid in pids if pid]


def test_acknowledgements_may_come_in_any_order():
    rig = Rig()
    pids = queue(rig, 6)
    rig.up()
    for i in (3, 0, 5, 4, 1, 2):
        rig.hear(puback(pids[i]))
    assert rig.told("delivered") == [(pids[i], 0) for i in (3, 0, 5, 4, 1, 2)]
    assert rig.client.pending == 0


def test_a_window_full_of_others_does_not_move_for_a_late_one():
    """The window counts what is unacknowledged, wherever it stands."""
    rig = Rig(inflight=4)
    pids = queue(rig, 10)
    rig.up()
    assert published(rig.hear(puback(pids[2]))) == [b"4"]
    assert published(rig.hear(puback(pids[3]))) == [b"5"]
    assert published(rig.hear(puback(pids[0]))) == [b"6"]


def test_nothing_is_sent_again_on_a_live_link():
    rig = Rig(keepalive=0)
    rig.up()
    rig.publish("a", b"x", qos=1)
    rig.sent()
    rig.run(59000)
    assert rig.sent() == []


def test_an_acknowledgement_for_nothing_that_is_pending_is_a_violation():
    for raws in ((puback(1),), (b"\x50\x02\x00\x01",), (b"\x70\x02\x00\x01",), (b"\xb0\x02\x00\x01",)):
        for qos2 in (False, True):
            rig = Rig(qos2=qos2)
            rig.up()
            rig.link.feed(*raws)
            rig.until(lambda rig=rig: rig.told("disconnect"), 1000)
            assert isinstance(rig.told("disconnect")[0][0], MQTTError)
            rig.up()


def test_the_acknowledgement_of_another_qos_is_a_violation():
    """[MQTT-4.3.2-1] [MQTT-4.3.3-1]"""
    for qos, first in ((1, 0x50), (1, 0x70), (2, 0x40), (2, 0x70)):
        rig = Rig(qos2=True, clean=False)
        rig.up()
        pid = rig.publish("a", b"x", qos=qos)
        rig.link.feed(bytes((first, 2, pid >> 8, pid & 255)))
        rig.until(lambda rig=rig: rig.told("disconnect"), 1000)
        assert isinstance(rig.told("disconnect")[0][0], MQTTError)
        assert rig.told("delivered") == [] and rig.client.pending == 1
        assert published(rig.up(session=True)) == [b"x"], "not lost"


def test_one_puback_delivers_once():
    """The second is for nothing that is pending."""
    rig = Rig()
    rig.up()
    pid = rig.publish("a", b"x", qos=1)
    rig.link.feed(puback(pid), puback(pid))
    rig.settle()
    assert rig.told("delivered") == [(pid, 0)] and rig.client.pending == 0


def test_a_thousand_messages_one_at_a_time():
    rig = Rig(outbox_size=256)
    rig.up()
    for i in range(1000):
        pid = rig.publish("a/b", b"%d" % i, qos=1)
        assert rig.sent() == [publish("a/b", b"%d" % i, 1, pid)]
        rig.hear(puback(pid))
        assert rig.client.pending == 0
