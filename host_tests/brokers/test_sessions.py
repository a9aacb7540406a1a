"""Every broker: who may come in, what is said when a client goes, and what is kept while it is away."""

import socket
import time

from leanmqtt.codec import connect

from .base import ACCOUNT
from .features import needs

AWAY = {"clean": False, "qos2": True}


@needs("password", sample=True)
def test_a_refused_password_says_so(scene):
    user, password = ACCOUNT
    for wrong in ((user, "wrong"), ("otto", password)):
        client = scene.actor(["connect"], user=wrong[0], password=wrong[1])
        client.finish()
        (line,) = client.starting("refused")
        assert "code 5" in line or "code 4" in line, line
        assert client.starting("connect") == []
    good = scene.actor(["connect"], ["disconnect"], user=user, password=password)
    good.finish()
    assert good.starting("connect") == ["connect 0"]


@needs("empty_id", sample=True)
def test_an_empty_client_id(scene):
    begin = [["subscribe", "~/a", 0], ["connect"], ["subscribed", 1], ["say", "ready"]]
    pair = [scene.actor(*begin, ["heard", 1], ["disconnect"], id="") for _ in (1, 2)]
    for client in pair:
        client.wait_line("ready")
    scene.publish("~/a", "both", 1)
    for client in pair:
        client.finish()
        assert [word[3] for word in scene.heard(client)] == ["both"]


def ready(scene, *steps, **options):
    """An actor that is connected and stays."""
    client = scene.actor(*steps, ["connect"], ["say", "ready"], ["hang"], **options)
    client.wait_line("ready")
    return client


@needs("will", sample=True)
def test_the_will_of_a_killed_client(scene):
    watch = scene.watcher("~/w", qos=1)
    ready(scene, will=["~/w", "offline", 1, False]).popen.kill()
    watch.wait(1)
    assert scene.seen(watch) == [("~/w", "offline", 1, False)]


@needs("will", "retained", "retained_will")
def test_a_will_that_is_retained(scene):
    watch = scene.watcher("~/w", qos=1)
    ready(scene, will=["~/w", "offline", 1, True]).popen.kill()
    watch.wait(1)
    late = scene.watcher("~/w", id="late", qos=1)
    late.wait(1)
    assert {(m[1], m[3]) for m in late.messages} == {("offline", True)}


@needs("will", "will_withheld", "qos1")
def test_no_will_after_a_clean_disconnect(scene):
    watch = scene.watcher("~/#", qos=1)
    scene.actor(["connect"], ["disconnect"], will=["~/w", "offline", 0, False]).finish()
    scene.actor(["connect"], ["publish", "~/end", "end", 1], ["drain"], ["disconnect"], id="two").finish()
    watch.wait(1)
    assert scene.seen(watch) == [("~/end", "end", 1, False)]


@needs("will", "retained", "qos1", sample=True)
def test_the_birth_comes_with_every_connection(scene):
    watch, link = scene.watcher("~/status"), scene.tap()
    client = scene.actor(
        ["start"], ["hang"], port=link.port,
        will=["~/status", "offline", 1, True], birth=["~/status", "online", 1, True], backoff_ms=[400, 800],
    )  # fmt: skip
    for i in range(3):
        watch.wait(2 * i + 1)
        link.cut()
    watch.wait(7)
    assert watch.payloads()[:7] == ["online", "offline"] * 3 + ["online"] and client.starting("connect")


@needs(sample=True)
def test_keepalive_holds_an_idle_connection(scene):
    """A broker closes after one and a half times the interval; more goes by."""
    client = scene.actor(["connect"], ["poll", 2500], ["disconnect"], keepalive=1)
    client.finish()
    assert len(client.starting("connect")) == 1 and client.starting("disconnect") == ["disconnect None"]


@needs("keepalive", "will")
def test_a_client_that_went_silent_is_dropped_and_its_will_told(scene):
    """[MQTT-3.1.2-24]"""
    watch, link = scene.watcher("~/w"), scene.tap()
    client = ready(scene, port=link.port, keepalive=1, will=["~/w", "silent", 0, False])
    held, link.pairs = link.pairs, []  # the cable keeps its connection to the broker: nobody says that it is gone
    client.popen.kill()
    watch.wait(1)
    assert scene.seen(watch) == [("~/w", "silent", 0, False)]
    for pair in held:
        for sock in pair:
            sock.close()


def away(scene, qos, **options):
    options = {**AWAY, **options}
    here = [["subscribe", "~/c", qos], ["connect"], ["subscribed", 1], ["disconnect"]]
    scene.actor(*here, **options).finish()
    watch = scene.watcher()
    for i in range(10):
        watch.publish(f"{scene.topic}/c", str(i), qos)
    back = scene.actor(["subscribe", "~/c", qos], ["connect"], ["heard", 10], ["poll", 200], ["disconnect"], **options)
    back.finish()
    heard = scene.heard(back)
    assert [[word[1], word[3]] for word in heard] == [[str(qos), str(i)] for i in range(10)]
    return heard


@needs("session", "qos1", "retain_flag")
def test_what_a_session_collected_is_not_marked_as_retained(scene):
    """[MQTT-3.3.1-9]"""
    assert {word[2] for word in away(scene, 1)} == {"0"}


@needs("session", "qos1", sample=True)
def test_a_session_collects_while_the_client_is_away(scene):
    away(scene, 1)


@needs("session", "qos2")
def test_a_session_collects_at_qos_2(scene):
    away(scene, 2)


@needs("session", "session_present", sample=True)
def test_whether_the_session_was_kept_is_said(scene):
    """[MQTT-3.2.2-2]"""
    for present in (0, 1):
        client = scene.actor(["subscribe", "~/c", 1], ["connect"], ["subscribed", 1], ["disconnect"], **AWAY)
        if present:
            client.wait_line("connect")
            assert client.starting("connect") == ["connect 1"]
        else:
            client.finish()
            assert client.starting("connect") == ["connect 0"]


@needs("session", "clean_forgets", "qos1")
def test_a_clean_session_forgets_the_kept_one(scene):
    """[MQTT-3.1.2-6]"""
    scene.actor(["subscribe", "~/c", 1], ["connect"], ["subscribed", 1], ["disconnect"], **AWAY).finish()
    scene.publish("~/c", "lost", 1)
    for pause in (0, 3, 9):  # amqtt forgets up to two seconds after the goodbye of the clean one, which nobody can see
        clean = scene.actor(["connect"], ["poll", 300], ["disconnect"])
        clean.finish()
        time.sleep(pause)
        again = scene.actor(["connect"], ["poll", 300], ["disconnect"], **AWAY)
        again.finish()
        assert scene.heard(clean) == scene.heard(again) == []
        if again.starting("connect") == ["connect 0"]:
            return
    raise AssertionError("the kept session is still there")


@needs("takeover")
def test_a_second_client_of_the_same_id_ends_the_first(scene):
    """[MQTT-3.1.4-2]"""
    first = ready(scene, reconnect=False)
    second = scene.actor(["connect"], ["poll", 300], ["disconnect"])
    assert "disconnect" in first.wait_line("disconnect", timeout=20)
    second.finish()
    assert second.starting("disconnect") == ["disconnect None"]


def raw(scene, packet):
    """What the broker answers to a packet, b"" if it closes."""
    with socket.create_connection(("127.0.0.1", scene.broker.port), timeout=20) as sock:
        sock.sendall(packet)
        try:
            return sock.recv(100)
        except ConnectionError:
            return b""


@needs()
def test_the_client_itself_is_what_is_let_in(scene):
    """Of what the others rely on: a broker that would let anything in proves nothing."""
    packet = bytearray(connect(b"proof", None, None, None, 60, True))
    assert raw(scene, packet) == b" \x02\x00\x00"
    packet[packet.index(b"MQTT")] = ord("m")
    assert raw(scene, packet)[3:] != b"\x00", "[MQTT-3.1.2-1]"
