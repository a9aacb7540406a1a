"""The outbox: what it keeps, what it lets go when it is full, and what it never touches."""

from fakes import Dice
from harness import Rig, published, raises
from leanmqtt import OutboxFull
from packets import DISCONNECT, PINGREQ, connect, fields, only, packet_id, puback, pubcomp, publish, pubrec, pubrel


def fill(rig, qos=1, size=40, count=1000):
    """Publishes numbered payloads until the outbox refuses or drops; returns [(id, payload)] of those accepted."""
    accepted = []
    for i in range(count):
        payload = (b"%d." % i + b"x" * size)[:size]
        dropped = rig.client.dropped
        try:
            accepted.append((rig.client.publish("q", payload, qos=qos), payload))
        except OutboxFull:
            return accepted
        if rig.client.dropped > dropped:
            return accepted
    raise AssertionError("an outbox without a limit")


def drain(rig, session=False):
    """Connects, acknowledges everything at QoS 1; returns the payloads in order of sending."""
    got, raws = [], rig.up(session)
    while True:
        got += published(raws)
        acks = [puback(packet_id(raw)) for raw in only(raws, 0x30) if raw[0] & 6]
        if not acks:
            return got
        raws = rig.hear(*acks)


def test_pending_counts_what_is_not_finally_acknowledged():
    rig = Rig(qos2=True)
    assert rig.client.pending == 0
    pids = [rig.client.publish("a", b"", qos=qos) for qos in (0, 1, 2)]
    assert rig.client.pending == 3
    rig.up()
    assert rig.client.pending == 2
    rig.hear(pubrec(pids[2]))
    assert rig.client.pending == 2
    rig.hear(puback(pids[1]), pubcomp(pids[2]))
    assert rig.client.pending == 0


def test_what_is_published_offline_is_sent_in_order_later():
    rig = Rig()
    for i in range(20):
        rig.client.publish("a", b"%d" % i, qos=1)
    assert drain(rig) == [b"%d" % i for i in range(20)]


def test_the_outbox_holds_about_its_size():
    """A record's own bookkeeping may cost a little, not a lot."""
    for size in (512, 2048):
        rig = Rig(outbox_size=size, overflow="refuse")
        total = sum([len(publish("q", payload, 1, 1)) for _, payload in fill(rig)])
        assert size * 3 // 4 <= total <= size


def test_oldest_drops_the_oldest_and_counts_it():
    rig = Rig(outbox_size=512, overflow="oldest")
    accepted = fill(rig)
    assert rig.client.dropped == 1 and rig.client.pending == len(accepted) - 1
    for _ in range(3):
        accepted.append((rig.client.publish("q", b"n" * 40, qos=1), b"n" * 40))
    assert rig.client.dropped == 4
    assert drain(rig) == [payload for _, payload in accepted[4:]]
    assert rig.told("delivered")[:4] == [(pid, -1) for pid, _ in accepted[:4]]


def test_one_large_message_may_push_out_several_small_ones():
    rig = Rig(outbox_size=512, overflow="oldest")
    accepted = fill(rig)[1:]
    before = rig.client.dropped
    rig.client.publish("q", b"L" * 200, qos=1)
    gone = rig.client.dropped - before
    assert 3 <= gone <= 6
    assert drain(rig) == [payload for _, payload in accepted[gone:]] + [b"L" * 200]


def test_qos_0_is_dropped_before_any_acknowledged_message():
    rig = Rig(outbox_size=512, overflow="oldest")
    first = rig.client.publish("q", b"1" * 40, qos=1)
    for i in range(3):
        rig.client.publish("q", b"%d" % i + b"z" * 39, qos=0)
    accepted = fill(rig)
    assert rig.client.dropped == 1
    got = drain(rig)
    assert got == [b"1" * 40, b"1" + b"z" * 39, b"2" + b"z" * 39] + [payload for _, payload in accepted]
    assert rig.told("delivered") == [(pid, 0) for pid in [first] + [pid for pid, _ in accepted]]


def test_refuse_raises_and_changes_nothing():
    rig = Rig(outbox_size=512, overflow="refuse")
    accepted = fill(rig)
    for qos in (0, 1):
        pending = rig.client.pending
        raises(OutboxFull, rig.client.publish, "q", b"y" * 100, qos=qos)
        assert rig.client.pending == pending and rig.client.dropped == 0
    assert drain(rig) == [payload for _, payload in accepted]
    assert rig.told("delivered") == [(pid, 0) for pid, _ in accepted]


def test_a_smaller_message_still_fits_where_a_larger_was_refused():
    rig = Rig(outbox_size=512, overflow="refuse")
    while True:
        try:
            rig.client.publish("q", b"x" * 100, qos=1)
        except OutboxFull:
            break
    pending = rig.client.pending
    for size in (50, 20, 5):
        try:
            rig.client.publish("q", b"s" * size, qos=1)
        except OutboxFull:
            continue
        break
    assert rig.client.pending == pending + 1


def test_room_comes_back_with_the_acknowledgement():
    rig = Rig(outbox_size=512, overflow="refuse", inflight=100)
    rig.up()
    accepted = fill(rig)
    rig.settle()
    rig.hear(puback(accepted[0][0]))
    pid = rig.publish("q", b"again" * 8, qos=1)
    raises(OutboxFull, rig.client.publish, "q", b"x" * 40, qos=1)
    assert published(rig.sent())[-1] == b"again" * 8 and pid


def test_room_comes_back_wherever_it_becomes_free():
    """Compaction: acknowledgements out of order leave holes, which must not be lost room."""
    rig = Rig(outbox_size=512, overflow="refuse", inflight=100)
    rig.up()
    accepted = fill(rig)
    rig.settle()
    rig.hear(*[puback(pid) for pid, _ in accepted[1::2]])
    rig.client.publish("q", b"L" * 150, qos=1)
    rig.settle()
    rest = [payload for _, payload in accepted[0::2]] + [b"L" * 150]
    rig.lose()
    assert drain(rig) == rest


def test_what_is_in_flight_is_never_dropped():
    for overflow in ("oldest", "refuse"):
        rig = Rig(outbox_size=512, overflow=overflow, inflight=100)
        rig.up()
        accepted = []
        while True:
            try:
                accepted.append(rig.client.publish("q", b"x" * 40, qos=1))
            except OutboxFull:
                break
            rig.settle()
        assert rig.client.dropped == 0 and rig.client.pending == len(accepted)
        rig.hear(*[puback(pid) for pid in accepted])
        assert rig.told("delivered") == [(pid, 0) for pid in accepted]


def test_what_awaits_a_resend_is_in_flight():
    for clean in (True, False):
        rig = Rig(outbox_size=512, overflow="oldest", inflight=3, clean=clean)
        rig.up()
        sent = [rig.publish("q", b"s%d" % i + b"x" * 40, qos=1) for i in range(3)]
        rig.lose()
        for _ in range(50):
            rig.client.publish("q", b"n" * 40, qos=1)
        assert published(rig.up(session=not clean)) == [b"s%d" % i + b"x" * 40 for i in range(3)]
        assert rig.client.dropped > 30 and len(sent) == 3


def test_a_message_with_one_byte_written_is_in_flight():
    rig = Rig(outbox_size=512, overflow="oldest")
    rig.up()
    rig.link.room = 1
    first = rig.publish("q", b"first" * 8, qos=1)
    for _ in range(50):
        rig.client.publish("q", b"n" * 40, qos=1)
    rig.link.room = None
    rig.settle()
    assert published(rig.sent())[0] == b"first" * 8
    assert (first, -1) not in rig.told("delivered") and rig.client.dropped > 30


def test_a_received_pubrec_keeps_its_message_from_being_dropped():
    rig = Rig(outbox_size=512, overflow="oldest", qos2=True, clean=False)
    rig.up()
    pid = rig.publish("q", b"two" * 10, qos=2)
    rig.hear(pubrec(pid))
    rig.lose()
    for _ in range(50):
        rig.client.publish("q", b"n" * 40, qos=1)
    assert only(rig.up(session=True), 0x62) == [pubrel(pid)]


def test_a_packet_that_could_never_fit_is_refused_with_its_size_and_the_limit():
    for overflow in ("oldest", "refuse"):
        for qos in (0, 1):
            rig = Rig(outbox_size=300, overflow=overflow)
            keep = rig.client.publish("q", b"keep", qos=1)
            text = str(raises((ValueError, OutboxFull), rig.client.publish, "q", b"x" * 1000, qos=qos))
            for mark in ",:;()":
                text = text.replace(mark, " ")
            sizes = [int(word) for word in text.split() if word.isdigit()]
            assert len(sizes) >= 2 and min(sizes) <= 300 and 1000 <= max(sizes) <= 1040, text
            assert rig.client.pending == 1 and rig.client.dropped == 0 and keep


def test_a_packet_that_just_fits_is_taken_whatever_was_there():
    rig = Rig(outbox_size=512, overflow="oldest")
    fill(rig)
    largest = 512
    while True:
        try:
            rig.client.publish("q", b"L" * largest, qos=1)
            break
        except (ValueError, OutboxFull):
            largest -= 1
    assert largest > 450 and rig.client.pending == 1
    assert drain(rig) == [b"L" * largest]


def test_a_full_outbox_starves_no_control_packet():
    """CONNECT, acknowledgements, SUBSCRIBE, PINGREQ and DISCONNECT have room of their own."""
    for overflow in ("oldest", "refuse"):
        rig = Rig(outbox_size=256, overflow=overflow, inflight=100, qos2=True, clean=False, ack_timeout_ms=3600000)
        fill(rig)
        raws = rig.up()
        assert raws[0] == connect("rig", clean=False)
        got = rig.hear(publish("i", b"", 1, 1), publish("i", b"", 2, 2), pubrel(2))
        assert got == [puback(1), pubrec(2), pubcomp(2)]
        rig.client.subscribe("f" * 100, qos=1)
        rig.client.unsubscribe("g" * 100)
        rig.settle()
        assert [raw[0] for raw in rig.sent()] == [0x82, 0xA2]
        rig.until(lambda rig=rig: PINGREQ in rig.sent(), 70000)
        rig.client.disconnect(timeout_ms=100)
        assert rig.sent()[-1] == DISCONNECT


def test_a_thousand_sizes_go_through_a_small_arena_unharmed():
    """Every way to wrap, to compact and to leave a hole: each payload arrives as it was given, each id once."""
    rig = Rig(outbox_size=400, overflow="refuse", inflight=4)
    rig.up()
    dice, accepted, arrived, unacked = Dice(7), [], [], []

    def note(raws):
        for raw in raws:
            _, payload, _, pid, _, _ = fields(raw)
            arrived.append((pid or 0, payload))
            unacked.extend([pid] if pid else [])

    for i in range(1000):
        payload = bytes((i & 255,)) * dice(6)
        try:
            accepted.append((rig.publish("q", payload, qos=dice(1)), payload))
        except OutboxFull:
            assert rig.client.pending
        note(rig.sent())
        if unacked and dice(1):
            rig.link.feed(puback(unacked.pop(dice(2) % len(unacked))))
    rig.settle()
    note(rig.sent())
    while unacked:
        note(rig.hear(puback(unacked.pop(0))))
    assert arrived == accepted and rig.client.pending == 0 and rig.told("disconnect") == []
