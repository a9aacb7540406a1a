"""MQTT 5: DISCONNECT from either side, and the way to another server."""

from harness import raises
from harness5 import Rig5, payloads
from leanmqtt import MQTTError, Will
from packets import packet, puback, split
from packets5 import PLACES, PROPERTIES, connack5, disconnect5, hello, publish5, reason

# Every reason that a server may give (3.14.2.1), and a word that a person must find.
REASONS = {
    0x00: "without giving a reason",
    0x80: "unspecified",
    0x81: "malformed",
    0x82: "protocol",
    0x83: "broker",
    0x87: "authoris",
    0x89: "busy",
    0x8B: "shutting down",
    0x8D: "keep-alive",
    0x8E: "taken over",
    0x8F: "filter",
    0x90: "topic",
    0x93: "receive maximum",
    0x94: "alias",
    0x95: "too large",
    0x96: "too fast",
    0x97: "quota",
    0x98: "administrative",
    0x99: "payload",
    0x9A: "retain",
    0x9B: "QoS",
    0x9C: "another server",
    0x9D: "moved",
    0x9E: "shared",
    0x9F: "too fast",
    0xA0: "connect time",
    0xA1: "identifiers",
    0xA2: "wildcard",
}


def test_every_reason_of_the_server_is_put_into_words():
    """(3.14.4) [MQTT-4.13.2-1]: closed, and nothing is sent after it"""
    for code in REASONS:
        for words in ((), (("reason_string", "maintenance é"),)):
            rig = Rig5()
            rig.up()
            error, last = rig.ends(disconnect5(code, *words))
            assert REASONS[code] in error, error
            assert not code or "0x%02x" % code in error
            assert not words or "maintenance é" in error
            assert "source of a stream" not in error
            assert last == [] and not rig.client.connected
            assert str(rig.client.last_error) == error
            rig.up()


def test_a_disconnect_without_a_reason():
    """(3.14.2.1): remaining length 0 is reason 0"""
    rig = Rig5()
    rig.up()
    error, _ = rig.ends(disconnect5())
    assert "without giving a reason" in error
    rig = Rig5()
    rig.up()
    error, _ = rig.ends(packet(0xE0, b"\x8e\0"))
    assert "taken over" in error


def test_an_unknown_reason_is_told():
    rig = Rig5()
    rig.up()
    error, _ = rig.ends(disconnect5(0xEE))
    assert "0xee" in error


def test_malformed_and_impossible_disconnects():
    """[MQTT-3.14.1-1]"""
    for rest in (b"\0\1", b"\x8e\2\x1f\0", b"\x8e\x80", b"\x8e\0\0", b"\x8e\4\x1f\0\1\xff"):
        rig = Rig5()
        rig.up()
        rig.violates(0x81, packet(0xE0, rest))
    for name in PROPERTIES:
        value = {"v": 1, "s": "x", "b": b"x", "p": ("a", "b")}.get(PROPERTIES[name][1], 1)
        rig = Rig5()
        rig.up()
        if PROPERTIES[name][0] in PLACES["disconnect"]:
            error, last = rig.ends(disconnect5(0x8B, (name, value)))
            assert "shutting down" in error and last == []
        else:
            rig.violates(0x82, disconnect5(0x8B, (name, value)))
    for first in (0xE1, 0xE2, 0xE8):
        rig = Rig5()
        rig.up()
        error, last = rig.ends(packet(first, b"\x8b"))
        assert last[-1][2] in (0x81, 0x82)


# -- to another server


def test_a_reference_is_told_but_not_followed_unless_allowed():
    """(4.11)"""
    for code in (0x9C, 0x9D):
        rig = Rig5()
        rig.up()
        error, _ = rig.ends(disconnect5(code, ("server_reference", "other.example:1884")))
        assert "other.example:1884" in error and "redirect=True" in error
        rig.up()
        assert rig.link.opens[-1] == ("broker", 1883)


def test_a_reference_is_followed_once_or_for_good():
    """(4.11): 0x9C for now, 0x9D from now on"""
    for code, stays in ((0x9C, False), (0x9D, True)):
        for refused in (False, True):
            rig = Rig5(redirect=True)
            reference = ("server_reference", "other.example:1884")
            if refused:
                rig.dial()
                rig.ends(connack5(False, code, reference))
            else:
                rig.up()
                error, _ = rig.ends(disconnect5(code, reference))
                assert "other.example:1884" in error and "redirect=True" not in error
            waited = rig.until(lambda rig=rig: rig.link.is_open, 100)
            assert waited <= 100 and rig.link.opens[-1] == ("other.example", 1884), "at once"
            rig.up()
            assert rig.link.opens[-1] == ("other.example", 1884)
            for _ in range(4):
                rig.lose()
                rig.up()
            if stays:
                assert rig.link.opens[-1] == ("other.example", 1884)
                assert ("broker", 1883) not in rig.link.opens[1:]


def test_once_means_that_the_first_server_is_tried_again():
    """(4.11) Use another server: temporarily. When that one does not answer, ours is asked again."""
    rig = Rig5(redirect=True)
    rig.up()
    rig.ends(disconnect5(0x9C, ("server_reference", "other")))
    rig.until(lambda: rig.link.opens[-1] == ("other", 1883))
    rig.link.refuse = OSError(111)
    rig.lose() if rig.link.is_open else None
    rig.until(lambda: rig.link.opens[-1] == ("broker", 1883))
    rig.link.refuse = None
    rig.up()


def test_references_of_all_kinds():
    """(4.11): names and addresses, with ports, separated by spaces"""
    for text, first in (
        ("myserver.xyz.org", ("myserver.xyz.org", 1883)),
        ("myserver.xyz.org:8883", ("myserver.xyz.org", 8883)),
        ("10.10.151.22:8883 10.10.151.23:8884", ("10.10.151.22", 8883)),
        ("[fe80::9610:3eff:fe1c]:1884", ("fe80::9610:3eff:fe1c", 1884)),
        ("[fe80::9610:3eff:fe1c]", ("fe80::9610:3eff:fe1c", 1883)),
    ):
        rig = Rig5(redirect=True)
        rig.up()
        rig.ends(disconnect5(0x9D, ("server_reference", text)))
        rig.up()
        assert rig.link.opens[-1] == first


def test_references_that_lead_nowhere():
    for text in ("", " ", "x:y", ":", "a:0", "a:99999"):
        rig = Rig5(redirect=True)
        rig.up()
        rig.ends(disconnect5(0x9D, ("server_reference", text)))
        rig.up()
        assert rig.link.opens[-1] == ("broker", 1883)
    rig = Rig5(redirect=True)
    rig.up()
    rig.ends(disconnect5(0x9D))
    rig.up()
    rig.ends(disconnect5(0x8B, ("server_reference", "other")))
    rig.up()
    assert rig.link.opens[-1] == ("broker", 1883), "only 0x9C and 0x9D send elsewhere"


def test_a_circle_of_references_is_no_storm():
    """Two servers that name each other: a client must not try without pause."""
    rig = Rig5(redirect=True)
    rig.dial()
    for i in range(30):
        rig.link.feed(connack5(False, 0x9C, ("server_reference", "host%d" % (i % 2))))
        opens = len(rig.link.opens)
        rig.until(lambda rig=rig, opens=opens: len(rig.link.opens) > opens)
        rig.dial()
    spent = rig.clock.now - 5000
    assert spent > 10000, "30 attempts in %d ms" % spent


# -- ours


def everything(rig):
    raws, rest = split(bytes(rig.link.stream))
    assert rest == b""
    return raws


def farewell(rig, **options):
    """disconnect() with these: the last packet."""
    rig.client.disconnect(**options)
    assert not rig.link.is_open and rig.told("disconnect") == [(None,)]
    raws = everything(rig)
    assert [raw[0] for raw in raws].count(0xE0) == 1
    return raws[-1]


def up(**options):
    rig = Rig5(**options)
    rig.up()
    return rig


def test_our_disconnect_byte_for_byte():
    """[MQTT-3.14.1-1] [MQTT-3.14.2-1] [MQTT-3.14.4-1] [MQTT-3.14.4-2]"""
    assert farewell(up()) == b"\xe0\0"
    assert farewell(up(will=Will("w", "bye")), will=True) == disconnect5(4), "with the will"
    assert farewell(up(), reason=0x80) == disconnect5(0x80)
    assert farewell(up(clean=False), session_expiry=0) == disconnect5(0, ("session_expiry_interval", 0))
    assert farewell(up(clean=False), session_expiry=70000) == disconnect5(0, ("session_expiry_interval", 70000))
    assert farewell(up(clean=False), session_expiry=0xFFFFFFFF) == disconnect5(
        0, ("session_expiry_interval", 0xFFFFFFFF)
    )
    raw = farewell(
        up(clean=False),
        will=True,
        session_expiry=5,
        properties={"reason_string": "é", "user_property": [("a", "b"), ("a", "c")]},
    )
    code, pairs = reason(raw)
    assert code == 4 and sorted(pairs, key=str) == sorted(
        [
            ("reason_string", "é".encode()),
            ("user_property", (b"a", b"b")),
            ("user_property", (b"a", b"c")),
            ("session_expiry_interval", 5),
        ],
        key=str,
    )


def test_a_long_farewell():
    for n in (10, 50, 64, 120, 130, 500, 5000):
        raw = farewell(up(), properties={"reason_string": "x" * n})
        assert raw == disconnect5(0, ("reason_string", "x" * n))


def test_what_may_not_be_said():
    """(3.14.2.2.2): an expiry of 0 cannot become another at the end"""
    for options in ({"clean": True}, {"clean": False, "session_expiry": 0}):
        rig = up(**options)
        raises(ValueError, rig.client.disconnect, session_expiry=5)
        assert rig.client.connected
        assert farewell(rig, session_expiry=0) == disconnect5(0, ("session_expiry_interval", 0))
    rig = up(clean=False)
    for given in ({"server_reference": "x"}, {"content_type": "x"}, {"reason_string": b"\xff"}, {"x": 1}):
        raises(ValueError, rig.client.disconnect, properties=given)
    for expiry in (-1, 1 << 32, "1"):
        raises(ValueError, rig.client.disconnect, session_expiry=expiry)
    for code in (1, 2, 3, 5, 0x7F, 256, -1, 0x85, 0x9C, 0x87):
        raises(ValueError, rig.client.disconnect, reason=code)
    assert rig.client.connected


def test_it_drains_first():
    rig = up()
    pid = rig.publish("a", b"x", qos=1)
    rig.link.later(100, puback(pid))
    assert rig.client.disconnect(will=True) == 0
    assert everything(rig)[-1] == disconnect5(4)


def test_behind_a_half_written_packet():
    rig = up()
    rig.link.room = 10
    rig.client.publish("a", b"x" * 30, 1)
    rig.client.poll(0)
    rig.link.later(50, lambda: setattr(rig.link, "room", None))
    rig.client.disconnect(timeout_ms=100, will=True, properties={"reason_string": "y" * 100})
    raws = everything(rig)
    assert payloads(raws) == [b"x" * 30]
    assert raws[-1] == disconnect5(4, ("reason_string", "y" * 100))


def test_byte_by_byte():
    rig = up()
    rig.link.grain = 1
    assert farewell(rig, properties={"reason_string": "y" * 100}) == disconnect5(0, ("reason_string", "y" * 100))


def test_behind_acknowledgements_that_wait():
    rig = up()
    rig.link.room = 0
    rig.link.feed(*[publish5("a", b"", 1, 1 + i) for i in range(5)])
    for _ in range(20):
        rig.client.poll(0)
    rig.link.room = None
    raw = farewell(rig, will=True)
    assert raw == disconnect5(4)
    assert [raw[0] for raw in everything(rig)] == [0x10] + [0x40] * 5 + [0xE0]


def test_a_farewell_is_of_one_disconnect_only():
    rig = up(clean=False)
    farewell(rig, will=True, session_expiry=3)
    rig.client.start()
    rig.up()
    del rig.events[:]
    assert farewell(rig) == b"\xe0\0"


def test_a_farewell_while_not_connected_is_not_kept():
    rig = Rig5(clean=False)
    rig.client.disconnect(will=True)
    rig.up()
    rig.client.disconnect()
    assert everything(rig)[-1] == b"\xe0\0"


def test_within_a_callback():
    rig = Rig5(on_message=lambda m: rig.client.disconnect(will=True))
    rig.up()
    rig.link.feed(publish5("a", b"x"))
    rig.until(lambda: not rig.link.is_open, 10000)
    assert everything(rig)[-1] == disconnect5(4)


def test_messages_kept_for_the_next_connection():
    rig = up(clean=False)
    rig.publish("a", b"x", qos=1)
    assert rig.client.disconnect(timeout_ms=100, session_expiry=60) == 1
    rig.client.start()
    raws = rig.up(True)
    assert payloads(raws) == [b"x"]
    assert hello(raws[0])["properties"]["session_expiry_interval"] == 0xFFFFFFFF


def test_a_session_given_up_at_the_end_is_not_expected_back():
    """session_expiry=0 in DISCONNECT ends the session here as well [MQTT-3.1.2-23]; [MQTT-3.2.2-4] holds next time"""
    rig = up(clean=False)
    rig.client.disconnect(session_expiry=0)
    rig.client.start()
    rig.dial()
    closes = rig.link.closes
    rig.link.feed(connack5(True))
    rig.until(lambda: rig.link.closes > closes, 1000)
    (raw,) = rig.up(False)
    assert hello(raw)["flags"] & 2


def test_a_fault_of_the_transport_says_nothing():
    rig = up()
    error = None
    rig.link.end = -1
    rig.until(lambda: rig.told("disconnect"))
    ((error,),) = rig.told("disconnect")
    assert isinstance(error, MQTTError)
    assert [raw[0] for raw in everything(rig)] == [0x10]


def test_a_fault_while_a_packet_is_half_written_says_nothing():
    """A DISCONNECT in the middle of another packet would be part of it."""
    rig = up()
    rig.link.room = 7
    rig.client.publish("a", b"x" * 50, 0)
    rig.client.poll(0)
    rig.link.room = None
    stream = rig.link.stream
    rig.link.grain = 1
    rig.link.feed(packet(0x82, b"\0\1\0\0\1a\0"))
    closes = rig.link.closes
    rig.until(lambda: rig.link.closes > closes, 1000)
    raws, rest = split(bytes(stream))
    if rest:
        assert bytes(publish5("a", b"x" * 50)).startswith(rest)


def test_no_acknowledgement_in_time_says_why():
    rig = up(ack_timeout_ms=5000, keepalive=0)
    rig.publish("a", b"x", qos=1)
    stream = rig.link.stream
    rig.until(lambda: rig.told("disconnect"))
    raws, _ = split(bytes(stream))
    assert raws[-1][0] == 0xE0 and raws[-1][2] == 0x80


def test_connect_follows_a_reference_within_its_time():
    rig = Rig5(redirect=True)
    rig.link.later(50, connack5(False, 0x9C, ("server_reference", "other")))
    rig.link.later(300, connack5())
    rig.client.connect()
    assert rig.link.opens == [("broker", 1883), ("other", 1883)] and rig.client.connected
    rig = Rig5()
    rig.link.later(50, connack5(False, 0x9C, ("server_reference", "other")))
    assert "other" in str(raises(MQTTError, rig.client.connect)) and len(rig.link.opens) == 1


def test_connect_does_not_go_round_in_circles():
    rig = Rig5(redirect=True)
    for i in range(50):
        rig.link.later(50 + 40 * i, connack5(False, 0x9C, ("server_reference", "host%d" % (i % 2))))
    raises(MQTTError, rig.client.connect)
    assert len(rig.link.opens) <= 4
