"""What must not come late is taken back by its topic; everything else stays, in its order."""

import flash
from harness import Rig
from leanmqtt import Will, withdraw
from leanmqtt.journal import Client, Journal
from model import Broker


def rig_with(broker=None, **options):
    rig = Rig(**options)
    if broker:
        broker.plug(rig.link)
        rig.broker = broker
    return rig


def test_only_messages_of_that_topic_go_and_their_ids_are_reported():
    fates = []
    broker = Broker()
    rig = rig_with(broker, outbox_size=4096, on_delivered=lambda pid, reason: fates.append((pid, reason)))
    kept = [rig.client.publish("bell", b"state"), rig.client.publish("bell/event2", b"x" * 200)]
    gone = [rig.client.publish("bell/event", b"x" * 200), rig.client.publish("bell/event", b"click", qos=0)]
    kept.append(rig.client.publish("bell/even", b"last"))
    assert withdraw.topic(rig.client, b"bell/event") == 2
    assert withdraw.topic(rig.client, b"bell/event") == 0
    assert rig.client.pending == 3
    assert rig.client.dropped == 0
    rig.start()
    rig.until(lambda: rig.client.pending == 0 and len(fates) == 4)
    assert broker.received == [b"state", b"x" * 200, b"last"]
    assert fates == [(gone[0], -1)] + [(pid, 0) for pid in kept]


def test_what_the_last_connection_sent_in_vain_does_not_go_again():
    for qos in (0, 1):
        for clean in (True, False):
            rig = rig_with(clean=clean)
            rig.up()
            rig.client.publish("bell/event", b"click", qos=qos)
            rig.client.publish("bell", b"ON")
            rig.lose()
            assert withdraw.topic(rig.client, b"bell/event") == qos, "at QoS 0 it has left already"
            assert rig.client.pending == 1


def test_within_on_connect_it_finds_what_is_of_the_connection_before():
    broker = Broker()
    found = []
    rig = rig_with(broker, birth=Will("status", b"online", qos=1, retain=True))
    rig.client.on_connect = lambda present: found.append(withdraw.topic(rig.client, b"bell/event"))
    for qos in (0, 1):
        rig.client.publish("bell/event", b"click", qos=qos)
    rig.client.publish("bell", b"ON")
    rig.start()
    rig.until(lambda: rig.client.pending == 0)
    assert found == [2]
    assert broker.received == [b"online", b"ON"]


def test_what_is_under_way_on_this_connection_stays():
    rig = rig_with(inflight=1)
    rig.up()
    for text in (b"one", b"two"):
        rig.client.publish("bell/event", text)
    assert withdraw.topic(rig.client, b"bell/event") == 1, "the second waits for the first"
    assert rig.client.pending == 1


def test_a_message_of_qos_2_stays():
    rig = rig_with(qos2=True)
    rig.client.publish("bell/event", b"click", qos=2)
    assert withdraw.topic(rig.client, b"bell/event") == 0
    assert rig.client.pending == 1


def test_what_a_journal_has_in_its_file_stays_and_nothing_else_is_lost():
    for filed in (True, False):
        with_a_journal(filed)


def with_a_journal(filed):
    broker = Broker()
    journal = Journal(flash.path(), 40000, 2000)
    rig = rig_with(broker, make=Client, journal=journal, clean=False, outbox_size=600)
    for n in range(3):
        rig.client.publish("bell/event" if n == 1 else "t", b"%d" % n)
    if filed:
        journal.flush()
    assert withdraw.topic(rig.client, b"bell/event") == (not filed)
    for n in range(3, 60):  # more than the outbox holds
        rig.client.publish("t", b"%d" % n)
    rig.start()
    rig.until(lambda: rig.client.pending == 0)
    assert broker.received == [b"%d" % n for n in range(60) if filed or n != 1]
    rig.run(3000)
    assert rig.client.stored == 0
