"""That a broker lacks something, shown: each passes while the broker fails to do it. `proof(scene)`, named in LACKS.

What is shown is what the broker does instead, never that a test of the suite fails for whatever reason.
"""

import time

from support import wait_for

from .base import ACCOUNT

AWAY = {"clean": False, "qos2": True, "backoff_ms": [50, 400]}
_PUBACK, _PUBCOMP = 0x40, 0x70


def granted_no_qos_2(scene):
    client = scene.actor(["subscribe", "~/a", 2], ["connect"], ["subscribed", 1], ["disconnect"], qos2=True)
    client.finish()
    assert client.starting("subscribed")[0].endswith(" 1")


def closes_at_qos_2(scene):
    granted_no_qos_2(scene)
    client = scene.actor(["connect"], ["publish", "~/a", "x", 2], ["hang"], id="two", qos2=True, backoff_ms=[50, 400])
    client.wait_line("disconnect the connection was lost", timeout=30)


def nothing_retained_by_wildcard(scene):
    scene.publish("~/a/b", "kept", 1, True)
    exact, wild = scene.watcher("~/a/b", qos=1), scene.watcher("~/a/#", id="wild", qos=1)
    exact.wait(1)
    scene.publish("~/a/end", "end", 1)
    wild.wait(1)
    assert exact.payloads() == ["kept"] and wild.payloads() == ["end"]


def silent_below_sys(scene):
    watch = scene.watcher("$SYS/#")
    time.sleep(3)  # nothing to wait for: it never comes
    assert watch.messages == []


def sys_shown_to_everybody(scene):
    scene.watcher("$SYS/#", id="sys").wait(3)  # then something of it is retained
    watch = scene.watcher("#")
    wait_for(lambda: any(m[0].startswith("$SYS") for m in watch.messages), "$SYS", 30)


def lost_above_twenty_of_qos_2(scene):
    """By paho, which has no limit of its own here: all is acknowledged, and much of it is gone."""
    watch, sender = scene.watcher("~/load"), scene.watcher(id="sender")
    sent = [sender.client.publish(f"{scene.topic}/load", str(i), 2) for i in range(500)]
    for one in sent:
        one.wait_for_publish(30)
    sender.publish(f"{scene.topic}/load", "end", 2)
    wait_for(lambda: "end" in watch.payloads(), "the last", 30)
    assert all(one.is_published() for one in sent) and len(watch.payloads()) < 501


def delivered(scene, published, subscribed, text="~/a"):
    """The QoS at which it comes to who subscribed that text."""
    watch = scene.watcher(text, qos=subscribed)
    scene.publish("~/a", "x", published)
    watch.wait(1)
    return watch.messages[0][2]


def raised_to_the_subscribed_qos(scene):
    assert delivered(scene, 0, 1) == 1


def at_the_published_qos_by_wildcard(scene):
    assert delivered(scene, 2, 1, "~/+") == 2


def overlapping_at_the_lower_qos(scene):
    client = scene.actor(
        ["subscribe", "~/#", 0], ["subscribe", "~/a/+", 1], ["connect"], ["subscribed", 2], ["say", "ready"],
        ["heard", 2], ["disconnect"],
    )  # fmt: skip
    client.wait_line("ready")
    for text in ("one", "two"):
        scene.publish("~/a/b", text, 1)
    client.finish()
    assert [word[1:] for word in scene.heard(client)] == [["0", "0", "one"], ["0", "0", "two"]]


def _unacknowledged(scene):
    """What a client hears whose first acknowledgement is lost with the link, and then a word more."""
    link = scene.tap()
    client = scene.actor(
        ["subscribe", "~/#", 1], ["start"], ["subscribed", 1], ["say", "ready"], ["hang"], port=link.port, **AWAY
    )
    client.wait_line("ready")
    link.mute = _PUBACK
    scene.publish("~/a", "first", 1)
    client.wait_line("message")
    link.renew()
    client.wait_line("connect", 2)
    scene.publish("~/a", "later", 1)
    wait_for(lambda: client.lines[-1].endswith("later"), "the word more", 30)
    return [word[3] for word in scene.heard(client)], len(client.starting("dup"))


def not_sent_again(scene):
    assert _unacknowledged(scene) == (["first", "later"], 0)


def sent_again_without_dup(scene):
    assert _unacknowledged(scene) == (["first", "first", "later"], 0)


def no_session_without_a_subscription(scene):
    """Whoever only publishes starts anew after each cut, and must send again what may have come already."""
    for _ in (1, 2):
        client = scene.actor(["connect"], ["publish", "~/a", "x", 2], ["drain"], ["disconnect"], **AWAY)
        client.finish()
        assert client.starting("connect") == ["connect 0"], client.lines


def pubrel_unanswered_after_a_cut(scene):
    """The PUBCOMP is lost with the link; the client asks for it again, as it must [MQTT-4.4.0-1]."""
    watch, link = scene.watcher("~/a", qos=1), scene.tap()
    link.deaf = _PUBCOMP
    sends = [["publish", "~/a", "stuck", 2], ["drain"], ["disconnect"]]
    client = scene.actor(["start"], ["connected"], *sends, port=link.port, ack_timeout_ms=3000, **AWAY)
    watch.wait(1)
    link.renew()
    client.wait_line("disconnect no acknowledgement", timeout=60)


def forgets_at_a_restart(scene):
    scene.actor(["subscribe", "~/c", 1], ["connect"], ["subscribed", 1], ["disconnect"], **AWAY).finish()
    scene.publish("~/r", "kept", 1, True)
    scene.broker.stop()
    scene.broker.start()
    back = scene.actor(["connect"], ["disconnect"], **AWAY)
    back.finish()
    watch = scene.watcher("~/r", qos=1)
    scene.publish("~/r", "end", 1)
    watch.wait(1)
    assert back.starting("connect") == ["connect 0"] and watch.payloads() == ["end"]


def collected_as_if_retained(scene):
    here = [["subscribe", "~/c", 1], ["connect"], ["subscribed", 1], ["disconnect"]]
    scene.actor(*here, **AWAY).finish()
    scene.publish("~/c", "x", 1)
    back = scene.actor(["connect"], ["heard", 1], ["disconnect"], **AWAY)
    back.finish()
    assert scene.heard(back) == [["~/c", "1", "1", "x"]]


def two_of_the_same_id(scene):
    pair = []
    for _ in (1, 2):
        pair.append(scene.actor(["connect"], ["say", "ready"], ["poll", 2000], ["disconnect"], keepalive=1))
        pair[-1].wait_line("ready")
    for client in pair:
        client.finish()
        assert client.starting("disconnect") == ["disconnect None"], "nobody was sent away"


def retained_for_the_subscriptions_of_others(scene):
    """Whoever comes gets all that is retained for anybody."""
    scene.watcher("~/a", qos=1)
    scene.publish("~/a", "kept", 1, True)
    client = scene.actor(["connect"], ["heard", 1], ["disconnect"])
    client.finish()
    assert ["~/a", "0", "1", "kept"] in scene.heard(client)


def _refusal(scene, **options):
    """What is told to whoever cannot connect."""
    client = scene.actor(["connect"], **options)
    client.finish()
    (line,) = client.starting("refused")
    return line


def refused_by_a_close_frame(scene):
    line = _refusal(scene, host=scene.broker.web, port=0, user=ACCOUNT[0], password="wrong")
    assert "WebSocket: closed by the broker" in line and "1002: unauthenticated" in line, line


def refuses_version_5(scene):
    assert "it does not speak MQTT 5" in _refusal(scene, version=5)


def closes_at_version_5(scene):
    assert "the connection was lost" in _refusal(scene, version=5)


def silent_at_version_5(scene):
    assert "no connection in time" in _refusal(scene, version=5)
