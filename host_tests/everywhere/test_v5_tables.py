"""MQTT 5: the tables of the standard, whole, and that the client has them: reason codes (2.4), properties (2.2.2.2)."""

from harness import raises
from harness5 import Rig5
from leanmqtt import v5end
from leanmqtt.properties import ACK, AUTH, CONNACK, CONNECT, DISCONNECT, IDS, PUBLISH, SUBSCRIBE, WILL
from leanmqtt.v5session import KIND, WHERE
from packets import packet_id
from packets5 import BY_CLIENT, PLACES, PROPERTIES, REASONS, ack5, connack5, disconnect5, publish5, suback5, unsuback5

BITS = {
    "connect": CONNECT, "connack": CONNACK, "publish": PUBLISH, "will": WILL, "ack": ACK, "subscribe": SUBSCRIBE,
    "disconnect": DISCONNECT, "auth": AUTH,
}  # fmt: skip
KINDS = {1: 1, 2: 2, 4: 3, "v": 4, "s": 5, "b": 6, "p": 7}


def of(kind):
    """The reason codes of a packet."""
    return sorted([code for code in REASONS if kind in REASONS[code][1]])


def test_every_property_has_its_name_its_type_and_its_places():
    """Table 2-4"""
    assert IDS == {name: PROPERTIES[name][0] for name in PROPERTIES}
    assert len(KIND) == len(WHERE) == max(IDS.values()) + 1
    types = {k: KINDS[t] for k, t in PROPERTIES.values()}
    for k in range(len(KIND)):
        assert KIND[k] == types.get(k, 0), k
        for place in BITS:
            assert bool(WHERE[k] & BITS[place]) == (k in PLACES[place]), (k, place)


def test_every_reason_has_words_and_nothing_else_has():
    """Table 2-6; -1 and -2 are the client's own"""
    words = Rig5().client.v5.words
    for code in range(256):
        assert ("unknown" in words(code)) == (code not in REASONS), hex(code)
        assert words(code).endswith("(0x%02x)" % code)
    assert len({words(code)[:-7] for code in REASONS}) == len(REASONS), "no two with the same words"


def test_every_reason_of_an_acknowledgement_is_taken_and_told():
    """[MQTT-3.4.2-1] [MQTT-3.5.2-1] [MQTT-3.7.2-1]"""
    for kind, name, qos in ((0x40, "puback", 1), (0x50, "pubrec", 2)):
        for code in of(name):
            rig = Rig5(qos2=True)
            rig.up()
            pid = rig.publish("a", b"", qos=qos)
            rig.hear(ack5(kind, pid, code))
            if qos == 2 and code < 128:
                rig.hear(ack5(0x70, pid))
            assert rig.told("delivered") == [(pid, code if code > 127 else 0)]
    for code in of("pubcomp"):
        rig = Rig5(qos2=True)
        rig.up()
        pid = rig.publish("a", b"", qos=2)
        rig.hear(ack5(0x50, pid))
        rig.hear(ack5(0x70, pid, code))
        assert rig.told("delivered") == [(pid, 0)]
    for code in of("pubrel"):
        rig = Rig5(qos2=True)
        rig.up()
        rig.hear(publish5("a", b"", 2, 9))
        assert rig.hear(ack5(0x62, 9, code))[0][0] == 0x70


def test_every_reason_of_suback_and_unsuback_is_taken_and_told_and_no_other():
    """[MQTT-3.9.3-2] [MQTT-3.11.3-2]; what is 0x80 and more is a refusal, whatever it may mean"""
    for name, answer in (("suback", suback5), ("unsuback", unsuback5)):
        for code in range(256):
            rig = Rig5()
            rig.client.v5.on_unsubscribed = rig.client.on_subscribed
            rig.up()
            (rig.client.subscribe if name == "suback" else rig.client.unsubscribe)("a")
            rig.settle()
            raw = answer(packet_id(rig.sent()[0]), code)
            if code in of(name) or code > 127:
                rig.hear(raw)
                assert rig.told("subscribed") == [("a", code)], hex(code)
            else:
                rig.violates(0x81, raw)


def test_every_reason_of_connack_and_disconnect_is_told_in_words():
    """[MQTT-3.2.2-8] [MQTT-3.14.2-1]"""
    words = Rig5().client.v5.words
    for code in of("connack")[1:]:
        rig = Rig5()
        rig.dial()
        rig.sent()
        error, _ = rig.ends(connack5(False, code))
        assert words(code) in error, error
    for code in of("disconnect"):
        if code not in (0, 4):
            rig = Rig5()
            rig.up()
            error, _ = rig.ends(disconnect5(code))
            assert words(code) in error, error


def test_what_a_client_may_say_in_its_acknowledgements():
    """(3.4.2.1) (3.5.2.1): 0x10 is the server's; and no id of a server's message is in use here (0x91)."""
    may = [code for code in of("puback") if code not in (0x10, 0x91)]
    assert of("puback") == of("pubrec")
    taken = []

    def take(m):
        for code in range(256):
            try:
                m.acknowledge(code)
            except ValueError:
                continue
            taken.append(code)

    rig = Rig5(on_message=take)
    rig.up()
    rig.hear(publish5("a", b"", 1, 9))
    assert taken == may


def test_what_a_client_may_say_in_its_disconnect():
    """(3.14.2.1): what is "sent by" a client"""
    may = [code for code in of("disconnect") if code in BY_CLIENT]
    for code in range(256):
        rig = Rig5()
        rig.up()
        if code in may:
            rig.client.disconnect(reason=code)
            assert rig.sent() == [bytes((0xE0, 1, code)) if code else b"\xe0\0"]
        else:
            raises(ValueError, rig.client.disconnect, reason=code)
    assert set(v5end._SAYS.values()) <= set(may), "of itself too"
