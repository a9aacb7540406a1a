"""A message from the file that is never acknowledged keeps its packet id to itself, however many others go."""

import packets as p
import pytest
from fakes import Dice
from harness import Rig
from leanmqtt.journal import Client, Journal


@pytest.mark.full
@pytest.mark.timeout(400)
def test_65535_messages_pass_one_from_the_file_without_taking_its_id(tmp_path):
    """[MQTT-2.3.1-2]"""

    def board(seed):
        journal = Journal(str(tmp_path / "log"), 40000, 60000)
        return Rig(make=Client, clean=False, rand=Dice(seed), ack_timeout_ms=0, keepalive=0, journal=journal)

    rig = board(1)
    old, *others = [rig.client.publish("a", b"old", qos=1) for _ in range(3)]
    rig.client.journal.flush()
    rig = board(2)
    others.append(rig.client.publish("a", b"", qos=1))  # the outbox was empty: no id in it was in use
    rig.up(session=True)
    rig.hear(*map(p.puback, others))
    assert rig.client.pending == 1
    for _ in range(65600):
        pid = rig.client.publish("a", b"", qos=1)
        assert pid != old
        rig.link.feed(p.puback(pid))
        rig.client.poll(0)
        rig.link.stream = bytearray()
        rig.link.writes.clear()
    assert rig.client.pending == 1
