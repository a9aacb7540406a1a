"""Every packet id ends exactly once in on_delivered, inside a poll, whatever happened to it."""

from harness import Rig, published
from packets import fields, only, puback, pubcomp, publish, pubrec


def fates(rig):
    """{id: [reasons]}"""
    out = {}
    for pid, reason in rig.told("delivered"):
        out.setdefault(pid, []).append(reason)
    return out


def test_an_acknowledged_message_is_delivered_once():
    rig = Rig(qos2=True, clean=False)
    rig.up()
    one, two = rig.publish("a", b"", qos=1), rig.publish("a", b"", qos=2)
    rig.hear(puback(one), pubrec(two), pubcomp(two))
    rig.lose()
    rig.up(session=True)
    assert fates(rig) == {one: [0], two: [0]}


def test_a_dropped_message_is_told_in_the_next_poll_and_not_before():
    rig = Rig(outbox_size=256)
    pids = [rig.client.publish("a", b"x" * 40, qos=1) for _ in range(20)]
    assert rig.events == [] and rig.client.dropped > 10
    rig.start()
    rig.settle()
    assert rig.told("delivered") == [(pid, -1) for pid in pids[: rig.client.dropped]]


def test_hundreds_dropped_between_two_polls_are_all_told():
    rig = Rig(outbox_size=256)
    pids = [rig.client.publish("a", b"x" * 40, qos=1) for _ in range(500)]
    left = rig.client.pending
    rig.start()
    rig.settle()
    assert fates(rig) == {pid: [-1] for pid in pids[: len(pids) - left]}


def test_drops_with_others_kept_between_them_are_told_by_their_own_ids():
    """In flight stays, QoS 0 goes first, the ids of SUBSCRIBE lie between: no range of ids is dropped as a whole."""
    rig = Rig(outbox_size=512, inflight=2, clean=False)
    rig.up()
    kept = [rig.publish("a", b"s" * 40, qos=1) for _ in range(2)]
    rig.lose()
    pids = []
    for i in range(40):
        pids.append(rig.client.publish("a", b"x" * 40, qos=i % 3 % 2))
        if i % 5 == 0:
            rig.client.subscribe("f%d" % i, qos=1)
    ids = [pid for pid in pids if pid]
    raws = rig.up(session=True)
    done = []
    while rig.client.pending:
        acks = [fields(raw)[3] for raw in only(raws, 0x30) if fields(raw)[3]]
        done += acks
        raws = rig.hear(*[puback(pid) for pid in acks])
    told = fates(rig)
    assert sorted(told) == sorted(kept + ids)
    for pid in told:
        assert told[pid] == [0 if pid in done else -1], pid
    assert set(kept) <= set(done)


def test_a_message_is_pending_or_told_through_every_break():
    rig = Rig(outbox_size=512, inflight=3, clean=False)
    pids = []
    for turn in range(30):
        for i in range(3):
            pids.append(rig.client.publish("a", b"%d.%d" % (turn, i) + b"x" * 30, qos=1))
        raws = only(rig.up(session=True), 0x30)
        if turn % 3:
            rig.hear(*[puback(fields(raw)[3]) for raw in raws[: turn % 3]])
        rig.lose(-1 if turn & 1 else 0)
    told = fates(rig)
    assert max([len(reasons) for reasons in told.values()]) == 1
    assert len(told) + rig.client.pending == len(pids) == len(set(pids))
    assert len([1 for reasons in told.values() if reasons == [-1]]) == rig.client.dropped


def test_qos_0_has_no_id_and_is_not_told_as_delivered():
    rig = Rig()
    rig.up()
    for i in range(3):
        rig.publish("a", b"%d" % i)
    assert published(rig.sent()) == [b"0", b"1", b"2"] and rig.told("delivered") == []


def test_what_disconnect_leaves_is_not_lost():
    """It is pending, not dropped, and goes with the next connection."""
    rig = Rig(clean=False)
    rig.up()
    pid = rig.publish("a", b"x", qos=1)
    assert rig.client.disconnect(timeout_ms=500) == 1
    assert rig.told("delivered") == [] and rig.client.dropped == 0
    rig.start()
    raws = rig.up(session=True)
    assert raws[1:] == [publish("a", b"x", 1, pid, dup=True)]
    rig.hear(puback(pid))
    assert fates(rig) == {pid: [0]}
