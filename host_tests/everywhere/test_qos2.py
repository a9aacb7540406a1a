"""QoS 2: exactly once in both directions, across every break of the link."""

from harness import Rig, published, raises
from leanmqtt import MQTTError
from packets import PUBREL, fields, only, packet_id, puback, pubcomp, publish, pubrec, pubrel


def rig2(**options):
    options.setdefault("clean", False)
    return Rig(qos2=True, **options)


def test_without_the_module_qos_2_is_refused_by_name():
    rig = Rig()
    for call in (lambda: rig.client.publish("a", b"", qos=2), lambda: rig.client.subscribe("a", qos=2)):
        assert "qos2" in str(raises(ValueError, call)).lower().replace(" ", "")
    assert rig.client.pending == 0


def test_the_four_packets_of_a_sent_message():
    """[MQTT-4.3.3-1] [MQTT-3.6.1-1] [MQTT-2.3.1-6]"""
    rig = rig2()
    rig.up()
    pid = rig.publish("a", b"x", qos=2)
    assert rig.sent() == [publish("a", b"x", 2, pid)]
    assert rig.hear(pubrec(pid)) == [pubrel(pid)]
    assert rig.client.pending == 1 and rig.told("delivered") == []
    assert rig.hear(pubcomp(pid)) == []
    assert rig.client.pending == 0 and rig.told("delivered") == [(pid, 0)]


def test_pubrels_are_sent_in_the_order_of_the_pubrecs():
    """[MQTT-4.6.0-4]"""
    rig = rig2()
    pids = [rig.client.publish("a", b"%d" % i, qos=2) for i in range(5)]
    rig.up()
    assert rig.hear(*[pubrec(pids[i]) for i in (2, 0, 4, 1, 3)]) == [pubrel(pids[i]) for i in (2, 0, 4, 1, 3)]


def test_a_pubcomp_before_the_pubrec_is_a_violation():
    rig = rig2()
    rig.up()
    pid = rig.publish("a", b"x", qos=2)
    rig.link.feed(pubcomp(pid))
    rig.until(lambda: rig.told("disconnect"), 1000)
    assert isinstance(rig.told("disconnect")[0][0], MQTTError) and rig.told("delivered") == []


def test_after_pubrec_a_kept_session_gets_pubrel_and_never_publish_again():
    """[MQTT-4.3.3-1] [MQTT-4.4.0-1]"""
    rig = rig2()
    rig.up()
    pid = rig.publish("a", b"x", qos=2)
    rig.hear(pubrec(pid))
    for _ in range(3):
        rig.lose()
        raws = rig.up(session=True)
        assert only(raws, PUBREL) == [pubrel(pid)] and published(raws) == []
    rig.hear(pubcomp(pid))
    assert rig.told("delivered") == [(pid, 0)]


def test_before_pubrec_a_kept_session_gets_publish_again():
    """[MQTT-3.3.1-1] [MQTT-4.4.0-1]"""
    rig = rig2()
    rig.up()
    pid = rig.publish("a", b"x", qos=2)
    rig.lose()
    assert rig.up(session=True)[1:] == [publish("a", b"x", 2, pid, dup=True)]
    assert rig.hear(pubrec(pid)) == [pubrel(pid)]


def test_a_pubrec_whose_pubrel_was_not_written_still_counts():
    rig = rig2()
    rig.up()
    pid = rig.publish("a", b"x", qos=2)
    rig.link.room = 0
    rig.hear(pubrec(pid))
    rig.link.room = None
    rig.lose()
    rig.link.room = None
    raws = rig.up(session=True)
    assert published(raws) == [] and only(raws, PUBREL) == [pubrel(pid)]


def test_a_lost_session_gets_the_message_again_even_after_its_pubrec():
    """A duplicate is preferred to a loss: the broker may have forgotten what it had received."""
    for clean in (True, False):
        rig = rig2(clean=clean)
        rig.up()
        pid = rig.publish("a", b"x", qos=2)
        rig.hear(pubrec(pid))
        rig.lose()
        raws = rig.up(session=False)
        assert published(raws) == [b"x"] and only(raws, PUBREL) == []
        new = fields(raws[-1])[3]
        assert (new == pid or clean) and bool(raws[-1][0] & 8) is not clean
        assert rig.hear(pubrec(new)) == [pubrel(new)]
        rig.hear(pubcomp(new))
        assert rig.told("delivered") == [(pid, 0)] and rig.client.pending == 0


def test_publishes_and_pubrels_go_again_in_their_order():
    """[MQTT-4.6.0-1]"""
    rig = rig2()
    pids = [rig.client.publish("a", b"%d" % i, qos=2) for i in range(6)]
    rig.up()
    rig.hear(pubrec(pids[0]), pubrec(pids[1]), pubrec(pids[3]))
    rig.hear(pubcomp(pids[0]))
    rig.lose()
    raws = rig.up(session=True)
    assert only(raws, PUBREL) == [pubrel(pids[1]), pubrel(pids[3])]
    assert published(raws) == [b"2", b"4", b"5"]


def test_a_qos_2_message_takes_a_place_in_the_window_until_pubcomp():
    rig = rig2(inflight=2)
    pids = [rig.client.publish("a", b"%d" % i, qos=2) for i in range(4)]
    assert published(rig.up()) == [b"0", b"1"]
    assert published(rig.hear(pubrec(pids[0]))) == []
    assert published(rig.hear(pubcomp(pids[0]))) == [b"2"]


# Receiving


def test_a_received_message_is_delivered_once_and_answered_every_time():
    """[MQTT-4.3.3-2]"""
    rig = rig2()
    rig.up()
    assert rig.hear(publish("a", b"x", 2, 9)) == [pubrec(9)]
    assert rig.hear(publish("a", b"x", 2, 9, dup=True)) == [pubrec(9)]
    assert rig.hear(pubrel(9)) == [pubcomp(9)]
    assert rig.payloads() == [b"x"]


def test_after_its_pubrel_an_id_is_a_new_message():
    """[MQTT-4.3.3-2]"""
    rig = rig2()
    rig.up()
    for i in range(3):
        rig.hear(publish("a", b"%d" % i, 2, 9), pubrel(9))
    assert rig.payloads() == [b"0", b"1", b"2"]


def test_a_pubrel_for_an_unknown_id_is_completed():
    """The broker may have lost our PUBCOMP with the last link."""
    rig = rig2()
    rig.up(session=True)
    assert rig.hear(pubrel(77)) == [pubcomp(77)] and rig.client.connected


def test_an_id_not_yet_released_is_known_on_the_kept_session():
    rig = rig2()
    rig.up()
    rig.hear(publish("a", b"x", 2, 9), publish("a", b"y", 2, 10))
    rig.lose()
    rig.up(session=True)
    assert rig.hear(publish("a", b"x", 2, 9, dup=True), publish("a", b"y", 2, 10, dup=True)) == [pubrec(9), pubrec(10)]
    assert rig.hear(pubrel(9), pubrel(10)) == [pubcomp(9), pubcomp(10)]
    rig.hear(publish("a", b"z", 2, 9))
    assert sorted(rig.payloads()) == [b"x", b"y", b"z"]


def test_a_lost_session_forgets_the_ids_it_had_received():
    """[MQTT-3.1.2-6] [MQTT-3.2.2-3]"""
    for clean in (True, False):
        rig = rig2(clean=clean)
        rig.up()
        rig.hear(publish("a", b"old", 2, 9))
        rig.lose()
        rig.up(session=False)
        rig.hear(publish("a", b"new", 2, 9), pubrel(9))
        assert rig.payloads() == [b"old", b"new"]


def test_ids_of_the_two_directions_do_not_touch():
    rig = rig2()
    rig.up()
    pid = rig.publish("a", b"mine", qos=2)
    rig.sent()
    assert rig.hear(publish("b", b"theirs", 2, pid)) == [pubrec(pid)]
    assert rig.hear(pubrec(pid)) == [pubrel(pid)]
    assert rig.hear(pubrel(pid)) == [pubcomp(pid)]
    rig.hear(pubcomp(pid))
    assert rig.told("delivered") == [(pid, 0)] and rig.payloads() == [b"theirs"]


def test_a_full_table_closes_rather_than_forget_an_id():
    rig = rig2()
    rig.up()
    known = 0
    while not rig.told("disconnect"):
        known += 1
        assert known < 5000, "the table is bounded"
        rig.link.feed(publish("a", b"%d" % known, 2, known))
        rig.settle()
    assert isinstance(rig.told("disconnect")[0][0], MQTTError) and len(str(rig.client.last_error)) > 10
    taken = len(rig.payloads())
    assert taken >= 8
    rig.up(session=True)
    for pid in range(1, taken + 1):
        assert rig.hear(publish("a", b"%d" % pid, 2, pid, dup=True)) == [pubrec(pid)]
    assert len(rig.payloads()) == taken, "none was forgotten"
    assert rig.hear(pubrel(1)) == [pubcomp(1)]
    rig.hear(publish("a", b"room", 2, 60000))
    assert rig.payloads()[-1] == b"room"


def test_both_directions_survive_a_link_that_breaks_after_every_packet():
    rig = rig2()
    rig.up()
    pid = rig.publish("out", b"x", qos=2)
    steps = (publish("in", b"y", 2, 5), pubrec(pid), publish("in", b"y", 2, 5, dup=True), pubrel(5), pubrel(5))
    for raw in steps:
        rig.hear(raw)
        rig.lose(-1)
        raws = rig.up(session=True)
    assert only(raws, PUBREL) == [pubrel(pid)] and packet_id(raws[-1]) == pid
    rig.hear(pubcomp(pid))
    assert rig.payloads() == [b"y"] and rig.told("delivered") == [(pid, 0)]
    assert puback(pid) not in raws
