"""MQTT 5: whatever a broker sends, the client tells a fault in words or goes on; it never raises, hangs or grows."""

from fakes import Dice
from harness5 import Rig5
from leanmqtt import MQTTError
from packets import pubcomp, pubrec, pubrel
from packets5 import ack5, auth5, connack5, disconnect5, publish5, suback5, unsuback5

WORDS = (("reason_string", "é"), ("user_property", ("a", "b")))


def conversation(pids):
    """Good packets of every kind for a client that waits for these."""
    one, two, three, sub, unsub = pids
    return (
        ack5(0x40, one, 0x10, *WORDS),
        pubrec(two),
        ack5(0x70, two, 0, *WORDS),
        ack5(0x50, three, 0x97, *WORDS),
        suback5(sub, 1, *WORDS),
        unsuback5(unsub, 0x11, *WORDS),
        publish5("a/b", b"x", 0, properties=(("topic_alias", 1), ("content_type", "t"))),
        publish5("", b"y", 1, 9, properties=(("topic_alias", 1), ("subscription_identifier", 1))),
        publish5("a/é", b"z" * 150, 2, 10, properties=WORDS[1:]),
        ack5(0x62, 10, 0, *WORDS),
        pubrel(11),
        auth5(0x18, ("authentication_method", "m"), ("authentication_data", b"d")),
        b"\xd0\0",
        disconnect5(0x8B, *WORDS),
    )


def client(grain=0):
    """A client that waits for one of each, and the ids."""
    rig = Rig5(
        qos2=True, properties={"topic_alias_maximum": 2}, auth=("m", lambda challenge: b"answer"), backoff_ms=(1, 1)
    )
    rig.client.subscribe("b")
    rig.client.subscribe("a/#", 1, rig.noter("a"))
    rig.dial()
    raws = [raw for raw in rig.hear(connack5(False, 0, ("authentication_method", "m"))) if raw[0] == 0x82]
    ids = [raw[2] << 8 | raw[3] for raw in raws]
    rig.hear(suback5(ids[0], 0))
    rig.client.unsubscribe("b")
    pids = [rig.publish("p", b"", qos=qos) for qos in (1, 2, 2)]
    (unsub,) = [raw[2] << 8 | raw[3] for raw in rig.sent() if raw[0] == 0xA2]
    rig.link.grain = grain
    return rig, pids + [ids[1], unsub]


def bear(rig, *raws):
    """The client takes these, and is of use afterwards."""
    opens = len(rig.link.opens)
    rig.link.feed(*raws)
    for _ in range(40):
        rig.client.poll(0)
    for told in rig.told("disconnect"):
        assert isinstance(told[0], MQTTError) and len(str(told[0])) > 20
        assert "source of a stream" not in str(told[0])
    rig.link.grain = 0
    if len(rig.link.opens) == opens and rig.link.is_open:
        rig.link.end = -1
    rig.until(lambda: len(rig.link.opens) > opens and rig.link.is_open and len(rig.link.stream) > 10)
    rig.link.feed(connack5(False, 0, ("authentication_method", "m")))
    for _ in range(10):
        rig.client.poll(0)
    assert rig.client.connected, rig.client.last_error


def test_the_conversation_itself_is_good():
    rig, pids = client()
    raws = conversation(pids)
    for raw in raws[:-1]:
        rig.hear(raw)
        assert rig.client.connected, (raw, rig.client.last_error)
    assert sorted(rig.told("delivered")) == sorted([(pids[0], 0), (pids[1], 0), (pids[2], 0x97)])
    assert rig.payloads("a") == [b"x", b"y", b"z" * 150]
    assert rig.told("subscribed")[-1] == ("a/#", 1)
    bear(rig, raws[-1])


def test_every_prefix():
    """Each packet cut off anywhere, then silence or the end."""
    for k in range(14):
        raw = conversation((1, 2, 3, 4, 5))[k]
        for n in range(0, len(raw), 1 if len(raw) < 60 else 7):
            rig, pids = client()
            bear(rig, conversation(pids)[k][:n])


def test_single_bits_turned():
    """Of each packet, header and properties."""
    dice = Dice(5)
    for k in range(14):
        size = len(conversation((1, 2, 3, 4, 5))[k])
        for i in range(min(size, 40)):
            rig, pids = client(grain=dice(2))
            raw = bytearray(conversation(pids)[k])
            raw[i] ^= 1 << dice(3)
            bear(rig, bytes(raw), b"\xd0\0" * 40)


def test_bits_turned_in_connack_and_auth():
    good = connack5(
        False,
        0,
        ("receive_maximum", 5),
        ("assigned_client_identifier", "é"),
        ("maximum_packet_size", 70000),
        ("user_property", ("a", "b")),
        ("topic_alias_maximum", 3),
        ("authentication_data", b"d"),
        ("server_keep_alive", 9),
        ("wildcard_subscription_available", 0),
    )
    dice = Dice(6)
    for raw in (
        good,
        auth5(0x18, ("authentication_method", "m"), ("reason_string", "r")),
        connack5(False, 0x9C, *WORDS),
    ):
        for i in range(len(raw)):
            for _ in range(3):
                rig = Rig5(auth=("m", lambda challenge: b"a"), backoff_ms=(1, 1))
                rig.dial()
                turned = bytearray(raw)
                turned[i] ^= 1 << dice(3)
                bear(rig, bytes(turned))


def test_noise_between_good_packets():
    dice = Dice(99)
    for _ in range(150):
        rig, pids = client(grain=dice(2))
        raws = list(conversation(pids)[:-1])
        data = b"".join(raws[dice(4) % 13 :])
        at = dice(9) % (len(data) + 1)
        noise = bytes([dice(8) for _ in range(1 + dice(3))])
        bear(rig, data[:at], noise, data[at:])


def test_any_cutting_of_good_packets_gives_the_same():
    for chunk in (1, 2, 5, 13):
        rig, pids = client()
        data = b"".join(conversation(pids)[:-1])
        rig.link.chunk = chunk
        rig.hear(data)
        assert rig.payloads("a") == [b"x", b"y", b"z" * 150]
        assert sorted(rig.told("delivered")) == sorted([(pids[0], 0), (pids[1], 0), (pids[2], 0x97)])
        assert rig.client.connected and bytes(rig.link.stream).find(pubcomp(10)) > 0
