"""An acknowledgement that does not come on a live link: the link is closed, so that the packet may go again."""

from harness import Rig, published, subscribed
from leanmqtt import MQTTError
from packets import PINGREQ, PINGRESP, PUBREL, SUBSCRIBE, UNSUBSCRIBE, only, packet_id, publish, pubrec, pubrel, suback


def alive(**options):
    """A rig whose broker answers pings, and nothing else."""
    rig = Rig(**options)
    rig.up()
    rig.link.answer = lambda data: rig.link.feed(PINGRESP) if data == PINGREQ else None
    return rig


def gives_up(rig, timeout):
    took = rig.until(lambda: rig.told("disconnect"), timeout + 5000)
    assert timeout - 1000 <= took <= timeout + 1000, took
    assert isinstance(rig.told("disconnect")[0][0], MQTTError) and len(str(rig.client.last_error)) > 10


def test_a_missing_puback_closes_the_link_after_a_minute():
    rig = alive(clean=False)
    pid = rig.publish("a", b"x", qos=1)
    gives_up(rig, 60000)
    assert rig.up(session=True)[1:] == [publish("a", b"x", 1, pid, dup=True)]


def test_the_time_may_be_chosen():
    for timeout in (2000, 300000):
        rig = alive(ack_timeout_ms=timeout)
        rig.publish("a", b"x", qos=1)
        gives_up(rig, timeout)


def test_a_missing_pubrec_or_pubcomp_closes_the_link():
    rig = alive(qos2=True, clean=False, ack_timeout_ms=20000)
    pid = rig.publish("a", b"x", qos=2)
    gives_up(rig, 20000)
    rig.up(session=True)
    rig.events.clear()
    rig.run(10000)
    rig.hear(pubrec(pid))
    gives_up(rig, 20000)
    raws = rig.up(session=True)
    assert only(raws, PUBREL) == [pubrel(pid)] and published(raws) == []


def test_a_missing_suback_or_unsuback_closes_the_link():
    rig = alive(ack_timeout_ms=20000)
    rig.client.subscribe("a", qos=1)
    rig.settle()
    (raw,) = only(rig.sent(), SUBSCRIBE)
    gives_up(rig, 20000)
    raws = rig.up()
    assert subscribed(raws) == [(b"a", 1)]
    rig.events.clear()
    rig.hear(suback(packet_id(only(raws, SUBSCRIBE)[0]), 1))
    rig.client.unsubscribe("a")
    rig.settle()
    assert only(rig.sent(), UNSUBSCRIBE)
    gives_up(rig, 20000)


def test_nothing_is_sent_again_while_waiting():
    rig = alive(clean=False)
    rig.publish("a", b"x", qos=1)
    rig.sent()
    rig.run(58000)
    assert [raw for raw in rig.sent() if raw != PINGREQ] == []


def test_an_acknowledgement_just_in_time_keeps_the_link():
    rig = alive()
    for _ in range(5):
        pid = rig.publish("a", b"x", qos=1)
        rig.run(55000)
        rig.hear(b"\x40\x02" + bytes((pid >> 8, pid & 255)))
    rig.run(120000)
    assert rig.told("disconnect") == [] and rig.client.pending == 0


def test_a_message_waiting_for_the_window_is_not_waiting_for_an_acknowledgement():
    """The broker takes 20 s for each of ten, one in flight: the tenth has waited 180 s, its acknowledgement only 20."""
    rig = alive(inflight=1)
    pids = [rig.client.publish("a", b"%d" % i, qos=1) for i in range(10)]
    for pid in pids:
        rig.run(20000)
        rig.hear(b"\x40\x02" + bytes((pid >> 8, pid & 255)))
    assert rig.told("disconnect") == [] and rig.client.pending == 0


def test_time_spent_offline_does_not_count():
    rig = Rig(clean=False)
    rig.up()
    rig.publish("a", b"x", qos=1)
    rig.run(30000)
    rig.link.refuse = OSError(111, "ECONNREFUSED")
    rig.lose()
    rig.run(600000)
    rig.link.refuse = None
    rig.up(session=True)
    rig.events.clear()
    rig.link.answer = lambda data: rig.link.feed(PINGRESP) if data == PINGREQ else None
    rig.run(50000)
    assert rig.told("disconnect") == []
