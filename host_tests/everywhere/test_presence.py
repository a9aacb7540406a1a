"""Birth and will: what the others learn when this client comes and goes."""

from harness import Rig, published
from leanmqtt import OutboxFull, Will
from packets import connect, fields, only, puback, publish

BIRTH = Will("ha/rig/status", b"online", qos=0, retain=True)


def test_the_birth_message_is_the_first_publish_after_every_connack():
    rig = Rig(birth=BIRTH, clean=False)
    rig.client.publish("a", b"queued", qos=0)
    assert only(rig.up(), 0x30) == [publish("ha/rig/status", b"online", retain=True), publish("a", b"queued")]
    for session in (True, False, True):
        rig.lose()
        rig.client.publish("a", b"queued", qos=0)
        raws = only(rig.up(session=session), 0x30)
        assert raws == [publish("ha/rig/status", b"online", retain=True), publish("a", b"queued")]


def test_birth_comes_before_what_is_sent_again():
    rig = Rig(birth=BIRTH, clean=False)
    rig.up()
    rig.publish("a", b"unacknowledged", qos=1)
    rig.lose()
    assert published(rig.up(session=True)) == [b"online", b"unacknowledged"]


def test_birth_is_not_sent_before_the_connack_nor_after_a_refusal():
    rig = Rig(birth=BIRTH)
    rig.dial()
    rig.run(1000)
    rig.hear(b"\x20\x02\x00\x05")
    assert rig.sent() == []


def test_birth_at_qos_1_is_acknowledged_and_gone():
    rig = Rig(birth=Will("s", b"on", qos=1, retain=True))
    raw = rig.up()[-1]
    pid = fields(raw)[3]
    assert raw == publish("s", b"on", 1, pid, retain=True) and pid > 0
    assert rig.hear(puback(pid)) == [] and rig.client.connected and rig.client.pending == 0


def test_an_unacknowledged_birth_does_not_pile_up():
    """A hundred links that break at once leave one birth to send, not a hundred."""
    rig = Rig(birth=Will("s", b"on", qos=1, retain=True), outbox_size=512)
    kept = rig.client.publish("a", b"kept", qos=1)
    for _ in range(30):
        assert published(rig.up()) == [b"on", b"kept"]
        rig.lose()
    rig.up()
    assert rig.client.pending <= 2 and rig.client.dropped == 0 and kept


def test_a_full_outbox_does_not_keep_the_birth_back():
    for overflow in ("oldest", "refuse"):
        for qos in (0, 1):
            rig = Rig(birth=Will("ha/rig/status", b"online", qos=qos, retain=True), outbox_size=256, overflow=overflow)
            payloads = []
            for i in range(100):
                try:
                    rig.client.publish("a", b"%d" % i, qos=1)
                    payloads.append(b"%d" % i)
                except OutboxFull:
                    break
            got = published(rig.up())
            assert got[0] == b"online", (overflow, qos)
            if overflow == "refuse":
                assert got[1:] == payloads[: len(got) - 1] and rig.client.dropped == 0


def test_birth_and_will_are_unchanged_by_many_connections():
    will = Will("w/é", "aus", qos=1, retain=True)
    rig = Rig(will=will, birth=Will(b"w/b", bytearray(b"an")))
    for _ in range(5):
        raws = rig.up()
        assert raws == [connect("rig", will=("w/é", "aus", 1, True)), publish("w/b", b"an")]
        rig.lose()


def test_birth_is_sent_once_per_connection():
    rig = Rig(birth=BIRTH)
    raws = rig.up()
    for _ in range(10):
        rig.run(1000)
        rig.publish("a", b"x")
    assert published(raws + rig.sent()).count(b"online") == 1
