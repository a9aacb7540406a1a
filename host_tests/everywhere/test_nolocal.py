"""NoLocal: what the client published does not come back to its own handlers, and nothing else is kept from them."""

from io import BytesIO

import flash
from harness import Rig, raises
from leanmqtt import Will, amend, withdraw
from leanmqtt.journal import Client, Journal
from leanmqtt.nolocal import NoLocal, digest
from model import Broker
from packets import puback, pubcomp, publish, pubrec, pubrel
from sources import Taker, pattern


def rig_with(*filters, size=16, qos=1, **options):
    """A rig that is up, subscribed to these (default "#"), its NoLocal as `own`; messages go to on_message."""
    rig = Rig(qos2=True, **options)
    rig.own = NoLocal(rig.client, size)
    for text in filters or ("#",):
        rig.client.subscribe(text, qos)
    rig.grant(rig.up())
    rig.sent()
    return rig


def say(rig, topic, payload, qos=0):
    """Publish, and what a broker does until the client is done with it."""
    pid = rig.publish(topic, payload, qos=qos)
    if qos == 1:
        rig.hear(puback(pid))
    elif qos == 2:
        rig.hear(pubrec(pid))
        rig.hear(pubcomp(pid))
    rig.sent()
    return pid


def test_each_publish_cancels_one_arrival_at_every_qos_both_ways():
    for out in (0, 1, 2):
        for qos in (0, 1, 2):
            rig = rig_with()
            say(rig, "a/b", b"x", out)
            pid = 7 if qos else None
            answers = rig.hear(publish("a/b", b"x", qos, pid))
            assert answers == [[], [puback(7)], [pubrec(7)]][qos], "it is acknowledged as any"
            assert rig.told("message") == [] and rig.own.hidden == 1
            if qos == 2:
                rig.hear(pubrel(7))
            rig.hear(publish("a/b", b"x", qos, 8 if qos else None))
            assert rig.payloads() == [b"x"], "the second is somebody else's"


def test_what_differs_in_topic_or_payload_is_foreign():
    rig = rig_with()
    say(rig, "a/b", b"12")
    others = ("a/b", b"21"), ("a/b", b"1"), ("a/b", b"123"), ("a/b", b""), ("a/c", b"12"), ("a/b1", b"2")
    for topic, payload in others:
        rig.hear(publish(topic, payload))
    assert len(rig.told("message")) == 6 and rig.own.hidden == 0
    rig.hear(publish("a/b", b"12"))
    assert len(rig.told("message")) == 6 and rig.own.hidden == 1


def test_all_handlers_are_spared_and_hear_what_is_foreign_once():
    rig = rig_with("x")
    for text in ("a/b", "a/+", "a/#"):
        rig.client.subscribe(text, handler=rig.noter(text))
    rig.grant()
    say(rig, b"a/b", b"own", 1)
    rig.hear(publish("a/b", b"own", 1, 9), publish("a/b", b"foreign", 1, 10))
    assert [name for name in ("a/b", "a/+", "a/#") if rig.payloads(name) == [b"foreign"]] == ["a/b", "a/+", "a/#"]


def test_equal_messages_are_counted():
    rig = rig_with()
    for _ in range(3):
        say(rig, "a", b"ON", 1)
    for pid in range(1, 6):
        rig.hear(publish("a", b"ON", 1, pid))
    assert rig.payloads() == [b"ON"] * 2 and rig.own.hidden == 3


def test_topics_and_payloads_of_every_length():
    rig = rig_with(rx_size=600)
    for n in list(range(0, 300, 7)) + [480, 590]:
        topic = "t" * (n % 90 + 1)
        say(rig, topic, pattern(n)[: 590 - len(topic)], n % 2)
        rig.hear(publish(topic, pattern(n)[: 590 - len(topic)], 1, 5))
    assert rig.told("message") == [] and rig.own.hidden == 45


def test_a_message_in_pieces_and_behind_others():
    """Written in grains, and behind what waits, it is noted when its last byte has gone."""
    for grain in (1, 3, 64):
        for qos in (0, 1, 2):
            rig = rig_with(rx_size=512)
            rig.link.grain = grain
            for payload in (b"1", pattern(200), b"2"):
                rig.publish("a/b", payload, qos=qos)
            rig.run(500)
            for pid, payload in enumerate((b"1", pattern(200), b"2")):
                rig.hear(publish("a/b", payload, 1, pid + 1))
            assert rig.told("message") == [], (grain, qos)


def test_what_matches_no_subscription_takes_no_place():
    rig = rig_with("a/+", "b", size=1)
    say(rig, "a/x", b"1")
    for topic in ("b/x", "c", "a", "a/x/y"):
        say(rig, topic, b"1")
    assert rig.own.forgotten == 0
    rig.hear(publish("a/x", b"1"))
    assert rig.told("message") == []


def test_a_subscription_given_up_counts_no_more():
    rig = rig_with("a", "b", size=1)
    rig.client.unsubscribe("b")
    rig.settle()
    say(rig, "a", b"1")
    say(rig, "b", b"1")
    assert rig.own.forgotten == 0


def test_a_retransmission_of_the_broker_is_cancelled_too():
    """The acknowledgement of what was cancelled may be lost."""
    rig = rig_with(clean=False)
    say(rig, "a", b"x", 1)
    rig.hear(publish("a", b"x", 1, 40))
    rig.lose()
    rig.up(session=True)
    for _ in range(2):
        assert rig.hear(publish("a", b"x", 1, 40, dup=True)) == [puback(40)]
    assert rig.told("message") == []
    rig.hear(publish("a", b"x", 1, 41, dup=True), publish("a", b"x", 1, 40))
    assert rig.payloads() == [b"x", b"x"], "with another packet id, or without DUP, it is another message"


def test_the_first_arrival_may_be_a_retransmission():
    rig = rig_with(clean=False)
    say(rig, "a", b"x", 1)
    rig.lose()
    rig.up(session=True)
    rig.hear(publish("a", b"x", 1, 40, dup=True))
    assert rig.told("message") == [] and rig.own.hidden == 1


def test_two_equal_ones_and_a_retransmission_of_the_first():
    rig = rig_with(clean=False)
    say(rig, "a", b"x", 1)
    rig.hear(publish("a", b"x", 1, 1))
    say(rig, "a", b"x", 1)
    rig.lose()
    rig.up(session=True)
    rig.hear(publish("a", b"x", 1, 1, dup=True), publish("a", b"x", 1, 2))
    assert rig.told("message") == [], "the retransmission did not take the digest of the second"
    rig.hear(publish("a", b"x", 1, 3))
    assert rig.payloads() == [b"x"]


def test_a_message_sent_again_comes_twice_at_qos_1_and_once_at_qos_2():
    for qos in (1, 2):
        rig = rig_with(clean=False)
        pid = rig.publish("a", b"x", qos=qos)
        rig.lose()
        rig.up(session=True)
        assert pid and rig.client.pending == 1
        for n in range(3):
            rig.hear(publish("a", b"x", 1, n + 1))
        assert rig.own.hidden == (2 if qos == 1 else 1)
        assert len(rig.payloads()) == (1 if qos == 1 else 2)


def test_half_a_message_counts_for_nothing_until_it_is_whole():
    for qos in (1, 2):
        rig = rig_with(clean=False)
        rig.link.room = 9
        rig.publish("a", pattern(50), qos=qos)
        rig.hear(publish("a", pattern(50)))
        assert rig.own.hidden == 0
        rig.lose()
        rig.link.room = None
        rig.up(session=True)
        rig.hear(publish("a", pattern(50)), publish("a", pattern(50)))
        assert rig.own.hidden == 1, qos


def test_a_session_that_the_broker_lost_takes_the_digests_along():
    for clean in (True, False):
        rig = rig_with(clean=clean)
        say(rig, "a", b"x", 1)
        rig.lose()
        rig.up(session=False)
        rig.hear(publish("a", b"x"))
        assert rig.payloads() == [b"x"]


def test_what_leaves_the_outbox_unsent_cancels_nothing():
    """Dropped for want of room, withdrawn; what is amended counts as it was sent."""
    rig = Rig(outbox_size=100, rx_size=512)
    rig.own = NoLocal(rig.client)
    rig.client.subscribe("#")
    for n in range(10):
        rig.client.publish("a", b"%d" % n * 10, qos=1)  # the first ones are dropped
    rig.client.publish("w", b"gone")
    assert withdraw.topic(rig.client, b"w") == 1
    assert rig.client.dropped > 5

    def upper(buf, start, end):
        buf[start] = 65

    amend.unsent(rig.client, upper)
    rig.grant(rig.up())
    left = 10 - rig.client.dropped
    assert 0 < left < 5
    for n in range(10):
        rig.hear(publish("a", b"%d" % n * 10))
    rig.hear(publish("w", b"gone"))
    assert len(rig.payloads()) == 11 and rig.own.hidden == 0
    for n in range(10 - left, 10):
        rig.hear(publish("a", b"A" + (b"%d" % n * 10)[1:]))
    assert len(rig.payloads()) == 11 and rig.own.hidden == left


class Echo(Broker):
    """It sends what it gets back at once."""

    def publish(self, raw):
        Broker.publish(self, raw)
        self.link.feed(publish("a", self.received[-1]))


def test_what_waits_in_a_journal_counts_when_it_leaves():
    """Many more than the ring holds wait; of those under way at once, none is forgotten."""
    broker = Echo()
    rig = Rig(make=Client, journal=Journal(flash.path(), 40000), clean=False, qos2=True, outbox_size=600)
    rig.own = NoLocal(rig.client, 32)
    rig.client.subscribe("a", qos=1)
    for n in range(200):
        rig.client.publish("a", b"%d" % n)
    assert rig.client.stored > 100
    broker.plug(rig.link)
    rig.start()
    rig.until(lambda: rig.client.pending == 0 and rig.own.hidden == 200)
    assert len(broker.received) == 200 and rig.told("message") == []


def test_a_refused_publish_cancels_nothing():
    rig = rig_with(overflow="refuse", outbox_size=64)
    raises(ValueError, rig.client.publish, "a", bytes(100))
    raises(ValueError, rig.client.publish, "a/#", b"x")
    rig.hear(publish("a", bytes(100)))
    assert rig.payloads() == [bytes(100)]


def test_retained_copies_come_through():
    rig = rig_with()
    rig.client.publish("a", b"x", qos=0, retain=True)
    rig.settle()
    rig.hear(publish("a", b"x", retain=True))
    assert rig.payloads() == [b"x"]
    rig.hear(publish("a", b"x"))
    assert rig.payloads() == [b"x"] and rig.own.hidden == 1


def test_the_birth_message_counts():
    rig = rig_with(birth=Will("a", b"online", 1, True))
    rig.hear(publish("a", b"online", 1, 3))
    assert rig.told("message") == [] and rig.own.hidden == 1


def test_a_full_ring_forgets_the_oldest():
    rig = rig_with(size=2)
    for payload in (b"1", b"2", b"3"):
        say(rig, "a", payload)
    assert rig.own.forgotten == 1
    for payload in (b"1", b"2", b"3"):
        rig.hear(publish("a", payload))
    assert rig.payloads() == [b"1"]
    for payload in (b"4", b"5", b"6", b"7"):  # and it goes on
        say(rig, "a", payload)
        rig.hear(publish("a", payload))
    assert rig.payloads() == [b"1"] and rig.own.forgotten == 1


def test_publishing_in_a_handler():
    rig = rig_with("none")

    def answer(message):
        if rig.client.publish("b", message.payload, qos=0) == 0:
            rig.note(message, "asked")

    rig.client.subscribe("a", handler=answer)
    rig.client.subscribe("b", handler=rig.noter("answered"))
    rig.grant()
    for n in range(30):
        rig.hear(publish("a", b"%d" % n))
        rig.hear(publish("b", b"%d" % n))
    assert len(rig.payloads("asked")) == 30 and rig.payloads("answered") == []


def test_a_handler_that_raises_and_one_that_is_left():
    rig = rig_with("none")

    def faulty(message):
        raise KeyError("faulty")

    rig.client.subscribe("a", handler=faulty)
    rig.client.subscribe("+", handler=rig.noter("other"))
    rig.grant()
    say(rig, "a", b"own")
    rig.link.feed(publish("a", b"own"), publish("a", b"foreign"))
    raises(KeyError, rig.run, 100)
    rig.settle()
    assert rig.payloads("other") == [b"foreign"] and rig.own.hidden == 1


def test_streams_pass_both_ways():
    rig = Rig(rx_size=128, outbox_size=4096)
    rig.own = NoLocal(rig.client)
    taker = Taker()
    rig.client.subscribe("#", 1, taker, stream=True)
    rig.grant(rig.up())
    rig.sent()
    big = pattern(1000)
    rig.client.publish_stream("big", 1000, BytesIO(big), qos=1)
    rig.client.publish("big", big, qos=0)  # too large to come as a message
    say(rig, "big", b"small")
    rig.hear(publish("big", big, 1, 1), publish("big", big))
    assert taker.whole == [("big", big)] * 2 and rig.own.hidden == 0
    rig.hear(publish("big", b""), publish("big", b"small"))
    assert taker.whole[2:] == [("big", b"")] and rig.own.hidden == 1


def test_a_chunk_is_no_message_whatever_is_in_it():
    rig = Rig(rx_size=128)
    rig.own = NoLocal(rig.client, 64)
    taker = Taker()
    rig.client.subscribe("#", 1, taker, stream=True)
    rig.grant(rig.up())
    rig.sent()
    rig.link.chunk = 60
    big = pattern(1000)
    rig.hear(publish("big", big, 1, 1))
    own = [big[at : at + n] for at, n, _ in taker.chunks if n < 110]
    assert len(own) > 10
    for chunk in own:
        say(rig, "big", chunk)
    rig.hear(publish("big", big, 1, 2))
    assert taker.whole == [("big", big)] * 2 and rig.own.hidden == 0


def test_what_is_too_large_to_come_takes_no_place():
    rig = rig_with(size=1, rx_size=64)
    say(rig, "a", b"1")
    say(rig, "a", bytes(80))
    rig.hear(publish("a", b"1"))
    assert rig.told("message") == [] and rig.own.forgotten == 0


def test_what_has_come_is_not_forgotten_before_it_came():
    rig = rig_with(size=1)
    for pid in range(1, 5):
        say(rig, "a", b"x", 1)
        rig.hear(publish("a", b"x", 1, pid))
    assert rig.own.hidden == 4 and rig.own.forgotten == 0


def test_the_packet_id_of_another_message_means_nothing():
    rig = rig_with(clean=False)
    say(rig, "a", b"x")
    rig.hear(publish("b", b"z", 1, 40), publish("a", b"x"))
    rig.lose()
    rig.up(session=True)
    rig.hear(publish("a", b"x", 1, 40, dup=True))
    assert rig.payloads() == [b"z", b"x"]


def test_bad_sizes_are_refused():
    for size in (0, -1, 1025, "16", None, 1.5):
        error = raises(ValueError, NoLocal, Rig().client, size)
        assert "size must be an integer from 1 to 1024" in str(error)


def test_digests_differ_where_messages_differ_a_little():
    """Two bytes anywhere near each other, any of them, are never mistaken for others."""
    seen = set()
    for a in range(0, 256, 5):
        for b in range(256):
            seen.add(digest(3, bytes((65, a, b)), 0, 3))
    assert len(seen) == 52 * 256
    assert max(seen) < 1 << 22
    values = {digest(0, b"%d.%02d" % (n // 100, n % 100), 0, 5) for n in range(1000, 10000)}
    assert len(values) == 9000
