"""A real mosquitto at the other end: will, retained, sessions, accounts, ids, QoS pairs, wildcards, its own tools."""

import subprocess

from girouette import toolchain
from support import wait_for


def words(client, name="message"):
    """[topic, qos, retain, payload] of each message line."""
    return [line.split(" ", 4)[1:] for line in client.starting(name)]


def test_the_will_of_a_killed_client(actor, watcher, mosquitto):
    watch = watcher(mosquitto.port, "w/#")
    client = actor(mosquitto.port, ["connect"], ["say", "ready"], ["hang"], will=["w/actor", "offline", 1, True])
    client.wait_line("ready")
    client.popen.kill()
    watch.wait(1)
    assert watch.messages == [("w/actor", "offline", 1, False)]
    late = watcher(mosquitto.port, "w/#", client_id="late")
    assert late.wait(1) == [("w/actor", "offline", 1, True)], "it was retained"


def test_no_will_after_a_clean_disconnect(actor, watcher, mosquitto):
    watch = watcher(mosquitto.port, "w/#")
    client = actor(mosquitto.port, ["connect"], ["disconnect"], will=["w/actor", "offline", 0, False])
    client.finish()
    actor(mosquitto.port, ["connect"], ["publish", "w/end", "end", 1], ["drain"], ["disconnect"], id="two").finish()
    assert watch.wait(1) == [("w/end", "end", 1, False)]


def test_the_birth_comes_with_every_connection(actor, watcher, cable, mosquitto):
    watch = watcher(mosquitto.port, "status/#")
    link = cable(mosquitto.port)
    client = actor(
        link.port, ["start"], ["hang"],
        will=["status/actor", "offline", 1, True], birth=["status/actor", "online", 1, True], backoff_ms=[20, 100],
    )  # fmt: skip
    for i in range(3):
        watch.wait(2 * i + 1)
        link.cut()
    watch.wait(7)
    assert watch.payloads()[:7] == ["online", "offline"] * 3 + ["online"] and client.starting("connect")


def test_retained_messages_reach_a_later_subscriber(actor, watcher, mosquitto):
    actor(
        mosquitto.port, ["connect"], ["publish", "r/a", "21.53", 1, True], ["publish", "r/b", "x", 1, True],
        ["publish", "r/b", "", 1, True], ["drain"], ["disconnect"],
    ).finish()  # fmt: skip
    watch = watcher(mosquitto.port, "r/#")
    watch.publish("r/end", "end")
    watch.wait(2)
    assert watch.messages[0] == ("r/a", "21.53", 1, True) and len(watch.messages) == 2, "an empty one deletes"
    client = actor(mosquitto.port, ["subscribe", "r/#", 1], ["connect"], ["heard", 1], ["disconnect"])
    client.finish()
    assert words(client) == [["r/a", "1", "1", "21.53"]]


def test_a_persistent_session_collects_while_away(actor, watcher, mosquitto):
    here = [["subscribe", "c/#", 2], ["connect"]]
    first = actor(mosquitto.port, *here, ["subscribed", 1], ["disconnect"], clean=False, qos2=True)
    first.finish()
    assert first.starting("subscribed") == ["subscribed c/# 2"] and first.starting("connect") == ["connect 0"]
    watch = watcher(mosquitto.port)
    for qos in (1, 2):
        for i in range(10):
            watch.publish(f"c/{qos}", str(i), qos)
    second = actor(mosquitto.port, ["connect"], ["heard", 20], ["disconnect"], clean=False, qos2=True)
    second.finish()
    assert second.starting("connect") == ["connect 1"]
    for qos in ("1", "2"):
        assert [word[3] for word in words(second) if word[1] == qos] == [str(i) for i in range(10)]


def test_a_refused_password_says_so(actor, mosquitto_factory):
    broker = mosquitto_factory(accounts={"anna": "right"})
    for options in ({"user": "anna", "password": "wrong"}, {"user": "otto", "password": "right"}, {}):
        client = actor(broker.port, ["connect"], **options)
        client.finish()
        (line,) = client.starting("refused")
        assert "code 5" in line or "code 4" in line, line
        assert client.starting("connect") == []
    good = actor(broker.port, ["connect"], ["disconnect"], user="anna", password="right")
    good.finish()
    assert good.starting("connect") == ["connect 0"]


def test_two_clients_fighting_for_one_id_slow_down(actor, mosquitto):
    """Each connection ends the other's [MQTT-3.1.4-2]; backoff keeps it from becoming a storm."""
    pair = [
        actor(mosquitto.port, ["start"], ["poll", 2500], id="same", clean=False, backoff_ms=[200, 2000]) for _ in (1, 2)
    ]
    for client in pair:
        client.finish()
    connects = [len(client.starting("connect")) for client in pair]
    assert min(connects) >= 1 and 3 <= sum(connects) <= 60, connects
    assert sum(len(client.starting("disconnect")) for client in pair) >= 2


def test_all_nine_pairs_of_published_and_subscribed_qos(actor, mosquitto):
    """Delivered at the lower of the two [MQTT-3.8.4-6]"""
    listener = actor(
        mosquitto.port, *[["subscribe", f"p/{qos}/+", qos] for qos in range(3)], ["connect"], ["subscribed", 3],
        ["say", "ready"], ["heard", 9], ["poll", 200], ["disconnect"], id="listener", qos2=True,
    )  # fmt: skip
    listener.wait_line("ready")
    assert sorted(listener.starting("subscribed")) == [f"subscribed p/{qos}/+ {qos}" for qos in range(3)]
    sends = [["publish", f"p/{sub}/{pub}", "x", pub] for sub in range(3) for pub in range(3)]
    actor(mosquitto.port, ["connect"], *sends, ["drain"], ["disconnect"], id="sender", qos2=True).finish()
    listener.finish()
    assert sorted(words(listener)) == [
        [f"p/{sub}/{pub}", str(min(sub, pub)), "0", "x"] for sub in range(3) for pub in range(3)
    ]


def test_wildcard_subscriptions(actor, watcher, mosquitto):
    client = actor(
        mosquitto.port, ["subscribe", "a/+/c", 0], ["subscribe", "d/#", 0], ["subscribe", "é/°C", 0], ["connect"],
        ["subscribed", 3], ["say", "ready"], ["heard", 5], ["unsubscribe", "d/#"], ["subscribe", "e", 0],
        ["subscribed", 4], ["say", "less"],
        ["heard", 6], ["disconnect"],
    )  # fmt: skip
    client.wait_line("ready")
    watch = watcher(mosquitto.port)
    for topic in ("a/b/c", "a/b", "a/b/c/d", "a//c", "d", "d/e/f", "x", "é/°C"):
        watch.publish(topic, topic, 1)
    client.wait_line("less")
    for topic in ("d/gone", "a/last/c"):
        watch.publish(topic, topic, 1)
    client.finish()
    assert [word[3] for word in words(client)] == ["a/b/c", "a//c", "d", "d/e/f", "é/°C", "a/last/c"]


def test_keepalive_holds_an_idle_connection(actor, mosquitto):
    """mosquitto closes after one and a half times the interval; more goes by."""
    client = actor(mosquitto.port, ["connect"], ["poll", 2500], ["disconnect"], keepalive=1)
    client.finish()
    assert len(client.starting("connect")) == 1 and client.starting("disconnect") == ["disconnect None"]
    assert "exceeded timeout" not in mosquitto.log_text() and "PINGREQ" in mosquitto.log_text()


def tool(name, port, *args):
    command = [toolchain.mosquitto_client(name), "-h", "127.0.0.1", "-p", str(port), *args]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_mosquitto_sub_and_mosquitto_pub_at_the_other_end(actor, mosquitto):
    sub = tool("mosquitto_sub", mosquitto.port, "-t", "ha/#", "-q", "2", "-C", "6", "-F", "%t %q %r %p", "-W", "30")
    wait_for(lambda: "SUBACK to" in mosquitto.log_text(), "mosquitto_sub to be subscribed")
    client = actor(
        mosquitto.port, ["subscribe", "set/#", 2], ["connect"], ["subscribed", 1], ["say", "ready"], ["heard", 3],
        *[["publish", "ha/temperature", f"21.{qos}", qos] for qos in range(3)],
        *[["publish", "ha/é/°C", f"ü{qos}", qos] for qos in range(3)],
        ["drain"], ["disconnect"], qos2=True,
    )  # fmt: skip
    client.wait_line("ready")
    for qos in "012":
        assert tool("mosquitto_pub", mosquitto.port, "-t", "set/é", "-m", "wärmer", "-q", qos).wait(10) == 0
    client.finish()
    out, _ = sub.communicate(timeout=40)
    want = [f"ha/temperature {qos} 0 21.{qos}" for qos in range(3)] + [f"ha/é/°C {qos} 0 ü{qos}" for qos in range(3)]
    assert sorted(out.split("\n")[:-1]) == sorted(want)
    assert words(client) == [["set/é", qos, "0", "wärmer"] for qos in "012"]


def test_messages_of_every_size_class(actor, watcher, mosquitto):
    """Remaining lengths of one, two and three bytes, both ways."""
    sizes = (0, 1, 120, 121, 122, 300, 16370, 16380, 40000)
    client = actor(
        mosquitto.port, ["subscribe", "in", 1], ["connect"], ["subscribed", 1], ["say", "ready"],
        *[["publish", "out", "o" * size, 1] for size in sizes], ["drain"], ["heard", len(sizes)], ["disconnect"],
        rx_size=41000, outbox_size=120000,
    )  # fmt: skip
    watch = watcher(mosquitto.port, "out")
    client.wait_line("ready")
    for size in sizes:
        watch.publish("in", "i" * size, 1)
    client.finish()
    watch.wait(len(sizes))
    assert [len(text) for text in watch.payloads()] == list(sizes)
    assert [len(word[3]) if len(word) > 3 else 0 for word in words(client)] == list(sizes)
