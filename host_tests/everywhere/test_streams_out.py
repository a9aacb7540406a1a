"""Messages larger than memory, published in chunks."""

from harness import Rig, published, raises
from io import BytesIO
from leanmqtt import OutboxFull
from packets import fields, packet_id, puback, pubcomp, publish, pubrec, pubrel, remaining
from sources import Source, pattern

BIG = pattern(5000)


def up(**options):
    rig = Rig(**options)
    rig.up()
    return rig


def test_a_message_larger_than_the_outbox_is_sent_whole_at_every_qos():
    for qos in (0, 1, 2):
        rig = up(qos2=True, outbox_size=128)
        pid = rig.client.publish_stream("big", len(BIG), Source(BIG), qos)
        assert (pid == 0) == (qos == 0)
        rig.settle()
        assert rig.sent() == [publish("big", BIG, qos, pid or None)]
        assert rig.client.pending == (1 if qos else 0)


def test_it_is_delivered_once_with_its_last_acknowledgement():
    rig = up(qos2=True)
    pid = rig.client.publish_stream("big", len(BIG), Source(BIG))
    rig.settle()
    assert rig.told("delivered") == []
    rig.hear(puback(pid))
    assert rig.told("delivered") == [(pid, 0)] and rig.client.pending == 0
    pid = rig.client.publish_stream("big", len(BIG), Source(BIG), 2)
    rig.settle()
    assert rig.hear(pubrec(pid))[-1:] == [pubrel(pid)]
    rig.hear(pubcomp(pid))
    assert rig.told("delivered")[1:] == [(pid, 0)] and rig.client.pending == 0


def test_sizes_around_chunks_and_length_bytes():
    rig = up()
    for size in (1, 2, 117, 120, 121, 122, 511, 512, 513, 1023, 1024, 1025, 16377, 16378, 16379):
        rig.client.publish_stream("t", size, Source(pattern(size)), 0)
        rig.settle()
        assert rig.sent() == [publish("t", pattern(size))], size


def test_two_megabytes_leave_through_a_chunk():
    """The largest remaining length of three bytes, and one more."""
    rig = up(outbox_size=64)
    for length in (2097151, 2097152):
        size = length - 5

        class Zeros:
            def seek(self, at):
                self.asked = 0

            def readinto(self, buf):
                self.asked += 1
                self.most = len(buf)
                return len(buf)

        source = Zeros()
        rig.link.stream = bytearray()
        rig.client.publish_stream("big", size, source, 0)
        rig.settle()
        raw = rig.link.stream
        assert len(raw) == 1 + 3 + (length > 2097151) + length
        assert raw[: len(raw) - size] == b"\x30" + remaining(length) + b"\0\3big"
        assert source.most == 512 and source.asked == -(-size // 512), "the source is asked for what fits the chunk"


def test_an_empty_stream_is_an_empty_message():
    rig = up()
    source = Source(b"")
    pid = rig.client.publish_stream("t", 0, source, 1, True)
    rig.settle()
    assert rig.sent() == [publish("t", b"", 1, pid, True)] and source.asked == 0


def test_the_source_may_give_less_than_asked_and_more_than_the_length():
    rig = up()
    for piece in (1, 7, 511):
        rig.client.publish_stream("t", 3000, Source(BIG, piece), 0)
        rig.settle()
        assert rig.sent() == [publish("t", BIG[:3000])]


def test_files_and_buffers_are_sources():
    rig = up()
    file = BytesIO(BIG)
    file.read(100)
    rig.client.publish_stream("t", len(BIG), file, 0)
    rig.settle()
    assert rig.sent() == [publish("t", BIG)], "from the start"


def test_it_dribbles_through_a_slow_link():
    for grain in (1, 3, 100):
        rig = up()
        rig.link.grain = grain
        pid = rig.client.publish_stream("t", 1500, Source(BIG))
        rig.settle()
        assert rig.sent() == [publish("t", BIG[:1500], 1, pid)]


def test_it_takes_its_turn():
    rig = up()
    rig.link.room = 0
    early = [rig.client.publish("early", b"%d" % i, qos=i) for i in (0, 1)]
    pid = rig.client.publish_stream("big", len(BIG), Source(BIG))
    late = [rig.client.publish("late", b"%d" % i, qos=i) for i in (0, 1)]
    rig.link.room = None
    rig.settle()
    raws = rig.sent()
    assert [fields(raw)[0] for raw in raws] == [b"early", b"early", b"big", b"late", b"late"]
    assert [fields(raw)[3] or 0 for raw in raws] == early + [pid] + late


def test_what_is_published_while_it_is_written_waits():
    rig = up()
    rig.link.room = 1000
    rig.client.publish_stream("big", len(BIG), Source(BIG), 0)
    rig.settle()
    rig.client.publish("late", b"0", qos=0)
    rig.client.publish("late", b"1", qos=1)
    rig.settle()
    assert rig.sent() == []
    rig.link.room = None
    rig.settle()
    assert published(rig.sent()) == [BIG, b"0", b"1"]


def test_the_outbox_may_move_under_a_stream():
    rig = up(outbox_size=300)
    filler = rig.client.publish("a", bytes(100))
    rig.settle()
    rig.link.room = 700
    pid = rig.client.publish_stream("big", len(BIG), Source(BIG))
    rig.hear(puback(filler))
    for i in range(3):
        rig.client.publish("b", bytes(70) + b"%d" % i)
    rig.link.room = None
    rig.settle()
    assert published(rig.sent()) == [BIG] + [bytes(70) + b"%d" % i for i in range(3)]
    rig.hear(puback(pid))
    assert (pid, 0) in rig.told("delivered")


def test_one_at_a_time():
    rig = up()
    source = Source(BIG)
    pid = rig.client.publish_stream("a", len(BIG), source)
    for _ in range(2):
        error = raises(OutboxFull, rig.client.publish_stream, "b", 10, Source(BIG))
        assert "one at a time" in str(error)
        rig.settle()
    rig.hear(puback(pid))
    assert rig.told("delivered") == [(pid, 0)]
    assert rig.client.publish_stream("b", 10, source, 0) == 0


def test_the_next_one_may_begin_in_on_delivered():
    rig = up()
    left = [3]

    def more(pid, reason):
        left[0] -= 1
        if left[0]:
            rig.client.publish_stream("n", 600 + left[0], Source(BIG))

    rig.client.on_delivered = more
    rig.client.publish_stream("n", 600, Source(BIG))
    rig.settle()
    sizes = []
    while left[0]:
        (raw,) = rig.sent()
        sizes.append(len(fields(raw)[1]))
        rig.link.feed(puback(packet_id(raw)))
        rig.settle()
    assert sizes == [600, 602, 601]


def test_a_stream_may_be_queued_before_there_is_a_link():
    rig = Rig()
    pid = rig.client.publish_stream("big", len(BIG), Source(BIG))
    assert rig.up()[1:] == [publish("big", BIG, 1, pid)]


def test_the_source_is_let_go_of():
    rig = up()
    for qos in (0, 1):
        pid = rig.client.publish_stream("big", len(BIG), Source(BIG), qos)
        rig.settle()
        if qos:
            assert rig.client._sender.source, "it may be needed again"
            rig.hear(puback(pid))
        assert rig.client._sender.source is None


def test_an_ended_stream_leaves_others_alone():
    """A message whose bytes begin like those of the stream is still another message."""
    rig = up()
    for size in (1, 119):
        rig.client.publish_stream("t", size, Source(BIG))
        pid = rig.client.publish("t", BIG[:size])
        rig.settle()
        raws = rig.sent()
        assert published(raws) == [BIG[:size]] * 2 and packet_id(raws[1]) == pid
        rig.hear(puback(pid))
        assert rig.client._sender.source and rig.client.pending == 1
        rig.hear(puback(packet_id(raws[0])))
        assert rig.client._sender.source is None and rig.client.pending == 0


def test_a_message_that_holds_the_head_of_the_stream_is_not_taken_for_it():
    rig = up()
    rig.client.publish_stream("t", len(BIG), Source(BIG))
    rig.settle()
    head = rig.sent()[0][: -len(BIG)]
    rig.hear(puback(rig.client.publish("x", head)))
    assert rig.client._sender.source and rig.client.pending == 1


def test_it_takes_the_room_of_its_head_to_the_byte():
    """8 bytes of header, a packet without its payload."""
    size = 8 + len(publish("t" * 30, BIG, 1, 1)) - len(BIG)
    rig = Rig(outbox_size=size)
    pid = rig.client.publish_stream("t" * 30, len(BIG), Source(BIG))
    assert rig.up()[1:] == [publish("t" * 30, BIG, 1, pid)]
    rig = Rig(outbox_size=size - 1)
    raises(ValueError, rig.client.publish_stream, "t" * 30, len(BIG), Source(BIG))


def test_an_acknowledgement_before_its_end_is_a_fault():
    """[MQTT-4.8.0-1]"""
    rig = up()
    rig.link.room = 1000
    pid = rig.client.publish_stream("big", len(BIG), Source(BIG))
    rig.settle()
    rig.link.feed(puback(pid))
    rig.until(lambda: rig.told("disconnect"), 1000)
    assert "not pending" in str(rig.told("disconnect")[0][0])


def test_a_broker_that_answers_within_the_write_is_understood():
    rig = up()
    pids = []
    rig.link.answer = lambda data: rig.link.feed(puback(pids[0])) if len(rig.link.stream) >= whole else None
    for size in (512 * 8 - 10, 512 * 8, 512 * 7 + 1, 512 * 9, 3):
        whole = len(rig.link.stream) + len(publish("t", bytes(size), 1, 1))
        pids[:] = [rig.client.publish_stream("t", size, Source(bytes(size)))]
        rig.settle()
        assert rig.told("delivered")[-1] == (pids[0], 0) and rig.told("disconnect") == []


def test_bad_calls_say_what_is_wanted():
    rig = up()
    call = rig.client.publish_stream
    for source in (None, BIG, lambda buf: 0):
        assert "readinto(buf) and seek(0)" in str(raises(ValueError, call, "t", 10, source))
    for length in (-1, 1.5, None, 268435455):
        assert "length" in str(raises(ValueError, call, "t", length, Source(BIG)))
    raises(ValueError, call, "t/#", 10, Source(BIG))
    raises(ValueError, call, "", 10, Source(BIG))
    raises(ValueError, call, "t", 10, Source(BIG), 2)
    raises(ValueError, call, "t" * 3000, 10, Source(BIG))
    assert rig.client.pending == 0 and rig.settle() is None and rig.sent() == []
    rig.client.publish_stream("t", 10, Source(BIG), 0)
    rig.settle()
    assert published(rig.sent()) == [BIG[:10]]


def test_a_full_outbox_refuses_it_or_drops_for_it():
    rig = Rig(outbox_size=64, overflow="refuse")
    rig.client.publish("a", bytes(45))
    raises(OutboxFull, rig.client.publish_stream, "big", len(BIG), Source(BIG))
    rig = Rig(outbox_size=64)
    old = rig.client.publish("a", bytes(45))
    pid = rig.client.publish_stream("big", len(BIG), Source(BIG))
    assert rig.up()[1:] == [publish("big", BIG, 1, pid)]
    assert rig.told("delivered") == [(old, -1)]


def test_a_stream_that_waits_may_be_dropped_like_any_message():
    rig = Rig(outbox_size=64)
    source = Source(BIG)
    pid = rig.client.publish_stream("big", len(BIG), source)
    rig.client.publish("a", bytes(45), qos=0)
    rig.settle()
    assert rig.told("delivered") == [(pid, -1)] and rig.client.dropped == 1
    assert rig.client._sender.source is None
    rig.client.publish_stream("c", 5, source, 0)
