"""MQTT 5: enhanced authentication."""

from harness import raises
from harness5 import Rig5
from leanmqtt import MQTTError
from packets import packet, puback
from packets5 import PLACES, PROPERTIES, auth5, connack5, hello, publish5, reason

METHOD = ("authentication_method", "SCRAM-é")


def data(value):
    return ("authentication_data", value)


class Party:
    """The application's side: answers by a script, and notes what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def __call__(self, challenge):
        self.asked.append(challenge)
        return self.answers.pop(0) if self.answers else None


def rig_of(*answers, **options):
    party = Party(*answers)
    return Rig5(auth=("SCRAM-é", party), **options), party


def test_connect_names_the_method_and_brings_the_first_data():
    """(4.12)"""
    for first, expected in ((b"hi\0", b"hi\0"), ("text", b"text"), (None, b"")):
        rig, party = rig_of(first)
        rig.dial()
        (raw,) = rig.sent()
        found = hello(raw)["properties"]
        assert found["authentication_method"] == "SCRAM-é".encode()
        assert found.get("authentication_data", b"") == expected
        assert party.asked == [None]


def test_a_round_trip():
    """[MQTT-3.1.2-30] [MQTT-4.12.0-2] [MQTT-4.12.0-3] [MQTT-4.12.0-5] [MQTT-3.15.1-1]"""
    rig, party = rig_of(b"first", b"proof", None)
    rig.client.publish("a", b"x", 1)
    rig.client.subscribe("a")
    rig.dial()
    rig.sent()
    raws = rig.hear(auth5(0x18, METHOD, data(b"challenge")))
    assert len(raws) == 1, "nothing but AUTH before CONNACK"
    code, pairs = reason(raws[0])
    assert code == 0x18 and sorted(pairs) == [
        ("authentication_data", b"proof"),
        ("authentication_method", "SCRAM-é".encode()),
    ]
    rig.run(2000)
    assert rig.sent() == [] and not rig.client.connected
    raws = rig.hear(connack5(False, 0, METHOD, data(b"server proof")))
    assert rig.client.connected and len(raws) == 2
    assert party.asked == [None, b"challenge", b"server proof"]


def test_many_rounds_in_small_pieces():
    rig, party = rig_of(b"", *[b"%d" % i * 60 for i in range(9)])
    rig.link.grain, rig.link.chunk = 3, 2
    rig.dial()
    rig.sent()
    for i in range(9):
        rig.link.feed(auth5(0x18, METHOD, data(b"c%d" % i * 60)))
        rig.run(300, 1)
        (raw,) = rig.sent()
        assert dict(reason(raw)[1])["authentication_data"] == b"%d" % i * 60
    rig.link.feed(connack5(False, 0, METHOD))
    rig.run(300, 1)
    assert rig.client.connected and party.asked[1:10] == [b"c%d" % i * 60 for i in range(9)]


def test_each_connection_begins_anew():
    rig, party = rig_of(b"1", b"proof", None, b"2", b"proof", None)
    for first in (b"1", b"2"):
        rig.dial()
        assert hello(rig.sent()[0])["properties"]["authentication_data"] == first
        rig.hear(auth5(0x18, METHOD, data(b"c")))
        rig.hear(connack5(False, 0, METHOD, data(b"s")))
        assert rig.client.connected
        rig.lose()
    assert party.asked == [None, b"c", b"s"] * 2


def test_the_application_refuses_the_broker():
    """False: this broker did not prove itself, at any step."""
    rig, party = rig_of(b"first", False)
    rig.dial()
    rig.sent()
    error, _ = rig.ends(auth5(0x18, METHOD, data(b"c")))
    assert "refused" in error and rig.told("connect") == []
    rig, party = rig_of(b"first", b"proof", False)
    rig.dial()
    rig.hear(auth5(0x18, METHOD, data(b"c")))
    error, _ = rig.ends(connack5(False, 0, METHOD, data(b"wrong")))
    assert "refused" in error and rig.told("connect") == [] and not rig.client.connected


def test_the_broker_refuses():
    for code, word in ((0x8C, "authentication method"), (0x87, "authoris"), (0x86, "password")):
        rig, _ = rig_of(b"first", b"proof")
        rig.link.later(50, auth5(0x18, METHOD, data(b"c")))
        rig.link.later(90, connack5(False, code, ("reason_string", "no")))
        assert word in str(raises(MQTTError, rig.client.connect))


def test_another_method_is_a_protocol_error():
    """[MQTT-4.12.0-5]"""
    for other in ("SCRAM-e", ""):
        rig, party = rig_of(b"first", b"proof")
        rig.dial()
        rig.ends(auth5(0x18, ("authentication_method", other), data(b"c")))
        assert party.asked == [None]


def test_auth_without_a_method_given_is_a_protocol_error():
    """[MQTT-4.12.0-6] [MQTT-4.12.0-7]"""
    for raw in (auth5(0x18, METHOD, data(b"c")), packet(0xF0), auth5(0), auth5(0x19, METHOD)):
        rig = Rig5()
        rig.dial()
        error, _ = rig.ends(raw)
        assert "auth" in error.lower()
        rig.up()
        rig.violates(0x82, raw)


def test_impossible_auth():
    """[MQTT-3.15.1-1] [MQTT-3.15.2-1]"""
    for raw in (
        packet(0xF1, auth5(0x18, METHOD)[2:]),
        auth5(0x19, METHOD, data(b"c")),
        auth5(0x17, METHOD),
        auth5(0x87, METHOD),
        auth5(0x18, METHOD, METHOD),
        auth5(0, METHOD),
        packet(0xF0),
        packet(0xF0, b"\x18\x05\x15\0\2a"),
        packet(0xF0, b"\x18\x80"),
        packet(0xF0, b"\x18\0\0"),
    ):
        rig, _ = rig_of(b"1", b"2", b"3")
        rig.dial()
        rig.ends(raw)
        assert rig.told("connect") == []
    for name in PROPERTIES:
        if PROPERTIES[name][0] not in PLACES["auth"]:
            value = {"v": 1, "s": "x", "b": b"x"}.get(PROPERTIES[name][1], 1)
            rig, _ = rig_of(b"1", b"2", b"3")
            rig.dial()
            rig.ends(auth5(0x18, METHOD, (name, value)))


def test_impossible_auth_afterwards():
    for code in (1, 0x17, 0x19, 0x87):
        rig, party = established()
        party.answers = [b"x"]
        rig.client.v5.reauthenticate(b"again")
        rig.settle()
        rig.sent()
        rig.violates(0x82, auth5(code, METHOD))


def test_a_connack_with_another_method():
    """[MQTT-4.12.0-5]"""
    rig, _ = rig_of(b"1", None)
    rig.dial()
    rig.ends(connack5(False, 0, ("authentication_method", "other")))
    assert rig.told("connect") == []


def established():
    rig, party = rig_of(b"1", None)
    rig.up(False, METHOD)
    return rig, party


def test_authentication_anew():
    """[MQTT-4.12.1-1]: 0x19 with the same method, on the connection there is"""
    rig, party = established()
    party.answers = [b"proof", None]
    rig.client.v5.reauthenticate(b"again")
    rig.settle()
    (raw,) = rig.sent()
    code, pairs = reason(raw)
    assert code == 0x19 and sorted(pairs) == [
        ("authentication_data", b"again"),
        ("authentication_method", "SCRAM-é".encode()),
    ]
    (raw,) = rig.hear(auth5(0x18, METHOD, data(b"c")))
    assert reason(raw)[0] == 0x18
    assert rig.hear(auth5(0, METHOD, data(b"s"))) == []
    assert rig.client.connected and party.asked[2:] == [b"c", b"s"]


def test_other_packets_go_on_meanwhile():
    """(4.12.1): the old authentication holds until the new one is done"""
    rig, party = established()
    party.answers = [b"proof", None]
    rig.client.v5.reauthenticate(b"again")
    pid = rig.publish("a", b"x", qos=1)
    assert sorted([raw[0] for raw in rig.sent()]) == [0x32, 0xF0]
    assert rig.hear(publish5("a", b"y", 1, 5)) == [puback(5)]
    rig.hear(puback(pid), auth5(0x18, METHOD, data(b"c")))
    assert rig.told("delivered") == [(pid, 0)] and rig.payloads() == [b"y"]


def test_authentication_anew_behind_a_half_written_packet():
    rig, party = established()
    rig.link.room = 6
    rig.publish("a", b"x" * 20)
    rig.client.v5.reauthenticate(b"again")
    rig.settle()
    rig.link.room = None
    rig.settle()
    assert [raw[0] for raw in rig.sent()] == [0x30, 0xF0]


def test_the_application_refuses_an_authentication_anew():
    rig, party = established()
    party.answers = [False]
    rig.client.v5.reauthenticate(b"again")
    rig.settle()
    rig.sent()
    rig.violates(0x80, auth5(0x18, METHOD, data(b"c")))
    rig, party = established()
    party.answers = [False]
    rig.client.v5.reauthenticate(b"again")
    rig.settle()
    rig.sent()
    rig.violates(0x80, auth5(0, METHOD, data(b"s")))


def test_authentication_anew_wants_a_connection_with_auth():
    """[MQTT-4.12.0-7]"""
    rig = Rig5()
    rig.up()
    raises(ValueError, rig.client.v5.reauthenticate, b"x")
    rig, _ = rig_of()
    raises(ValueError, rig.client.v5.reauthenticate, b"x")


def test_a_lost_connection_forgets_an_auth_that_was_not_written():
    rig, party = established()
    rig.link.room = 0
    rig.client.v5.reauthenticate(b"again")
    rig.settle()
    rig.link.room = None
    rig.link.end = -1
    raws = rig.up(False, METHOD)
    assert [raw[0] for raw in raws] == [0x10]


def test_bad_auth_options_are_named():
    for bad in ("x", (), ("m",), ("m", 5), (5, lambda c: b""), ("a\0", lambda c: b"")):
        text = str(raises(ValueError, Rig5, auth=bad))
        assert "auth" in text


def test_there_is_nothing_to_fall_back_to():
    """A broker that refuses version 5 must not get a client in without the authentication that was asked for."""
    text = str(raises(ValueError, Rig5, version=(5, 4), auth=("m", Party())))
    assert "auth" in text and "version=5" in text


def test_secrets_are_not_told():
    """Neither the error nor its cause has the data."""
    rig, party = rig_of(b"first-secret", b"proof-secret")
    rig.dial()
    rig.hear(auth5(0x18, METHOD, data(b"c")))
    error, _ = rig.ends(connack5(False, 0x87))
    assert "secret" not in error
