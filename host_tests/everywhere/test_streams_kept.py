"""A stream of a client with a journal: it needs its source, which no reset outlives, and so it is never in the file."""

import flash
from fakes import Dice
from model import Broker
from model5 import Broker5
from sources import Source, pattern
from test_journal import board, drain, numbers, publish

BIG = pattern(3000)


def streamed(rig, qos=1, source=None):
    return rig.client.publish_stream("big", len(BIG), source or Source(BIG), qos)


def broker_of(version):
    return Broker() if version == 4 else Broker5(Dice(1))


def received(broker):
    """The payloads."""
    return [found if isinstance(found, bytes) else found[1] for found in broker.received]


def test_a_reset_loses_it_and_nothing_else():
    for version in (4, 5):
        for qos in (0, 1, 2):
            name, broker = flash.path(), broker_of(version)
            rig = board(name, broker, version=version)
            before, _, after = publish(rig, [b"1"]), streamed(rig, qos), publish(rig, [b"2", b"3"])
            assert rig.client.journal.flush() and rig.client.stored == 3 and rig.client.pending == 4
            rig = board(name, broker, version=version)
            assert rig.client.stored == rig.client.pending == 3
            drain(rig)
            assert received(broker) == [b"1", b"2", b"3"]
            assert rig.told("delivered") == [(pid, 0) for pid in before + after] and rig.client.stored == 0


def test_a_reset_in_its_middle():
    """The broker has none, a half or all of it, and its answers are lost: what follows is understood all the same."""
    for version in (4, 5):
        for qos in (1, 2):
            for most in (0, 1000, None):
                reset_in_its_middle(version, qos, most)


def reset_in_its_middle(version, qos, most):
    name, broker = flash.path(), broker_of(version)
    rig = board(name, broker, version=version)
    rig.start()
    rig.until(lambda: rig.client.connected)
    (first,) = publish(rig, [b"1"], qos)
    rig.run(3000)
    assert rig.told("delivered") == [(first, 0)]
    rig.link.feed = lambda *raws: None
    rig.link.room = most
    streamed(rig, qos)
    (last,) = publish(rig, [b"2"], 2)
    rig.settle()
    assert rig.client.journal.flush() and rig.client.stored == 1
    rig = board(name, broker, version=version)
    drain(rig)
    assert received(broker) == [b"1"] + [BIG] * (most is None) + [b"2"]
    assert rig.told("delivered") == [(last, 0)]
    publish(rig, numbers(0, 50), 2)  # the broker may still have the id of the stream
    drain(rig)
    assert received(broker)[-50:] == numbers(0, 50) and rig.client.stored == 0


def test_what_was_stored_is_over_when_it_is_acknowledged_streams_or_not():
    name, broker = flash.path(), Broker()
    rig = board(name, broker)
    streamed(rig)
    drain(rig)
    for qos in (1, 2):
        rig.lose()
        ids = publish(rig, numbers(0, 20), qos)
        assert rig.client.journal.flush() and rig.client.stored == 20
        drain(rig)
        assert rig.client.stored == rig.client.pending == 0
        assert rig.told("delivered")[-20:] == [(pid, 0) for pid in ids]
    rig = board(name, broker)
    assert rig.client.stored == 0


def test_it_waits_while_others_go_to_the_file_and_come_back():
    for version in (4, 5):
        name, broker = flash.path(), broker_of(version)
        rig = board(name, broker, outbox_size=600, version=version)
        first = publish(rig, numbers(0, 5))
        pid = streamed(rig, 1, Source(BIG))
        ids = publish(rig, numbers(5, 200))
        assert rig.client.pending == 201 and rig.client.dropped == 0 and rig.client.stored
        drain(rig)
        found = received(broker)
        assert found.count(BIG) == 1
        found.remove(BIG)  # it may pass the others
        assert found == numbers(0, 200)
        told = rig.told("delivered")
        assert (pid, 0) in told
        told.remove((pid, 0))
        assert told == [(one, 0) for one in first + ids] and rig.client.stored == 0


def test_a_file_that_is_compacted_while_it_waits():
    name, broker = flash.path(), Broker()
    rig = board(name, broker, size=20480, outbox_size=512)
    source = Source(BIG)
    source.dry = True
    rig.start()
    rig.until(lambda: rig.client.connected)
    for turn in range(8):
        rig.lose()
        publish(rig, numbers(turn * 100, turn * 100 + 100))
        if turn == 1:
            streamed(rig, 1, source)
        rig.client.journal.flush()
        rig.run(20000)
        source.dry = turn < 6
        rig.until(lambda: rig.client.connected)
        rig.run(60000)
    drain(rig)
    found = received(broker)
    found.remove(BIG)
    assert found == numbers(0, 800)
    assert rig.client.stored == rig.client.pending == rig.client.dropped == 0
