"""What goes again after a reconnection: with which id, with which flag, in which order."""

from harness import Rig, published
from packets import connect, fields, only, puback, publish, split


def test_a_kept_session_gets_the_same_id_with_dup():
    """[MQTT-3.3.1-1] [MQTT-2.3.1-3] [MQTT-4.4.0-1]"""
    rig = Rig(clean=False)
    rig.up()
    pid = rig.publish("a", b"x", qos=1)
    for _ in range(3):
        rig.lose()
        assert rig.up(session=True)[1:] == [publish("a", b"x", 1, pid, dup=True)]
    rig.hear(puback(pid))
    assert rig.told("delivered") == [(pid, 0)]


def test_without_clean_the_same_id_with_dup_goes_even_to_a_lost_session():
    """[MQTT-4.4.0-1] speaks of CleanSession 0, not of Session Present"""
    rig = Rig(clean=False)
    rig.up()
    pid = rig.publish("a", b"x", qos=1)
    rig.lose()
    assert rig.up(session=False)[1:] == [publish("a", b"x", 1, pid, dup=True)]


def test_a_clean_session_gets_a_new_message_without_dup():
    """[MQTT-3.1.2-6]"""
    rig = Rig(clean=True)
    rig.up()
    pid = rig.publish("a", b"x", qos=1)
    rig.lose()
    (raw,) = rig.up()[1:]
    assert fields(raw)[:3] == (b"a", b"x", 1) and not raw[0] & 8
    rig.hear(puback(fields(raw)[3]))
    assert rig.told("delivered") == [(pid, 0)], "the id that publish() gave"


def test_what_was_never_sent_goes_without_dup():
    """[MQTT-4.3.2-1]"""
    rig = Rig(clean=False, inflight=2)
    rig.up()
    pids = [rig.publish("a", b"%d" % i, qos=1) for i in range(4)]
    rig.lose()
    raws = rig.up(session=True)[1:]
    assert raws == [publish("a", b"%d" % i, 1, pids[i], dup=True) for i in (0, 1)]
    assert rig.hear(puback(pids[0]), puback(pids[1])) == [publish("a", b"%d" % i, 1, pids[i]) for i in (2, 3)]


def test_all_goes_again_in_the_original_order():
    """[MQTT-4.6.0-1]"""
    for clean in (True, False):
        rig = Rig(clean=clean, inflight=20)
        pids = [rig.client.publish("a", b"%d" % i, qos=1) for i in range(12)]
        rig.up()
        rig.hear(puback(pids[3]), puback(pids[0]), puback(pids[7]))
        rig.lose()
        rig.client.publish("a", b"offline", qos=1)
        want = [b"%d" % i for i in range(12) if i not in (0, 3, 7)] + [b"offline"]
        assert published(rig.up(session=not clean)) == want


def test_the_window_holds_after_a_reconnection_too():
    for clean in (True, False):
        rig = Rig(clean=clean, inflight=3)
        [rig.client.publish("a", b"%d" % i, qos=1) for i in range(9)]
        rig.up()
        rig.lose()
        raws = rig.up(session=not clean)
        assert published(raws) == [b"0", b"1", b"2"]
        assert published(rig.hear(puback(fields(raws[-3])[3]))) == [b"3"]


def test_a_message_cut_by_a_break_is_never_continued_on_the_next_link():
    """The new connection begins with CONNECT and holds only whole packets."""
    for qos in (0, 1):
        for cut in range(1, 12):
            rig = Rig(clean=False)
            rig.up()
            rig.link.room = cut
            pid = rig.publish("topic", b"payload", qos=qos)
            rig.link.room = 0
            rig.lose()
            rig.link.room = None
            raws = rig.up(session=True)
            assert raws[0] == connect("rig", clean=False) and split(bytes(rig.link.stream))[1] == b""
            if qos:
                assert raws[1:] == [publish("topic", b"payload", 1, pid, dup=True)], cut
            else:
                assert raws[1:] in ([], [publish("topic", b"payload")]), cut


def test_dup_is_never_set_on_qos_0():
    """[MQTT-3.3.1-2]"""
    rig = Rig(clean=False)
    rig.up()
    rig.link.room = 0
    for i in range(5):
        rig.publish("a", b"%d" % i)
    rig.lose()
    rig.link.room = None
    raws = rig.up(session=True)
    assert [raw[0] for raw in only(raws, 0x30)] == [0x30] * 5
    assert published(raws) == [b"%d" % i for i in range(5)]


def test_nothing_is_lost_when_every_link_breaks_after_one_acknowledgement():
    rig = Rig(clean=False, inflight=4, outbox_size=4096)
    pids = [rig.client.publish("a", b"%d" % i, qos=1) for i in range(40)]
    for pid in pids:
        raws = rig.up(session=True)
        assert fields(only(raws, 0x30)[0])[3] == pid
        rig.hear(puback(pid))
        rig.lose(-1)
    assert rig.told("delivered") == [(pid, 0) for pid in pids] and rig.client.pending == 0


def test_an_acknowledgement_in_the_last_bytes_of_a_link_counts():
    rig = Rig(clean=False)
    rig.up()
    pid = rig.publish("a", b"x", qos=1)
    rig.link.feed(puback(pid))
    rig.link.end = 0
    rig.until(lambda: rig.told("disconnect"), 1000)
    assert rig.told("delivered") == [(pid, 0)]
    assert published(rig.up(session=True)) == []


def test_half_a_packet_of_the_old_link_is_forgotten():
    rig = Rig()
    rig.up()
    rig.hear(publish("a", b"cut", 1, 5)[:-2])
    rig.lose()
    rig.up()
    assert rig.hear(publish("a", b"whole", 1, 6)) == [puback(6)]
    assert rig.payloads() == [b"whole"]


def test_an_acknowledgement_owed_to_the_old_link_is_not_sent_to_the_new_one():
    """To a clean session it would be an acknowledgement for nothing."""
    rig = Rig(clean=True)
    rig.up()
    rig.link.room = 0
    rig.hear(publish("a", b"x", 1, 5))
    rig.lose()
    rig.link.room = None
    assert rig.up() == [connect("rig")]
