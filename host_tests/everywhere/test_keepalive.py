"""Keep-alive: when a PINGREQ goes out, what counts as life, how soon a dead link is found."""

from harness import Rig
from leanmqtt import MQTTError
from packets import PINGREQ, PINGRESP, puback, publish


def pings(rig):
    return [raw for raw in rig.sent() if raw == PINGREQ]


def answering(rig):
    """The broker answers every PINGREQ from now on."""
    rig.link.answer = lambda data: rig.link.feed(PINGRESP) if data == PINGREQ else None
    return rig


def until_ping(rig, limit=70000, step=50):
    return rig.until(lambda: pings(rig), limit, step)


def test_an_idle_link_is_pinged_before_the_interval_is_over():
    """[MQTT-3.1.2-23]"""
    for keepalive in (5, 60, 600, 65535):
        rig = answering(Rig(keepalive=keepalive))
        rig.up()
        for _ in range(5):
            took = until_ping(rig, keepalive * 1000, keepalive * 5)
            assert keepalive * 300 < took < keepalive * 1000, (keepalive, took)
        assert rig.told("disconnect") == []


def test_a_client_that_only_hears_pings_all_the_same():
    """Nothing sent for the interval [MQTT-3.1.2-23]"""
    rig = answering(Rig())
    rig.up()
    second = 0
    while second < 60:
        second += 1
        rig.clock.add(1000)
        rig.link.feed(publish("a", b"tick"))
        rig.settle()
        if pings(rig):
            break
    assert 20 < second < 60


def test_a_client_that_only_speaks_pings_all_the_same():
    """Nothing received for the interval: a node that publishes QoS 0 into a dead link must notice."""
    rig = answering(Rig())
    rig.up()
    second = 0
    while second < 60:
        second += 1
        rig.clock.add(1000)
        rig.publish("a", b"tick")
        if pings(rig):
            break
    assert 20 < second < 60


def test_a_client_that_speaks_and_hears_needs_no_ping():
    rig = Rig()
    rig.up()
    for _ in range(60):
        rig.run(5000)
        pid = rig.publish("a", b"x", qos=1)
        assert PINGREQ not in rig.hear(puback(pid))
    assert rig.told("disconnect") == []


def test_publishing_qos_0_into_a_dead_link_is_noticed():
    rig = Rig()
    rig.up()
    second = 0
    while second < 150:
        second += 1
        rig.clock.add(1000)
        if rig.client.connected:
            rig.client.publish("a", b"tick", qos=0)
        rig.client.poll(0)
        if rig.told("disconnect"):
            break
    assert 30 < second < 120
    assert isinstance(rig.told("disconnect")[0][0], MQTTError)


def deadline():
    """How long after its PINGREQ an unanswering broker is given up."""
    rig = Rig()
    rig.up()
    until_ping(rig)
    return rig.until(lambda: rig.told("disconnect"), 120000)


def test_a_ping_without_an_answer_closes_the_link():
    """(3.1.2.10)"""
    rig = Rig()
    rig.up()
    until_ping(rig)
    rig.until(lambda: rig.told("disconnect"), 60000)
    assert isinstance(rig.told("disconnect")[0][0], MQTTError) and len(str(rig.client.last_error)) > 10
    rig.up()


def test_the_answer_is_awaited_from_the_last_byte_of_the_ping_written():
    waits = deadline()
    rig = Rig()
    rig.up()
    rig.link.room = 1
    rig.until(lambda: bytes(rig.link.stream[-1:]) == PINGREQ[:1], 70000)
    rig.run(waits // 2)
    rig.link.room = None
    rig.settle()
    rig.run(waits * 3 // 4)
    assert rig.told("disconnect") == []
    rig.until(lambda: rig.told("disconnect"), waits // 2)


def test_a_ping_that_cannot_be_written_is_a_dead_link_too():
    rig = Rig()
    rig.up()
    rig.link.room = 0
    rig.until(lambda: rig.told("disconnect"), 150000)
    assert isinstance(rig.told("disconnect")[0][0], MQTTError)


def test_any_byte_is_life():
    """A large packet that dribbles in keeps the link, though its PINGRESP is stuck behind it."""
    rig = Rig(rx_size=512)
    rig.up()
    raw = publish("a", b"x" * 400)
    for i in range(len(raw)):
        rig.link.feed(raw[i : i + 1])
        rig.run(5000, 1000)
        assert rig.told("disconnect") == []
    assert rig.payloads() == [b"x" * 400]


def test_pings_go_on_while_a_large_packet_dribbles_in():
    """[MQTT-3.1.2-23]"""
    rig = Rig(rx_size=512)
    rig.up()
    raw = publish("a", b"x" * 400)
    quiet = 0
    for i in range(60):
        rig.link.feed(raw[i : i + 1])
        rig.run(5000, 1000)
        quiet = 0 if pings(rig) else quiet + 5000
        assert quiet < 60000


def test_keepalive_0_switches_it_off():
    """(3.1.2.10)"""
    rig = Rig(keepalive=0)
    rig.up()
    rig.run(24 * 3600 * 1000, 10000)
    assert rig.sent() == [] and rig.told("disconnect") == [] and rig.client.connected


def test_one_ping_at_a_time():
    waits = deadline()
    rig = Rig()
    rig.up()
    until_ping(rig)
    rig.run(waits - 200)
    assert pings(rig) == [] and rig.client.connected


def test_the_next_link_starts_with_a_fresh_interval():
    rig = Rig()
    rig.up()
    rig.run(25000)
    rig.lose()
    rig.up()
    assert until_ping(rig) > 18000


def test_a_ping_under_way_when_the_link_broke_is_not_awaited_on_the_next():
    rig = Rig()
    rig.up()
    until_ping(rig)
    rig.lose()
    rig.up()
    rig.run(18000)
    assert len(rig.told("disconnect")) == 1
