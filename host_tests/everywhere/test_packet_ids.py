"""Packet ids: random first, never 0, never one in use, one space for everything."""

from fakes import Dice
from harness import Rig
from packets import SUBSCRIBE, UNSUBSCRIBE, kind, only, packet_id, puback, pubcomp, pubrec, suback, unsuback


def first_id(rand):
    return Rig(rand=rand).client.publish("a", b"", qos=1)


def near_the_end():
    """Dice that make the first packet id a high one, so that a test need not go all the way round."""
    for value in range(0xFFF0, 0x10000):
        if 0xFF00 < first_id(Dice(fixed=value)) < 0xFFFF:
            return Dice(fixed=value)
    seed = 1
    while not 0xFF00 < first_id(Dice(seed)) < 0xFFFF:
        seed += 1
    return Dice(seed)


def test_the_first_id_is_random():
    seen = {first_id(Dice(seed)) for seed in range(1, 60)}
    assert len(seen) > 50
    assert max(seen) - min(seen) > 30000, "from the whole space"


def test_an_id_is_never_0_whatever_the_dice_say():
    """[MQTT-2.3.1-1]"""
    for value in (0, -1, 0xFFFF, 0x10000, 0x8000, 1):
        rig = Rig(rand=Dice(fixed=value))
        for _ in range(4):
            assert 1 <= rig.client.publish("a", b"", qos=1) <= 65535


def test_after_65535_comes_1():
    rig = Rig(rand=near_the_end())
    rig.up()
    pid = rig.publish("a", b"", qos=1)
    for _ in range(300):
        want = pid % 65535 + 1
        rig.hear(puback(pid))
        pid = rig.publish("a", b"", qos=1)
        assert pid == want
    assert pid < 1000, "the end was passed"


def test_everything_that_needs_an_id_takes_it_from_the_same_space():
    """[MQTT-2.3.1-2]"""
    rig = Rig(rand=near_the_end(), qos2=True, inflight=50)
    rig.up()
    pids = []
    for i in range(10):
        pids.append(rig.publish("a", b"", qos=1))
        pids.append(rig.publish("a", b"", qos=2))
        rig.client.subscribe("s/%d" % i, qos=0)
        rig.client.unsubscribe("u/%d" % i)
        rig.settle()
        for raw in rig.sent():
            if kind(raw) in (SUBSCRIBE, UNSUBSCRIBE):
                pids.append(packet_id(raw))
                rig.link.feed(suback(packet_id(raw), 0) if kind(raw) == SUBSCRIBE else unsuback(packet_id(raw)))
        rig.settle()
    assert len(pids) == len(set(pids)) == 40
    assert rig.told("disconnect") == []


def test_an_id_in_use_is_passed_over_all_the_way_round():
    """[MQTT-2.3.1-2] [MQTT-2.3.1-3]: a PUBLISH and a SUBSCRIBE wait for their answers while 65,600 ids go by."""
    rig = Rig(outbox_size=256, on_delivered=None, ack_timeout_ms=3600000)
    rig.up()
    taken = [rig.publish("a", b"", qos=1)]
    rig.client.subscribe("s", qos=0)
    rig.settle()
    taken.append(packet_id(only(rig.sent(), SUBSCRIBE)[0]))
    rig.link.room = 0
    publish, poll = rig.client.publish, rig.client.poll
    for i in range(65600):
        pid = publish("a", b"", qos=1)
        assert pid and pid not in taken, pid
        if not i & 3:
            poll(0)
    assert rig.told("disconnect") == []


def test_an_id_is_in_use_until_its_last_acknowledgement():
    """[MQTT-4.3.3-1]: a QoS 2 id is free after PUBCOMP, not after PUBREC"""
    rig = Rig(outbox_size=256, on_delivered=None, qos2=True, ack_timeout_ms=3600000)
    rig.up()
    pid = rig.publish("a", b"", qos=2)
    rig.hear(pubrec(pid))
    rig.link.room = 0
    seen = set()
    for _ in range(65540):
        seen.add(rig.client.publish("a", b"", qos=1))
        rig.client.poll(0)
    assert pid not in seen and len(seen) == 65534
    rig.link.room = None
    rig.settle()
    rig.hear(pubcomp(pid))
    assert rig.told("disconnect") == []
