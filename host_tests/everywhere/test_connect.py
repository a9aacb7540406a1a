"""CONNECT: the bytes of the first packet, in every combination of what a user may ask for."""

from harness import Rig
from leanmqtt import Client, Will
from packets import connack, connect, only, publish, split


def connect_of(client_id="rig", **options):
    """The CONNECT a client with these options writes, which must be the only thing it writes."""
    rig = Rig(client_id, **options)
    rig.dial()
    rig.settle()
    raws = rig.sent()
    assert len(raws) == 1, raws
    assert len(rig.link.writes) == 1, "CONNECT is one write"
    return raws[0]


def test_the_published_vector_byte_for_byte():
    """[MQTT-3.1.2-1] [MQTT-3.1.2-3] [MQTT-3.1.3-3]"""
    want = "1013 0004 4D515454 04 02 003C 0007 505954484F4E31".replace(" ", "")
    got = connect_of("PYTHON1", keepalive=60, clean=True)
    assert got == bytes([int(want[i : i + 2], 16) for i in range(0, len(want), 2)]), got


def test_defaults_are_a_clean_session_and_sixty_seconds():
    """Without an account and a will their flags are 0 and their fields absent [MQTT-3.1.2-11] [MQTT-3.1.2-18]"""
    assert connect_of("rig") == connect("rig", keepalive=60, clean=True)


def test_every_combination_of_account_will_and_session():
    """[MQTT-3.1.2-9] [MQTT-3.1.2-13] [MQTT-3.1.2-15] [MQTT-3.1.2-18] to [MQTT-3.1.2-22] [MQTT-3.1.3-1]"""
    for clean in (True, False):
        for user, password in ((None, None), ("anna", None), ("anna", "secret"), ("anna", "")):
            assert connect_of(clean=clean, user=user, password=password) == connect(
                "rig", clean=clean, user=user, password=password
            )
            for qos in (0, 1, 2):
                for retain in (False, True):
                    got = connect_of(
                        clean=clean,
                        user=user,
                        password=password,
                        will=Will("s/t", b"off", qos=qos, retain=retain),
                        qos2=True,
                    )
                    want = connect("rig", 60, clean, user, password, ("s/t", b"off", qos, retain))
                    assert got == want, (clean, user, password, qos, retain)


def test_a_will_may_be_empty():
    """[MQTT-3.1.2-9]: the field is there, with length 0"""
    assert connect_of(will=Will("a", b"", retain=True)) == connect("rig", will=("a", b"", 0, True))


def test_keepalive_is_sent_in_seconds():
    for seconds in (0, 1, 255, 256, 65535):
        assert connect_of(keepalive=seconds) == connect("rig", keepalive=seconds)


def test_an_empty_client_id_goes_with_a_clean_session():
    """[MQTT-3.1.3-7]"""
    assert connect_of("", clean=True) == connect("", clean=True)


def test_text_is_utf8():
    """[MQTT-1.5.3-1] [MQTT-3.1.3-4] [MQTT-3.1.3-10] [MQTT-3.1.3-11]"""
    got = connect_of("gerät", user="jürg", password="ключ", will=Will("été/état", "à bientôt", qos=1))
    assert got == connect("gerät", user="jürg", password="ключ", will=("été/état", "à bientôt", 1, False))


def test_account_and_will_may_be_bytes():
    got = connect_of(user=b"anna", password=b"\x00\xff", will=Will(b"a/b", bytearray(b"off")))
    assert got == connect("rig", user=b"anna", password=b"\x00\xff", will=("a/b", b"off", 0, False))


def test_a_connect_larger_than_any_buffer_of_the_client_is_sent_whole():
    will = ("a/b", b"w" * 3000, 1, True)
    got = connect_of(will=Will("a/b", b"w" * 3000, qos=1, retain=True), rx_size=64, outbox_size=128)
    assert got == connect("rig", will=will)


def test_connect_is_first_and_alone_until_the_broker_has_accepted():
    """[MQTT-3.1.0-1] [MQTT-3.1.4-5]"""
    rig = Rig()
    rig.client.subscribe("a/#", qos=1)
    rig.client.publish("a", b"1", qos=1)
    rig.client.publish("a", b"0", qos=0)
    rig.dial()
    rig.run(2000)
    assert rig.sent() == [connect("rig")]


def test_connect_is_sent_once_per_connection():
    """[MQTT-3.1.0-2]"""
    rig = Rig()
    for _ in range(3):
        raws = rig.up()
        rig.publish("a", b"x")
        assert only(raws + rig.sent(), 0x10) == [connect("rig")]
        rig.lose()


def test_connect_written_one_byte_at_a_time_is_the_same_connect():
    rig = Rig(user="anna", password="secret", will=Will("a", b"off"))
    rig.link.grain = 1
    rig.dial()
    assert rig.sent() == [connect("rig", user="anna", password="secret", will=("a", b"off", 0, False))]


def test_what_waited_goes_after_the_broker_has_accepted():
    rig = Rig()
    rig.client.publish("a", b"0", qos=0)
    rig.dial()
    rig.link.feed(connack())
    rig.settle()
    assert split(bytes(rig.link.stream))[0] == [connect("rig"), publish("a", b"0")]


def test_a_client_object_does_nothing_before_it_is_started():
    rig = Rig()
    rig.client.poll(0)
    assert rig.link.opens == [] and not rig.client.connected and rig.client.pending == 0


def test_two_clients_share_nothing():
    one, two = Rig("one"), Rig("two")
    one.client.subscribe("a", handler=one.noter("mine"))
    assert one.up()[0] == connect("one") and two.up() == [connect("two")]
    one.publish("x", b"1", qos=1)
    assert (one.client.pending, two.client.pending) == (1, 0)
    two.lose()
    assert one.client.connected and not two.client.connected
    assert one.told("disconnect") == []


def test_the_seams_are_optional():
    """Without clock, rand and transport a Client is made for the real world."""
    client = Client("a", "127.0.0.1")
    assert not client.connected and client.pending == 0 and client.sock is None
