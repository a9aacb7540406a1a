"""Message: what a handler is given, and what is left of it afterwards."""

from harness import Rig, raises
from packets import publish


def seen(raw, look):
    """What look(message) answers inside the handler, for this packet."""
    got = []
    rig = Rig(on_message=lambda m: got.append(look(m)))
    rig.up()
    rig.hear(raw)
    assert len(got) == 1
    return got[0]


def test_topic_is_text_and_payload_is_bytes():
    topic, payload = seen(publish("a/é", b"\x00\xff"), lambda m: (m.topic, m.payload))
    assert type(topic) is str and topic == "a/é"
    assert type(payload) is bytes and payload == b"\x00\xff"


def test_payload_len_counts_bytes():
    assert seen(publish("a", "é"), lambda m: m.payload_len) == 2
    assert seen(publish("a", b""), lambda m: m.payload_len) == 0


def test_topic_is_compares_the_whole_topic():
    def look(m):
        return [m.topic_is(t) for t in (b"a/b", b"a/", b"a/bc", b"a/c", b"")]

    assert seen(publish("a/b", b"a/b"), look) == [True, False, False, False, False]
    assert seen(publish("é", b""), lambda m: m.topic_is("é".encode()))


def test_payload_is_compares_the_whole_payload():
    def look(m):
        return [m.payload_is(p) for p in (b"ON", b"O", b"ONN", b"OFF", b"on", b"")]

    assert seen(publish("a", b"ON"), look) == [True, False, False, False, False, False]
    assert seen(publish("a", b""), lambda m: m.payload_is(b""))


def test_payload_int_reads_whole_numbers():
    for text, want in ((b"0", 0), (b"42", 42), (b"-7", -7), (b"007", 7), (b"1073741823", 1073741823)):
        assert seen(publish("a", text), lambda m: m.payload_int()) == want, text
    assert seen(publish("a", b"-2147483648"), lambda m: m.payload_int()) == -2147483648


def test_payload_int_answers_the_default_for_everything_else():
    for text in (b"", b"-", b"x", b"4x", b"12.5", b"ON", b"--1", b"1-", b"\xff", b"1\x00", "١".encode()):
        assert seen(publish("a", text), lambda m: (m.payload_int(), m.payload_int(5))) == (None, 5), text
    assert seen(publish("a", b"x"), lambda m: m.payload_int(default=-1)) == -1


def test_readinto_copies_the_payload_and_says_how_much():
    for size in (1, 3, 4, 10):
        buf = bytearray(b"." * size)
        count = seen(publish("a", b"1234"), lambda m, buf=buf: m.readinto(buf))
        assert count == min(size, 4)
        assert bytes(buf) == (b"1234" + b"." * 10)[:size]


def test_the_same_object_comes_every_time_and_what_was_taken_from_it_stays():
    kept = []
    rig = Rig(on_message=lambda m: kept.append((m, m.topic, m.payload)))
    rig.up()
    rig.hear(publish("a", b"first"), publish("b", b"second"))
    assert kept[0][0] is kept[1][0]
    assert [entry[1:] for entry in kept] == [("a", b"first"), ("b", b"second")]


def every_use(m):
    return (
        lambda: m.topic,
        lambda: m.payload,
        lambda: m.payload_len,
        lambda: m.qos,
        lambda: m.retain,
        lambda: m.dup,
        lambda: m.topic_is(b"a"),
        lambda: m.payload_is(b"first"),
        lambda: m.payload_int(),
        lambda: m.readinto(bytearray(8)),
    )


def test_outside_its_handler_a_message_raises_instead_of_showing_another():
    kept = []
    rig = Rig(on_message=kept.append)
    rig.up()
    rig.hear(publish("a", b"first"))
    for use in every_use(kept[0]):
        raises(RuntimeError, use)
    rig.link.feed(publish("b", b"second")[:4])
    rig.settle()
    for use in every_use(kept[0]):
        raises(RuntimeError, use)


def test_a_message_is_over_when_its_handler_has_raised():
    kept = []

    def handler(m):
        kept.append(m)
        raise KeyError("mine")

    rig = Rig(on_message=handler)
    rig.up()
    rig.link.feed(publish("a", b"first"))
    raises(KeyError, rig.settle)
    for use in every_use(kept[0]):
        raises(RuntimeError, use)


def test_inside_another_callback_there_is_no_message():
    kept, errors = [], []
    rig = Rig(
        on_message=kept.append,
        on_disconnect=lambda error: errors.append(raises(RuntimeError, lambda: kept[0].payload)),
    )
    rig.up()
    rig.hear(publish("a", b"first"))
    rig.lose()
    assert len(errors) == 1
