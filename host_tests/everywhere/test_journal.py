"""The journal: what it promises across a reset, on a file that holds and on a disk that does not."""

import flash
import packets as p
from fakes import Dice
from harness import Rig, raises
from leanmqtt import MQTTError, OutboxFull
from leanmqtt.journal import Client, Journal
from model import Broker

try:
    from builtins import open as real_open
except ImportError:
    real_open = open


def board(name, broker=None, size=40000, delay_ms=2000, seed=1, **options):
    """A client that has just been reset: nothing of the one before is left but the file."""
    for key, value in (("qos2", True), ("clean", False), ("make", Client), ("rand", Dice(seed))):
        options.setdefault(key, value)
    rig = Rig(journal=Journal(name, size, delay_ms), **options)
    if broker:
        broker.plug(rig.link)
        rig.broker = broker
    return rig


def numbers(first, last):
    return [b"%d" % i for i in range(first, last)]


def publish(rig, payloads, qos=1):
    return [rig.client.publish("a", payload, qos=qos) for payload in payloads]


def drain(rig, limit=120000):
    """Connects, and polls until nothing is pending."""
    if not rig.client.connected:
        rig.start()
    rig.until(lambda: rig.client.pending == 0, limit)
    rig.run(3000)


def test_what_was_flushed_arrives_after_a_reset_in_order_with_its_ids_and_without_dup():
    name, broker = flash.path(), Broker()
    rig = board(name)
    ids = publish(rig, numbers(0, 5))
    assert rig.client.stored == 0 and rig.client.journal.flush() and rig.client.stored == 5
    publish(rig, numbers(5, 9))  # never promised
    rig = board(name, broker)
    assert rig.client.stored == rig.client.pending == 5
    drain(rig)
    assert broker.received == numbers(0, 5) and not any(broker.dups)
    assert rig.told("delivered") == [(pid, 0) for pid in ids] and rig.client.stored == 0
    rig = board(name, broker)
    assert rig.client.stored == rig.client.pending == 0


def test_far_more_than_the_outbox_holds_waits_and_arrives_in_order():
    name, broker = flash.path(), Broker()
    for resets in (False, True):
        broker.received = []
        rig = board(name, broker, outbox_size=600)
        ids = publish(rig, numbers(0, 500))
        assert rig.client.pending == 500 and rig.client.dropped == 0
        if resets:
            rig.client.journal.flush()
            rig = board(name, broker, outbox_size=600)
        drain(rig)
        assert broker.received == numbers(0, 500)
        assert rig.told("delivered") == [(pid, 0) for pid in ids]


def test_messages_published_while_the_file_drains_come_after_it():
    name, broker = flash.path(), Broker()
    rig = board(name, broker, outbox_size=600)
    publish(rig, numbers(0, 200))
    rig.start()
    n = 200
    while rig.client.pending or n < 260:
        if n < 260:
            publish(rig, numbers(n, n + 1))
            n += 1
        rig.client.poll(0)
        rig.clock.add(100)
    assert broker.received == numbers(0, 260)


def test_online_nothing_is_written():
    name, broker = flash.path(), Broker()
    rig = board(name, broker, qos2=False)
    drain(rig)
    before = flash.size(name)
    for i in range(50):
        publish(rig, numbers(i, i + 1))
        rig.run(1000)
    assert broker.received == numbers(0, 50) and flash.size(name) == before


def test_offline_a_message_is_on_flash_within_twice_the_delay():
    rig = board(flash.path(), delay_ms=2000)
    rig.link.refuse = OSError(111)
    rig.start()
    for i in range(5):
        publish(rig, numbers(i, i + 1))
        rig.run(4000, 50)
        assert rig.client.stored == i + 1


def test_due_ms_says_when_the_file_is_to_be_written():
    rig = board(flash.path(), delay_ms=2000, keepalive=0)
    assert rig.client.due_ms() > 100000
    publish(rig, numbers(0, 1))
    assert 0 < rig.client.due_ms() <= 2064
    rig.clock.add(2100)
    assert rig.client.due_ms() == 0 and rig.client.poll(0) and rig.client.stored == 1
    assert rig.client.due_ms() > 100000


def test_what_may_have_been_sent_goes_again_with_dup_and_its_id():
    """[MQTT-3.3.1-1] [MQTT-2.3.1-3]"""
    name, broker = flash.path(), Broker()
    broker.silent = True
    rig = board(name, broker, inflight=3)
    ids = publish(rig, numbers(0, 6))
    rig.start()
    rig.run(5000)
    assert rig.client.stored == 6
    rig = board(name)
    raws = rig.up(session=True)[1:]
    assert [p.fields(raw)[1] for raw in raws] == numbers(0, 6) and [p.fields(raw)[3] for raw in raws] == ids
    assert [p.fields(raw)[5] for raw in raws][:3] == [True] * 3


def test_what_was_flushed_and_then_perhaps_sent_goes_again_with_dup():
    """[MQTT-3.3.1-1]"""
    for count in (3, 60):  # in the outbox, or most of it only in the file
        name, broker = flash.path(), Broker()
        broker.silent = True
        rig = board(name, broker, inflight=3, outbox_size=600)
        publish(rig, numbers(0, count))
        rig.client.journal.flush()
        rig.start()
        rig.run(1000)
        assert len(broker.seen) == 3
        raws = board(name, outbox_size=600).up(session=True)[1:]
        assert [p.fields(raw)[5] for raw in raws][:3] == [True] * 3


def test_an_acknowledgement_older_than_the_delay_is_never_forgotten():
    name, broker = flash.path(), Broker()
    rig = board(name, broker)
    publish(rig, numbers(0, 40))
    rig.client.journal.flush()
    drain(rig)
    assert rig.client.stored == 0
    rig = board(name, broker)
    assert rig.client.pending == 0
    drain(rig)
    assert broker.received == numbers(0, 40)


def test_a_graceful_end_writes_what_is_left():
    name, broker = flash.path(), Broker()
    rig = board(name, broker)
    publish(rig, numbers(0, 3))
    rig.client.journal.flush()
    rig.client.connect()
    rig.client.disconnect()
    assert board(name).client.pending == 0
    rig = board(name)
    publish(rig, numbers(0, 3))
    assert rig.client.disconnect(0) == 3
    assert board(name).client.pending == 3


def test_new_packet_ids_follow_those_in_the_file():
    """[MQTT-2.3.1-2]"""
    name = flash.path()
    rig = board(name, seed=1)
    used = publish(rig, numbers(0, 30))
    rig.client.journal.flush()
    for seed in range(2, 8):
        rig = board(name, seed=seed)
        new = publish(rig, numbers(0, 20))
        assert not set(used) & set(new)
        rig.client.journal.flush()
        used += new


def test_an_id_of_qos_2_never_comes_again_after_a_reset():
    """A broker that awaits its PUBREL would take the new message for the old one."""
    name, broker = flash.path(), Broker()
    used = []
    for _ in range(1, 6):
        rig = board(name, broker, seed=1)
        broker.silent = True
        rig.start()
        rig.run(500)
        new = [rig.publish("a", b"x", qos=2) for _ in range(4)]  # sent, never acknowledged, never written
        assert not set(used) & set(new)
        used += new


# QoS 2


def test_pubrec_is_on_flash_before_pubrel_goes_out():
    """[MQTT-4.3.3-1]"""
    name = flash.path()
    rig = board(name)
    rig.up()
    pid = rig.publish("a", b"x", qos=2)
    assert rig.client.stored == 0
    assert rig.hear(p.pubrec(pid))[-1] == p.pubrel(pid) and rig.client.stored == 1
    rig = board(name)
    for _ in range(2):
        assert rig.up(session=True)[1:] == [p.pubrel(pid)]
        rig.lose()
    rig.up(session=True)
    rig.hear(p.pubcomp(pid))
    assert rig.told("delivered") == [(pid, 0)] and rig.client.pending == 0


def test_a_lost_session_gets_the_whole_message_again_after_a_reset():
    for resets in (1, 2):
        name = flash.path()
        rig = board(name)
        rig.up()
        pid = rig.publish("a", b"x", qos=2)
        rig.hear(p.pubrec(pid))
        rig = board(name)
        if resets == 2:  # it is lost, and before the message is through the power fails once more
            rig.up(session=False)
            rig = board(name)
        raws = rig.up(session=resets == 2)[1:]
        assert [p.fields(raw)[1] for raw in p.only(raws, p.PUBLISH)] == [b"x"] and not p.only(raws, p.PUBREL)


def test_a_received_id_is_on_flash_before_pubrec_goes_out():
    name = flash.path()
    rig = board(name)
    rig.up()
    assert rig.hear(p.publish("a", b"x", 2, 9)) == [p.pubrec(9)]
    rig = board(name)
    rig.up(session=True)
    assert rig.hear(p.publish("a", b"x", 2, 9, dup=True)) == [p.pubrec(9)] and rig.payloads() == []
    assert rig.hear(p.pubrel(9)) == [p.pubcomp(9)]
    rig = board(name)
    rig.up(session=True)
    rig.hear(p.publish("a", b"new", 2, 9))
    assert rig.payloads() == [b"new"]


# Full


def test_a_full_journal_drops_the_oldest_never_sent_and_tells():
    name, broker = flash.path(), Broker()
    rig = board(name, broker, size=20480, outbox_size=512, overflow="oldest")
    ids = publish(rig, numbers(0, 100))
    n = 100
    while not rig.client.dropped:
        rig.client.poll(0)
        ids += publish(rig, numbers(n, n + 1))
        n += 1
        assert n < 3000
    for _ in range(300):
        rig.client.poll(0)
        ids += publish(rig, numbers(n, n + 1))
        n += 1
    assert flash.size(name) <= 20480
    rig.run(3000)
    lost = rig.client.dropped
    assert rig.told("delivered") == [(pid, -1) for pid in ids[:lost]]
    drain(rig)
    assert rig.client.dropped == lost and broker.received == numbers(lost, n)
    assert rig.told("delivered")[lost:] == [(pid, 0) for pid in ids[lost:]]


def test_refuse_raises_when_the_journal_is_full_and_loses_nothing():
    name, broker = flash.path(), Broker()
    rig = board(name, broker, size=20480, outbox_size=512, overflow="refuse")
    n = 0
    try:
        while n < 3000:
            publish(rig, numbers(n, n + 1))
            n += 1
    except OutboxFull:
        pass
    assert 100 < n < 3000 and rig.client.dropped == 0
    drain(rig)
    assert broker.received == numbers(0, n)


def test_a_file_is_compacted_a_little_at_a_time_and_never_grows_past_its_size():
    name, broker = flash.path(), Broker()
    rig = board(name, broker, size=20480, outbox_size=512)
    n = 0
    for _ in range(6):
        rig.link.refuse = OSError(111)
        publish(rig, numbers(n, n + 150))
        n += 150
        rig.link.refuse = None
        rig.start()
        rig.until(lambda: rig.client.pending == 0, 600000)
        rig.run(5000)
        assert flash.size(name) <= 20480
        rig.client.disconnect()
    assert broker.received == numbers(0, n) and flash.size(name) < 10240


def test_the_outbox_may_be_smaller_after_a_reset():
    name, broker = flash.path(), Broker()
    rig = board(name, outbox_size=2048)
    publish(rig, [b"small", b"x" * 900, b"end"])
    rig.client.journal.flush()
    rig = board(name, broker, outbox_size=256)
    drain(rig)
    assert broker.received == [b"small", b"end"] and rig.client.dropped == 1 and rig.client.stored == 0


# Faults told


def test_the_broker_must_keep_the_session_too():
    assert "clean=False" in str(raises(ValueError, board, flash.path(), clean=True))


def test_another_clients_file_is_refused_by_its_path_and_left_as_it_is():
    name = flash.path()
    rig = board(name)
    publish(rig, numbers(0, 3))
    rig.client.journal.flush()
    assert name in str(raises(ValueError, board, name, client_id="other"))
    assert board(name).client.pending == 3


def test_a_file_of_another_version_is_refused():
    name = flash.path()
    with real_open(name, "wb") as f:
        f.write(b"LMJ2" + bytes(60))
    assert name in str(raises(ValueError, board, name))


def test_a_path_that_cannot_be_written_is_a_value_error_that_says_so():
    name = flash.path() + "/no/such"
    assert "journal" in str(raises(ValueError, board, name))


def test_too_small_a_size_is_refused_with_the_smallest_that_would_do():
    text = str(raises(ValueError, board, flash.path(), size=5000))
    least = int("".join([c for c in text.split("least")[1] if c.isdigit()]))
    assert board(flash.path(), size=least).client.stored == 0
    raises(ValueError, board, flash.path(), size=least - 1)


class Broken:
    """A file whose writes fail while `errno` says so."""

    errno = None

    def __init__(self, file):
        self.file = file

    def write(self, data):
        if Broken.errno:
            raise OSError(Broken.errno, "test")
        return self.file.write(data)

    def __getattr__(self, name):
        return getattr(self.file, name)


def breakable(rig):
    """Makes the writes of this client's file fail from now on, with the errno in Broken."""
    from leanmqtt import records

    records.open = lambda *args: Broken(real_open(*args))
    rig.client.journal.log.close()
    Broken.errno = 28
    return records


def test_a_disk_that_fills_up_is_told_and_the_client_goes_on_from_ram():
    name, broker = flash.path(), Broker()
    rig = board(name, broker, outbox_size=600)
    publish(rig, numbers(0, 100))
    rig.client.journal.flush()
    records = breakable(rig)
    try:
        publish(rig, numbers(100, 105))
        assert not rig.client.journal.flush() and rig.client.stored == 100
        assert isinstance(rig.client.last_error, MQTTError) and "full" in str(rig.client.last_error)
        rig.start()
        rig.until(lambda: len(broker.received) == 105, 120000)
        assert sorted(broker.received) == sorted(numbers(0, 105)), "nothing lost"
        Broken.errno = None
        rig.run(30000)
        assert rig.client.pending == rig.client.stored == 0
        publish(rig, numbers(105, 106))
        assert rig.client.journal.flush()
    finally:
        Broken.errno = None
        del records.open
    rig = board(name, broker)
    assert rig.client.pending <= 1
    drain(rig)
    assert broker.received[105:] in ([b"105"], [b"105", b"105"])


def fails():
    raise OSError(5, "test")


def test_a_write_that_failed_leaves_nothing_behind_that_passes_for_a_message():
    name, broker = flash.path(), Broker()
    rig = board(name)
    records = breakable(rig)
    try:
        Broken.errno = None
        publish(rig, numbers(0, 4))
        sync = rig.client.journal.log.sync
        rig.client.journal.log.sync = fails  # all is written, but not for good
        assert not rig.client.journal.flush() and rig.client.stored == 0
        rig.client.journal.log.sync = sync
        rig.client._out.free(rig.client._out.head)  # the first is acknowledged meanwhile
        assert rig.client.journal.flush()
    finally:
        del records.open
    rig = board(name, broker)
    drain(rig)
    assert broker.received == numbers(1, 4)
