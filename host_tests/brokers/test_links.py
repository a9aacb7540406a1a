"""Every broker: links that break and a broker that goes away under load. Nothing is lost at QoS 1, nor doubled at 2."""

from support import wait_for

from .features import needs

FAST = {"backoff_ms": [50, 400], "overflow": "refuse", "clean": False, "qos2": True}

PUBACK = 0x40


def numbers(count):
    return [str(i) for i in range(count)]


def first_times(payloads):
    """Without repetitions, in order of first arrival."""
    return list(dict.fromkeys(payloads))


@needs("qos1", "session", "session_present", sample=True)
def test_what_was_not_acknowledged_is_sent_again_marked_as_such(scene):
    """[MQTT-4.4.0-1] [MQTT-3.3.1-1]"""
    watch, link = scene.watcher("~/a", qos=1), scene.tap()
    link.deaf = PUBACK
    client = scene.actor(
        ["start"], ["connected"], ["publish", "~/a", "once", 1], ["drain"], ["disconnect"], port=link.port, **FAST
    )
    watch.wait(1)
    link.renew()
    client.finish()
    topic = f"{scene.topic}/a".encode()
    heads = [link.said[at - 4] for at in range(len(link.said)) if link.said.startswith(topic, at)]
    assert heads == [0x32, 0x3A], "PUBLISH at QoS 1, and once more with DUP"
    assert set(watch.payloads()) == {"once"}


@needs("qos1", "session", "resend", "dup", sample=True)
def test_what_the_client_did_not_acknowledge_comes_again_marked_as_such(scene):
    """[MQTT-4.4.0-1] [MQTT-3.3.1-1]"""
    link = scene.tap()
    client = scene.actor(
        ["subscribe", "~/a", 1], ["start"], ["subscribed", 1], ["say", "ready"], ["heard", 2], ["poll", 300],
        ["disconnect"], port=link.port, **FAST,
    )  # fmt: skip
    client.wait_line("ready")
    link.mute = PUBACK
    scene.publish("~/a", "again", 1)
    client.wait_line("message")
    link.renew()
    client.finish()
    assert scene.heard(client) == [["~/a", "1", "0", "again"]] * 2 and len(client.starting("dup")) == 1


def cut_under_load(scene, qos, count=400):
    watch, link = scene.watcher("~/load", qos=qos), scene.tap()
    sends = [["load", "~/load", 0, count, qos, 1], ["drain"], ["disconnect"]]
    client = scene.actor(["start"], *sends, port=link.port, **FAST)
    for level in range(50, 300, 50):
        wait_for(lambda level=level: len(first_times(watch.payloads())) >= level, "load", 40)
        link.cut()
    client.finish()
    wait_for(lambda: len(first_times(watch.payloads())) == count, "all messages", 40)
    assert len(client.starting("connect")) >= 4
    return watch.payloads()


@needs("qos1", "session", sample=True)
def test_a_link_cut_again_and_again_under_load_at_qos_1(scene):
    assert first_times(cut_under_load(scene, 1)) == numbers(400)


@needs("qos2", "session", "qos2_cut")
def test_a_link_cut_again_and_again_under_load_at_qos_2(scene):
    assert cut_under_load(scene, 2) == numbers(400)


def cut_subscriber(scene, qos, count=300):
    """The actor, which stays, when it has heard each message at least once."""
    link = scene.tap()
    client = scene.actor(
        ["subscribe", "~/load", qos], ["start"], ["subscribed", 1], ["say", "ready"], ["hang"],
        port=link.port, keepalive=5, **FAST,
    )  # fmt: skip
    client.wait_line("ready")
    watch = scene.watcher()
    for i in range(count):
        watch.publish(f"{scene.topic}/load", str(i), qos)
        if i % 60 == 50:
            link.cut()
    wait_for(lambda: len({word[3] for word in scene.heard(client)}) == count, "all messages", 60, 0.1)
    return client


@needs("qos1", "session", "resend")
def test_a_subscriber_whose_link_is_cut_again_and_again_at_qos_1(scene):
    cut_subscriber(scene, 1)


@needs("qos2", "session", "resend", "qos2_cut")
def test_a_subscriber_whose_link_is_cut_again_and_again_at_qos_2(scene):
    client = cut_subscriber(scene, 2)
    scene.publish("~/load", "end", 2)
    wait_for(lambda: scene.heard(client)[-1][3] == "end", "the last", 30)
    assert [word[3] for word in scene.heard(client)] == [*numbers(300), "end"]


@needs("qos1", sample=True)
def test_the_outbox_holds_while_the_broker_is_down(scene):
    """SIGKILL, and back on the same port: what was published meanwhile arrives in order."""
    link = scene.tap()
    client = scene.actor(
        ["start"], ["connected"], ["say", "ready"], ["load", "~/down", 0, 60, 1, 20], ["drain"], ["disconnect"],
        port=link.port, **FAST,
    )  # fmt: skip
    client.wait_line("ready")
    link.plugged = False  # the client comes back after the watcher
    link.cut()
    scene.broker.kill()
    client.wait_line("disconnect")
    scene.broker.start()
    watch = scene.watcher("~/down", qos=1)
    link.target, link.plugged = scene.broker.port, True
    client.finish()
    wait_for(lambda: "59" in watch.payloads(), "the last", 40)
    got = first_times(watch.payloads())
    assert got == numbers(60)[60 - len(got) :] and len(got) > 30, "what was not acknowledged before"


@needs("kept_on_disk", "session", "retained", "qos1")
def test_sessions_and_retained_messages_outlive_a_restart(scene):
    scene.actor(["subscribe", "~/c", 1], ["connect"], ["subscribed", 1], ["disconnect"], clean=False).finish()
    for i in range(5):
        scene.publish("~/c", str(i), 1)
    scene.publish("~/r", "kept", 1, True)
    scene.broker.stop()
    scene.broker.start()
    back = scene.actor(["connect"], ["heard", 5], ["poll", 200], ["disconnect"], clean=False)
    back.finish()
    assert [word[3] for word in scene.heard(back)] == numbers(5) and back.starting("connect") == ["connect 1"]
    watch = scene.watcher("~/r", qos=1)
    watch.wait(1)
    assert scene.seen(watch) == [("~/r", "kept", 1, True)]
