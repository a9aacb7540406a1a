"""Deadlines of a connection in the making, and the difference between start() and connect()."""

from harness import Rig, raises
from leanmqtt import MQTTError
from packets import connack, connect, puback, publish


def test_a_connection_that_never_opens_is_given_up():
    rig = Rig()
    rig.link.delay = None
    rig.start()
    rig.until(lambda: len(rig.link.opens) == 2, 120000)
    assert isinstance(rig.client.last_error, (MQTTError, OSError)) and str(rig.client.last_error)
    rig.link.delay = 0
    rig.up()


def test_a_connack_that_never_comes_is_given_up():
    rig = Rig()
    rig.dial()
    rig.until(lambda: len(rig.link.opens) == 2, 120000)
    assert isinstance(rig.told("disconnect")[0][0], MQTTError)
    rig.up()


def test_a_connect_that_cannot_be_written_is_given_up():
    rig = Rig()
    rig.link.room = 3
    rig.start()
    rig.until(lambda: len(rig.link.opens) == 2, 120000)
    rig.link.room = None
    rig.up()


def test_a_slow_connection_is_waited_for():
    rig = Rig()
    rig.link.delay = 3000
    rig.start()
    rig.run(2900)
    assert rig.link.is_open and rig.sent() == []
    rig.run(300)
    assert rig.sent() == [connect("rig")]


def test_an_opening_that_fails_is_tried_again():
    rig = Rig()
    rig.link.fail = OSError(113, "EHOSTUNREACH")
    rig.start()
    rig.until(lambda: len(rig.link.opens) >= 3, 60000)
    assert rig.client.last_error
    rig.link.fail = None
    rig.up()


def test_start_returns_at_once_and_never_raises():
    for knob in ("refuse", "fail"):
        rig = Rig()
        setattr(rig.link, knob, OSError(111, "ECONNREFUSED"))
        now = rig.clock.now
        rig.start()
        assert rig.clock.now == now
        rig.run(100000, 500)
        setattr(rig.link, knob, None)
        rig.up()


def accepts(rig, session=False):
    """The broker accepts as soon as the CONNECT is there."""
    rig.link.answer = lambda data: rig.link.later(20, connack(session)) if data[0] == 0x10 else None
    return rig


def test_connect_polls_until_connected():
    rig = accepts(Rig())
    rig.client.connect()
    assert rig.client.connected and rig.told("connect") == [(False,)]
    assert rig.clock.now - 5000 < 1000


def test_connect_retries_until_its_time_is_up():
    rig = accepts(Rig())
    rig.link.delay = 200
    rig.client.connect(timeout_ms=1000)
    assert rig.client.connected


def gives_up(rig, timeout=None):
    begin = rig.clock.now
    if timeout is None:
        error = raises(MQTTError, rig.client.connect)
    else:
        error = raises(MQTTError, rig.client.connect, timeout_ms=timeout)
    assert rig.clock.now - begin <= (timeout or 10000) + 100
    assert len(str(error)) > 15, error
    opens = len(rig.link.opens)
    assert not rig.link.is_open and not rig.client.connected
    rig.run(300000, 1000)
    assert len(rig.link.opens) == opens, "then it is stopped"
    return rig.clock.now - begin - 300000


def test_connect_raises_in_time_and_leaves_the_client_stopped():
    error = OSError(111, "ECONNREFUSED")
    for knob, value in (("refuse", error), ("fail", error), ("delay", None)):
        rig = Rig()
        setattr(rig.link, knob, value)
        gives_up(rig)
    assert gives_up(Rig()) > 9000, "a broker that never answers gets the whole time"
    assert gives_up(Rig(), 300) <= 400


def test_connect_after_a_failure_works_on_the_same_object():
    rig = Rig()
    pid = rig.client.publish("a", b"kept", qos=1)
    gives_up(rig, 500)
    accepts(rig).client.connect()
    rig.settle()
    assert rig.client.connected
    rig.seen = len(rig.link.opens)
    assert rig.sent()[-1] == publish("a", b"kept", 1, pid)


def test_a_connection_made_by_connect_is_kept_up_like_any_other():
    rig = accepts(Rig())
    rig.client.connect()
    rig.seen, rig.started = 1, True
    rig.link.answer = None
    rig.lose()
    rig.up()


def test_without_reconnect_a_lost_link_stays_down_until_it_is_asked_for():
    for again in ("connect", "start"):
        rig = Rig(reconnect=False, clean=False)
        rig.up()
        pid = rig.publish("a", b"x", qos=1)
        rig.lose()
        rig.run(300000, 1000)
        assert len(rig.link.opens) == 1 and rig.client.pending == 1
        rig.client.publish("a", b"offline", qos=0)
        if again == "connect":
            accepts(rig, True).client.connect()
            rig.settle()
            raws = list(rig.link.writes)
        else:
            rig.start()
            raws = rig.up(session=True)
        assert raws[1:] == [publish("a", b"x", 1, pid, dup=True), publish("a", b"offline")]
        rig.taken = len(rig.link.stream)
        rig.hear(puback(pid))
        assert rig.told("delivered") == [(pid, 0)]


def test_without_reconnect_a_received_qos_2_id_is_remembered_too():
    rig = Rig(reconnect=False, clean=False, qos2=True)
    rig.up()
    rig.hear(publish("a", b"x", 2, 9))
    rig.lose()
    rig.start()
    rig.up(session=True)
    rig.hear(publish("a", b"x", 2, 9, dup=True))
    assert rig.payloads() == [b"x"]
