"""What was queued and never sent can be put right; what was perhaps sent stays as it is."""

import flash
from fakes import Dice
from harness import Rig
from leanmqtt import Will, amend
from leanmqtt.journal import Client, Journal
from model import Broker


def shout(buf, at, end):
    """a -> A, in place."""
    for i in range(at, end):
        if 97 <= buf[i] <= 122:
            buf[i] -= 32


def payloads(rig):
    found = []
    amend.unsent(rig.client, lambda buf, at, end: found.append(bytes(buf[at:end])))
    return found


def test_every_payload_in_the_outbox_is_visited_whole_at_each_qos():
    rig = Rig(qos2=True, outbox_size=4096)
    wanted = [b"", b"a", b"b" * 90, b"c" * 200, b"d" * 300]
    for qos in (0, 1, 2):
        for payload in wanted:
            rig.client.publish("topic/long/enough", payload, qos=qos)
    assert payloads(rig) == wanted * 3


def test_the_birth_message_is_not_visited():
    rig = Rig(birth=Will("s", b"online", qos=1))
    rig.client.publish("a", b"one")
    assert payloads(rig) == [b"one"]


def test_what_is_put_right_is_what_arrives():
    broker = Broker()
    rig = Rig(clean=False)
    broker.plug(rig.link)
    rig.broker = broker
    for text in (b"one", b"two"):
        rig.client.publish("a", text)
    amend.unsent(rig.client, shout)
    rig.client.publish("a", b"three")
    rig.start()
    rig.until(lambda: rig.client.pending == 0)
    assert broker.received == [b"ONE", b"TWO", b"three"]


def test_what_was_sent_and_not_acknowledged_stays_as_it_is():
    rig = Rig(clean=False, inflight=2)
    rig.up()
    for text in (b"one", b"two", b"three"):
        rig.client.publish("a", text)
    rig.run(500)
    assert payloads(rig) == [b"three"]
    rig.lose()
    assert payloads(rig) == [b"three"]


def reborn(name, broker=None):
    rig = Rig(journal=Journal(name, 40000, 2000), clean=False, make=Client, rand=Dice(1), outbox_size=512)
    if broker:
        broker.plug(rig.link)
        rig.broker = broker
    return rig


def test_what_is_read_from_the_file_is_put_right_too():
    name, broker = flash.path(), Broker()
    rig = reborn(name)
    texts = [b"text %s" % bytes((97 + i % 26,)) for i in range(100)]
    for text in texts:
        rig.client.publish("a", text)
    assert rig.client.journal.flush() and rig.client.journal.waiting > 50
    rig = reborn(name, broker)
    amend.later(rig.client, shout)
    rig.start()
    rig.until(lambda: rig.client.pending == 0, 120000)
    assert broker.received == [bytes(text.decode().upper(), "utf-8") for text in texts]


def test_no_more_when_told_and_nothing_for_a_client_without_a_journal():
    name, broker = flash.path(), Broker()
    rig = reborn(name, broker)
    amend.later(rig.client, shout)
    amend.later(rig.client, None)
    rig.client.publish("a", b"one")
    rig.client.journal.flush()
    rig = reborn(name, broker)
    rig.start()
    rig.until(lambda: rig.client.pending == 0, 120000)
    assert broker.received == [b"one"]
    amend.later(Rig().client, shout)
