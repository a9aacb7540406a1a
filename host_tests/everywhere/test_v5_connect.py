"""MQTT 5: the CONNECT packet."""

from harness import raises
from harness5 import Rig5
from leanmqtt import Will
from packets5 import connack5, connect5, field, hello, take

FOREVER = 0xFFFFFFFF
HELD = ("maximum_packet_size", 512)


def connect_of(*args, **options):
    """The CONNECT packet of such a client."""
    rig = Rig5(*args, **options)
    rig.dial()
    (raw,) = rig.sent()
    return raw


def parsed(*args, **options):
    return hello(connect_of(*args, **options))


def properties_of(**options):
    return parsed(**options)["properties"]


def test_the_least_connect_byte_for_byte():
    """[MQTT-3.1.0-1] [MQTT-3.1.2-1] [MQTT-3.1.2-2] [MQTT-3.1.2-3] [MQTT-2.1.3-1] [MQTT-3.1.3-1..-3]"""
    assert connect_of("rig") == connect5("rig", properties=(HELD,))
    assert connect_of("é") == connect5("é", properties=(HELD,)), "[MQTT-3.1.3-4]"


def test_connect_is_sent_once_a_connection():
    """[MQTT-3.1.0-2]"""
    rig = Rig5()
    rig.up()
    rig.run(200000)
    assert [raw for raw in rig.sent() if raw[0] == 0x10] == []


def test_flags_agree_with_the_payload():
    """[MQTT-3.1.2-4] [MQTT-3.1.2-9] [MQTT-3.1.2-11..-13] [MQTT-3.1.2-16..-19]"""
    for clean in (True, False):
        for user, password in ((None, None), ("u", None), ("ü", "p"), (None, "p"), ("", b"\xff\0")):
            for will in (None, ("w", b"", 0, False), ("w/é", b"\0\xff", 1, True), ("w", b"x", 2, False)):
                found = parsed(
                    clean=clean, user=user, password=password, keepalive=7, will=will and Will(will[0], *will[1:])
                )
                assert found["keepalive"] == 7 and bool(found["flags"] & 2) == clean
                assert found.get("user") == (None if user is None else user.encode())
                assert found.get("password") == (
                    None if password is None else password.encode() if isinstance(password, str) else password
                )
                assert found.get("will") == (will and (will[0].encode(),) + will[1:])
                if not will:
                    assert not found["flags"] & 0x3C


def test_everything_byte_for_byte():
    rig = Rig5(
        "rig",
        clean=False,
        user="u",
        password="p",
        session_expiry=300,
        keepalive=10,
        properties={"request_response_information": 1, "user_property": [("b", "1"), ("a", "é"), ("b", "1")]},
        will=Will(
            "w", "bye", 1, True, {"will_delay_interval": 70000, "content_type": "t", "message_expiry_interval": 9}
        ),
    )
    rig.dial()
    (raw,) = rig.sent()
    # Order among the properties is free: what is compared is all but it.
    found = hello(raw)
    assert found["properties"]["session_expiry_interval"] == 300
    assert found["will"] == (b"w", b"bye", 1, True)
    assert sorted(found["will_properties"]) == [
        ("content_type", b"t"),
        ("message_expiry_interval", 9),
        ("will_delay_interval", 70000),
    ]
    users = (("user_property", (b"b", b"1")), ("user_property", (b"a", "é".encode())), ("user_property", (b"b", b"1")))
    n = raw.find(field(*users)[1:])
    assert n > 0, "[MQTT-3.3.2-18]: user properties keep their order and may come twice"


def test_a_clean_client_asks_for_no_session_and_another_for_one_that_lasts():
    """[MQTT-3.1.2-23]"""
    assert "session_expiry_interval" not in properties_of(clean=True)
    assert properties_of(clean=False)["session_expiry_interval"] == FOREVER
    for n in (1, 65535, 65536, 0x7FFFFFFF, 0x80000000, FOREVER):
        assert properties_of(clean=False, session_expiry=n)["session_expiry_interval"] == n
    assert "session_expiry_interval" not in properties_of(clean=False, session_expiry=0)


def test_what_is_held_is_announced():
    """Receive Maximum and Maximum Packet Size say what the client really has."""
    assert properties_of(rx_size=1000)["maximum_packet_size"] == 1000
    assert properties_of(qos2=True)["receive_maximum"] == 64
    assert properties_of(qos2=True, properties={"receive_maximum": 5})["receive_maximum"] == 5
    assert "receive_maximum" not in properties_of()
    assert "topic_alias_maximum" not in properties_of()
    assert properties_of(properties={"topic_alias_maximum": 3})["topic_alias_maximum"] == 3
    for n in (0, 65):
        text = str(raises(ValueError, Rig5, qos2=True, properties={"receive_maximum": n}))
        assert "receive_maximum" in text


def test_the_largest_packet_may_be_said_or_left_open():
    assert properties_of(properties={"maximum_packet_size": 100})["maximum_packet_size"] == 100
    assert "maximum_packet_size" not in properties_of(properties={"maximum_packet_size": 0})


def test_an_empty_client_id_gets_a_name_from_the_broker_even_with_a_session():
    """[MQTT-3.2.2-16]"""
    for clean in (True, False):
        rig = Rig5("", clean=clean)
        rig.dial()
        (raw,) = rig.sent()
        assert hello(raw)["client_id"] == b""
        rig.link.feed(connack5(False, 0, ("assigned_client_identifier", "auto-é")))
        rig.settle()
        assert rig.client.connected and rig.client.v5.connack["assigned_client_identifier"] == "auto-é"
        rig.lose()
        rig.dial()
        (raw,) = rig.sent()
        assert hello(raw)["client_id"] == "auto-é".encode()


def test_bad_properties_are_named():
    bad = (
        ({"no_such": 1}, "no_such"),
        ({"content_type": "x"}, "content_type"),
        ({"receive_maximum": 70000}, "receive_maximum"),
        ({"receive_maximum": "3"}, "receive_maximum"),
        ({"request_problem_information": 2}, "request_problem_information"),
        ({"maximum_packet_size": -1}, "maximum_packet_size"),
        ({"user_property": ["ab"]}, "user_property"),
        ({"user_property": [("a", 1)]}, "user_property"),
        ({"user_property": 3}, "user_property"),
        ({"receive_maximum": None}, "receive_maximum"),
        ({"topic_alias_maximum": 1 << 20}, "topic_alias_maximum"),
    )
    for given, name in bad:
        text = str(raises(ValueError, Rig5, properties=given))
        assert name in text, text
    for n in (-1, 1 << 32, "x", None):
        text = str(raises(ValueError, Rig5, clean=False, session_expiry=n))
        assert "session_expiry" in text


def test_bad_properties_of_a_will_or_a_birth_are_named():
    for name, value in (("will_delay_interval", -1), ("topic_alias", 3), ("response_topic", "a/+"), ("x", 0)):
        for what in ("will", "birth"):
            text = str(raises(ValueError, Rig5, **{what: Will("w", "", properties={name: value})}))
            assert name in text, text
    text = str(raises(ValueError, Rig5, birth=Will("w", "", properties={"will_delay_interval": 1})))
    assert "will_delay_interval" in text


def test_properties_need_version_5():
    will = Will("w", "", properties={"content_type": "t"})
    for options in ({"will": will}, {"birth": will}):
        assert "version=5" in str(raises(ValueError, Rig5, version=4, **options))
    for version in (3, 6, (4, 5), "5", None):
        assert "version" in str(raises(ValueError, Rig5, version=version))


def test_what_3_1_1_does_not_allow_is_refused_where_it_may_come_to_that():
    """[MQTT-3.1.2-22] and [MQTT-3.1.3-7] of 3.1.1, to which (5, 4) may fall back."""
    raises(ValueError, Rig5, version=(5, 4), password="p")
    raises(ValueError, Rig5, "", version=(5, 4), clean=False)
    Rig5("", version=(5, 4), clean=True)


def test_long_properties_have_a_long_length():
    """[MQTT-1.5.5-1]"""
    for n in (100, 130, 200, 17000):
        raw = connect_of(properties={"user_property": [("n", "x" * n)]}, rx_size=512)
        assert hello(raw)["properties"]["user_property"] == (b"n", b"x" * n)


def test_an_empty_field_is_a_zero():
    """[MQTT-2.2.2-1]"""
    raw = connect_of("a", properties={"maximum_packet_size": 0}, will=Will("w", "x"))
    assert raw == connect5("a", will=("w", b"x", 0, False))
    assert take(b"\0", 0, "will") == ([], 1)
