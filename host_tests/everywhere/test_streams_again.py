"""Streams that are sent again: after a lost link the source is asked from the start."""

from harness import Rig
from packets import puback, pubcomp, publish, pubrec, pubrel, split
from sources import Source, pattern

BIG = pattern(5000)


def up(**options):
    rig = Rig(**options)
    rig.up()
    return rig


def test_after_a_reconnect_the_source_is_asked_from_the_start():
    for qos in (0, 1, 2):
        rig = up(clean=False, qos2=True)
        rig.link.room = 1500
        source = Source(BIG)
        pid = rig.client.publish_stream("big", len(BIG), source, qos)
        rig.settle()
        rig.lose()
        rig.link.room = None
        rig.up(session=True)
        want = publish("big", BIG, qos, pid or None, dup=qos > 0)
        rig.link.stream = rig.link.stream[-len(want) :]
        assert split(rig.link.stream)[0] == [want] and source.rewound == 2
        assert rig.told("delivered") == []


def test_a_new_session_gets_it_as_a_new_message():
    rig = up()
    source = Source(BIG)
    pid = rig.client.publish_stream("big", len(BIG), source)
    rig.settle()
    rig.lose()
    assert rig.up()[1:] == [publish("big", BIG, 1, pid)], "written whole, not acknowledged: it goes again, without DUP"
    rig.hear(puback(pid))
    assert rig.told("delivered") == [(pid, 0)] and source.rewound == 2


def test_a_link_that_ends_anywhere_costs_nothing_but_time():
    size = 700
    want = publish("big", BIG[:size], 1, 1)
    for cut in list(range(0, 14)) + [500, 511, 512, 520, 521, 522, 523, 700, len(want) - 1, len(want)]:
        rig = up(clean=False, rand=lambda bits: 0)
        rig.link.room = cut
        rig.client.publish_stream("big", size, Source(BIG))
        rig.client.publish("late", b"x")
        rig.settle()
        rig.link.end = 0
        rig.until(lambda rig=rig: not rig.client.connected, 1000)
        rig.link.room = None
        raws = rig.up(session=True)[1:]
        assert raws == [publish("big", BIG[:size], 1, 1, dup=cut > 0), publish("late", b"x", 1, 2)], cut


def test_at_qos_2_it_is_not_sent_again_once_received():
    rig = up(clean=False, qos2=True)
    source = Source(BIG)
    pid = rig.client.publish_stream("big", len(BIG), source, 2)
    rig.settle()
    rig.hear(pubrec(pid))
    rig.lose()
    assert rig.up(session=True)[1:] == [pubrel(pid)] and source.rewound == 1
    rig.hear(pubcomp(pid))
    assert rig.told("delivered") == [(pid, 0)]


def test_a_session_that_was_lost_begins_qos_2_again():
    rig = up(clean=False, qos2=True)
    pid = rig.client.publish_stream("big", len(BIG), Source(BIG), 2)
    rig.settle()
    rig.hear(pubrec(pid))
    rig.lose()
    assert rig.up()[1:] == [publish("big", BIG, 2, pid, dup=True)]
