"""Messages larger than memory, received in chunks."""

from harness import Rig, raises
from packets import puback, pubcomp, publish, pubrec, pubrel, remaining
from sources import Taker, pattern

BIG = pattern(5000)


def taking(*filters, **options):
    """A rig with rx_size=128 and one Taker for all filters."""
    options.setdefault("rx_size", 128)
    rig = Rig(**options)
    taker = Taker()
    for text in filters:
        rig.client.subscribe(text, 2 if options.get("qos2") else 1, taker, stream=True)
    rig.grant(rig.up())
    rig.sent()
    return rig, taker


def test_a_message_larger_than_rx_size_comes_in_chunks():
    for text in ("big", "+", "#", "big/#"):
        rig, taker = taking(text)
        assert rig.hear(publish("big", BIG, 1, 7)) == [puback(7)]
        assert taker.whole == [("big", BIG)]
        assert max([n for _, n, _ in taker.chunks]) <= 128 and min([n for _, n, _ in taker.chunks]) > 0
        assert {total for _, _, total in taker.chunks} == {5000}
        assert rig.told("oversize") == [] and rig.client.oversize == 0 and rig.told("message") == []


def test_a_small_or_empty_one_is_one_chunk():
    rig, taker = taking("#")
    for size in (0, 1, 100):
        rig.hear(publish("a", BIG[:size], 1, 7))
        assert taker.whole.pop() == ("a", BIG[:size]) and taker.chunks.pop() == (0, size, size)
    assert not taker.chunks


def test_every_size_around_the_limits_and_every_qos():
    for qos in (0, 1, 2):
        rig, taker = taking("#", qos2=True)
        for size in list(range(105, 140)) + list(range(245, 262)) + [16370, 16380, 16390]:
            data = pattern(size, qos)
            answers = rig.hear(publish("a/é", data, qos, size if qos else None))
            assert [answer[0] for answer in answers] == [[], [0x40], [0x50]][qos], size
            assert taker.whole.pop() == ("a/é", data), size
        assert not taker.whole


def test_every_length_of_topic_that_fits():
    """What fits is the beginning of the packet, of rx_size bytes, with the packet id; else it is oversize."""
    rig, taker = taking("#")
    for size in range(1, 140):
        topic = "t" * size
        before = len(rig.told("oversize"))
        assert rig.hear(publish(topic, BIG[:300], 1, 7)) == [puback(7)]
        if 3 + 2 + size + 2 <= 128:
            assert taker.whole.pop() == (topic, BIG[:300]), size
        else:
            assert len(rig.told("oversize")) == before + 1 and not taker.whole, size


def test_it_may_dribble():
    for chunk in (1, 2, 5, 100):
        rig, taker = taking("big")
        rig.link.chunk = chunk
        answers = rig.hear(publish("big", BIG[:700], 1, 7), publish("big", b"ok", 1, 8))
        assert answers == [puback(7), puback(8)]
        assert taker.whole == [("big", BIG[:700]), ("big", b"ok")]


def test_two_megabytes_come_through_a_hundred_and_twenty_eight_bytes():
    rig, taker = taking("unused")
    heard = [0, 0]

    def count(m):
        assert m.offset == heard[0], "in order, without gaps"
        heard[0] += m.payload_len
        heard[1] = m.total

    rig.client.subscribe("big", 1, count, stream=True)
    rig.grant(rig.sent())
    rig.settle()
    rig.sent()
    block = bytes(16384)
    for pid, length in ((7, 2097151), (8, 2097152)):
        size = length - 7
        head = publish("big", b"", 1, pid)[2:]
        heard[0] = 0
        rig.link.feed(b"\x32" + remaining(length) + head, *[block] * (size // 16384), bytes(size % 16384))
        assert rig.hear() == [puback(pid)] and heard == [size, size]


def test_the_message_says_all_it_says_of_others():
    rig, taker = taking()
    seen, room = [], bytearray(200)

    def look(m):
        n = m.readinto(room)
        seen.append((m.qos, m.retain, m.dup, m.topic_is(b"big"), m.payload_is(room[:n]), n == m.payload_len))

    rig.client.subscribe("big", 1, look, stream=True)
    rig.hear(publish("big", BIG, 1, 7, retain=True, dup=True))
    assert len(seen) > 10 and set(seen) == {(1, True, True, True, True, True)}


def test_the_acknowledgement_follows_the_last_chunk():
    rig, taker = taking("big")
    raw = publish("big", BIG, 1, 7)
    assert rig.hear(raw[:-1]) == [] and sum([n for _, n, _ in taker.chunks]) == 4999
    assert rig.hear(raw[-1:]) == [puback(7)] and taker.whole == [("big", BIG)]


def test_after_a_lost_link_it_begins_again():
    rig, taker = taking("big", clean=False)
    raw = publish("big", BIG, 1, 7)
    for cut in (1, 3, 8, 50, 128, 129, 130, 300, 4999):
        rig.hear(raw[:cut])
        rig.lose()
        rig.up(session=True)
        del taker.chunks[:]
        assert rig.hear(publish("small", b"x"), publish("big", BIG, 1, 7, dup=True)) == [puback(7)]
        assert taker.whole.pop() == ("big", BIG) and taker.chunks[0][0] == 0, cut


def test_at_qos_2_a_repetition_is_not_delivered():
    rig, taker = taking("big", qos2=True)
    raw = publish("big", BIG, 2, 7)
    assert rig.hear(raw) == [pubrec(7)]
    assert rig.hear(publish("big", BIG, 2, 7, dup=True)) == [pubrec(7)]
    assert rig.hear(pubrel(7)) == [pubcomp(7)]
    assert taker.whole == [("big", BIG)] and rig.told("oversize") == []
    assert rig.hear(raw) == [pubrec(7)]
    assert len(taker.whole) == 2, "a new message under an old id"


def test_half_a_message_at_qos_2_counts_as_none():
    rig, taker = taking("big", qos2=True, clean=False)
    rig.hear(publish("big", BIG, 2, 7)[:3000])
    rig.lose()
    rig.up(session=True)
    assert rig.hear(publish("big", BIG, 2, 7, dup=True)) == [pubrec(7)] and taker.whole == [("big", BIG)]


def test_others_are_oversize_as_ever():
    rig, taker = taking("big")
    rig.client.subscribe("other", 1, rig.noter("plain"))
    rig.settle()
    rig.sent()
    assert rig.hear(publish("other", BIG, 1, 7), publish("third", BIG, 1, 8)) == [puback(7), puback(8)]
    assert [topic for topic, _ in rig.told("oversize")] == ["other", "third"] and not taker.chunks
    rig.hear(publish("other", b"x", 1, 9))
    assert rig.payloads("plain") == [b"x"]


def test_a_handler_without_stream_sees_the_small_ones_only():
    rig, taker = taking("big")
    rig.client.subscribe("#", 1, rig.noter("plain"))
    rig.settle()
    rig.sent()
    rig.hear(publish("big", BIG), publish("big", b"x"))
    assert taker.whole == [("big", BIG), ("big", b"x")] and rig.payloads("plain") == [b"x"]
    assert rig.told("oversize") == []


def test_every_matching_handler_gets_every_chunk():
    rig, taker = taking("x/#")
    others = [Taker() for _ in range(3)]
    for i in range(3):
        rig.client.subscribe(("#", "big", "+")[i], 1, others[i], stream=True)
    rig.hear(publish("big", BIG))
    assert [other.whole for other in others] == [[("big", BIG)]] * 3 and taker.chunks == []


def test_a_handler_that_raises_sees_no_more_of_that_message():
    rig, taker = taking("big")
    second = Taker()
    rig.client.subscribe("#", 1, second, stream=True)
    rig.settle()
    rig.sent()
    for at in (0, 1, 4000, None):
        for told in (taker.chunks, taker.whole, second.whole):
            told.clear()
        taker.fails = at
        rig.link.feed(publish("big", BIG, 1, 7), publish("big", b"next", 1, 8))
        if at is not None:
            raises(KeyError, rig.settle)
            assert [chunk[0] for chunk in taker.chunks if chunk[0] >= at] == [taker.chunks[-1][0]]
            taker.fails = None
        rig.settle()
        assert rig.sent() == [puback(7), puback(8)], "it is acknowledged all the same"
        assert taker.whole == [("big", BIG), ("big", b"next")][0 if at is None else 1 :]
        assert second.whole == [("big", BIG), ("big", b"next")], "the others see all of it"


def test_whoever_comes_in_the_middle_waits_for_the_next():
    rig, taker = taking("big")
    late = Taker()
    raw = publish("big", BIG)
    rig.hear(raw[:2000])
    rig.client.subscribe("#", 1, late, stream=True)
    rig.hear(raw[2000:])
    assert late.chunks == [] and taker.whole == [("big", BIG)]
    rig.hear(raw)
    assert late.whole == [("big", BIG)]


def test_a_handler_may_leave_in_the_middle():
    rig, taker = taking("unused")
    seen = []

    def once(m):
        seen.append(m.offset)
        rig.client.unsubscribe("big")
        rig.client.publish("done", b"", qos=0)

    rig.client.subscribe("big", 1, once, stream=True)
    rig.grant(rig.hear())
    rig.sent()
    rig.hear(publish("big", BIG, 1, 7))
    assert seen == [0] and rig.told("disconnect") == []


def test_work_per_poll_stays_bounded():
    rig, taker = taking("big")
    rig.link.feed(publish("big", BIG, 1, 7))
    while not taker.whole:
        before = len(taker.chunks)
        rig.client.poll(0)
        assert len(taker.chunks) - before <= 2, "a read of 128 bytes: the end of the beginning, and a chunk"


def test_pings_and_publishing_go_on_meanwhile():
    rig, taker = taking("big", keepalive=4)
    raw = publish("big", BIG)
    for i in range(0, 5000, 1000):
        rig.hear(raw[i : i + 1000])
        rig.run(2900)
        rig.client.publish("out", b"x", qos=0)
    rig.hear(raw[5000:])
    assert taker.whole == [("big", BIG)] and rig.told("disconnect") == []


def test_what_is_malformed_ends_the_connection_as_ever():
    """[MQTT-4.8.0-1]"""
    long = b"x" * 1000
    wrong = (
        publish("a/#", long),
        publish("a\0b", long),
        publish(b"\xc3\x28", long),
        publish("", long),
        publish("a", long, 1, 0),
        publish("a", long, 3, 1),
        publish("a", long, 0, None, dup=True),
        publish("a", long, 2, 1),
    )
    for raw in wrong:
        rig, taker = taking("#")
        rig.link.feed(raw)
        rig.until(lambda rig=rig: rig.told("disconnect"), 1000)
        assert not taker.chunks, raw[:20]


def test_both_ways_at_once():
    from sources import Source

    rig, taker = taking("big")
    rig.link.grain = rig.link.chunk = 100
    pid = rig.client.publish_stream("out", len(BIG), Source(BIG))
    answers = rig.hear(publish("big", BIG, 1, 7))
    assert answers == [publish("out", BIG, 1, pid), puback(7)] and taker.whole == [("big", BIG)]


def test_it_needs_a_handler():
    rig = Rig()
    assert "handler" in str(raises(ValueError, rig.client.subscribe, "a", 1, None, True))


def test_messages_without_streams_have_offset_and_total_too():
    rig = Rig()
    seen = []
    rig.client.on_message = lambda m: seen.append((m.offset, m.total))
    rig.up()
    rig.hear(publish("a", b"12345"))
    assert seen == [(0, 5)]
