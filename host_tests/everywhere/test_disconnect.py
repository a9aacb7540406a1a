"""disconnect(): drains, says goodbye last, and stays away."""

from harness import Rig, published
from leanmqtt import MQTTError, Will
from packets import DISCONNECT, connect, fields, only, puback, pubcomp, publish, pubrec, split


def everything(rig):
    """All whole packets of this connection."""
    raws, rest = split(bytes(rig.link.stream))
    assert rest == b""
    return raws


def acking(rig, delay=20):
    """The broker acknowledges QoS 1 after a while."""

    def answer(data):
        for raw in only(split(data)[0], 0x30):
            if raw[0] & 6 == 2:
                rig.link.later(delay, puback(fields(raw)[3]))

    rig.link.answer = answer
    return rig


def test_an_idle_client_says_goodbye_and_closes():
    """[MQTT-3.14.4-1] [MQTT-3.14.1-1]"""
    rig = Rig()
    rig.up()
    assert rig.client.disconnect() == 0
    assert everything(rig)[1:] == [DISCONNECT]
    assert not rig.link.is_open and not rig.client.connected and rig.clock.now <= 5500


def test_a_clean_goodbye_is_told_without_an_error():
    rig = Rig()
    rig.up()
    rig.client.disconnect()
    assert rig.told("disconnect") == [(None,)]


def test_it_drains_what_is_pending_first():
    rig = acking(Rig())
    rig.up()
    pids = [rig.client.publish("a", b"%d" % i, qos=1) for i in range(20)]
    assert rig.client.disconnect() == 0
    raws = everything(rig)
    assert published(raws) == [b"%d" % i for i in range(20)] and raws[-1] == DISCONNECT
    assert rig.told("delivered") == [(pid, 0) for pid in pids]
    assert rig.clock.now - 5000 < 2000


def test_a_qos_2_exchange_is_finished_first():
    rig = Rig(qos2=True)
    rig.up()
    pid = rig.publish("a", b"x", qos=2)
    rig.link.later(100, pubrec(pid))
    rig.link.later(200, pubcomp(pid))
    assert rig.client.disconnect() == 0
    assert rig.told("delivered") == [(pid, 0)] and everything(rig)[-1] == DISCONNECT


def test_it_returns_what_is_left_when_the_time_is_up():
    rig = Rig()
    rig.up()
    for i in range(3):
        rig.client.publish("a", b"%d" % i, qos=1)
    begin = rig.clock.now
    assert rig.client.disconnect() == 3 == rig.client.pending
    assert 1900 <= rig.clock.now - begin <= 2300
    assert everything(rig)[-1] == DISCONNECT and not rig.link.is_open
    rig = Rig()
    rig.up()
    rig.client.publish("a", b"", qos=1)
    begin = rig.clock.now
    assert rig.client.disconnect(timeout_ms=300) == 1
    assert rig.clock.now - begin <= 600


def test_disconnect_is_the_last_packet_and_nothing_follows():
    """[MQTT-3.14.4-2]"""
    rig = Rig()
    rig.up()
    rig.client.publish("a", b"", qos=1)
    rig.client.disconnect(timeout_ms=100)
    rig.link.feed(publish("a", b"", 1, 1))
    rig.client.publish("a", b"later", qos=1)
    rig.client.subscribe("later")
    rig.run(300000, 1000)
    raws = everything(rig)
    assert raws[-1] == DISCONNECT and raws.count(DISCONNECT) == 1


def test_it_does_not_reconnect():
    rig = Rig()
    rig.up()
    rig.client.disconnect()
    rig.run(3600000, 5000)
    assert len(rig.link.opens) == 1


def test_a_blocked_socket_cannot_hold_it_for_longer_than_its_time():
    rig = Rig()
    rig.up()
    rig.link.room = 0
    rig.client.publish("a", b"x", qos=0)
    begin = rig.clock.now
    assert rig.client.disconnect(timeout_ms=1000) == 1
    assert rig.clock.now - begin <= 1500 and not rig.link.is_open


def test_a_packet_half_written_is_finished_before_goodbye():
    rig = Rig()
    rig.up()
    rig.link.room = 4
    rig.client.publish("topic", b"payload", qos=0)
    rig.link.later(100, lambda: setattr(rig.link, "room", None))
    assert rig.client.disconnect() == 0
    assert everything(rig)[1:] == [publish("topic", b"payload"), DISCONNECT]


def test_a_goodbye_written_byte_by_byte_is_a_goodbye():
    rig = Rig()
    rig.up()
    rig.link.grain = 1
    rig.client.disconnect()
    assert everything(rig)[-1] == DISCONNECT


def test_a_link_lost_while_draining_ends_it():
    """What is left is told; nothing is raised and nobody reconnects afterwards."""
    rig = Rig()
    rig.up()
    rig.client.publish("a", b"x", qos=1)
    rig.link.later(100, lambda: setattr(rig.link, "end", 0))
    rig.link.refuse = OSError(111, "ECONNREFUSED")
    assert rig.client.disconnect() == 1
    rig.link.refuse = None
    opens = len(rig.link.opens)
    rig.run(300000, 1000)
    assert len(rig.link.opens) == opens and not rig.client.connected


def test_disconnecting_what_never_was_connected_is_harmless():
    rig = Rig()
    assert rig.client.disconnect() == 0
    rig.client.publish("a", b"", qos=1)
    assert rig.client.disconnect(timeout_ms=100) == 1
    rig.run(60000, 1000)
    assert rig.link.opens == []


def test_disconnecting_between_two_attempts_stops_them():
    rig = Rig()
    rig.link.refuse = OSError(111, "ECONNREFUSED")
    rig.start()
    rig.run(5000)
    rig.client.disconnect(timeout_ms=100)
    opens = len(rig.link.opens)
    rig.run(600000, 1000)
    assert len(rig.link.opens) == opens


def test_disconnecting_before_the_connack_stops_too():
    """[MQTT-3.1.4-5]"""
    rig = Rig()
    rig.dial()
    rig.client.disconnect(timeout_ms=100)
    assert not rig.link.is_open
    rig.run(600000, 1000)
    assert len(rig.link.opens) == 1


def test_twice_is_once():
    rig = Rig()
    rig.up()
    assert rig.client.disconnect() == 0 and rig.client.disconnect() == 0
    assert everything(rig).count(DISCONNECT) == 1 and rig.told("disconnect") == [(None,)]


def test_after_it_the_same_object_starts_again():
    rig = Rig(clean=False)
    rig.client.subscribe("s", qos=1)
    rig.grant(rig.up())
    left = rig.client.publish("a", b"left", qos=1)
    assert rig.client.disconnect(timeout_ms=100) == 1
    rig.client.publish("a", b"offline", qos=1)
    rig.start()
    raws = rig.up(session=True)
    assert raws[0] == connect("rig", clean=False)
    assert raws[1] == publish("a", b"left", 1, left, dup=True) and published(raws) == [b"left", b"offline"]


def test_birth_and_will_are_as_asked_after_it_too():
    rig = Rig(will=Will("w", b"off"), birth=Will("w", b"on"))
    rig.up()
    rig.client.disconnect()
    rig.start()
    assert rig.up() == [connect("rig", will=("w", b"off", 0, False)), publish("w", b"on")]


def test_what_arrives_while_it_drains_is_handled():
    rig = Rig()
    rig.up()
    pid = rig.publish("a", b"x", qos=1)
    rig.link.later(50, publish("in", b"late", 1, 9))
    rig.link.later(100, puback(pid))
    assert rig.client.disconnect() == 0
    assert rig.payloads() == [b"late"] and puback(9) in everything(rig)


def test_a_violation_while_it_drains_is_no_exception():
    rig = Rig()
    rig.up()
    rig.client.publish("a", b"x", qos=1)
    rig.link.later(50, b"\xff\xff\xff\xff\xff\xff")
    rig.link.refuse = OSError(111, "ECONNREFUSED")
    assert rig.client.disconnect(timeout_ms=500) == 1
    assert isinstance(rig.client.last_error, MQTTError)
