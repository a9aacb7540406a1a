"""Every broker: what is published arrives, as it was meant, at whom it is meant for."""

from support import wait_for

from .features import needs


def listening(scene, *filters, heard, **options):
    """An actor that is subscribed to each [filter, qos] and leaves when it has heard so many, and a moment more."""
    client = scene.actor(
        *[["subscribe", *pair] for pair in filters], ["connect"], ["subscribed", len(filters)], ["say", "ready"],
        ["heard", heard], ["poll", 300], ["disconnect"], id="listener", **options,
    )  # fmt: skip
    client.wait_line("ready")
    return client


def both_ways(scene, qos, **options):
    """From paho to the client, and from the client to paho."""
    client = listening(scene, ["~/in", qos], heard=20, qos2=qos == 2, **options)
    watch = scene.watcher("~/out", qos=qos)
    for i in range(20):
        watch.publish(f"{scene.topic}/in", str(i), qos)
    sends = [["publish", "~/out", str(i), qos] for i in range(20)]
    scene.actor(["connect"], *sends, ["drain"], ["disconnect"], id="sender", qos2=qos == 2, **options).finish()
    client.finish()
    watch.wait(20)
    assert client.starting("subscribed")[0].split()[-1] == str(qos)
    assert scene.heard(client) == [["~/in", str(qos), "0", str(i)] for i in range(20)]
    assert scene.seen(watch) == [("~/out", str(i), qos, False) for i in range(20)]


@needs()
def test_qos_0_both_ways(scene):
    both_ways(scene, 0)


@needs("qos1", sample=True)
def test_qos_1_both_ways(scene):
    both_ways(scene, 1)


@needs("qos2", sample=True)
def test_qos_2_both_ways(scene):
    both_ways(scene, 2)


def pairs(scene, levels):
    """Every pair of published and subscribed QoS: delivered at the lower of the two [MQTT-3.8.4-6]"""
    qos2 = max(levels) == 2
    listener = listening(scene, *[[f"~/{qos}/+", qos] for qos in levels], heard=len(levels) ** 2, qos2=qos2)
    granted = [line.split()[-1] for line in listener.starting("subscribed")]
    assert sorted(granted) == [str(qos) for qos in levels]
    sends = [["publish", f"~/{sub}/{pub}", "x", pub] for sub in levels for pub in levels]
    scene.actor(["connect"], *sends, ["drain"], ["disconnect"], id="sender", qos2=qos2).finish()
    listener.finish()
    want = [[f"~/{sub}/{pub}", str(min(sub, pub)), "0", "x"] for sub in levels for pub in levels]
    assert sorted(scene.heard(listener)) == want


@needs("lower_qos", "qos1", "wildcards")
def test_every_pair_of_published_and_subscribed_qos_0_and_1(scene):
    pairs(scene, (0, 1))


@needs("lower_qos", "qos1", "qos2", "wildcards")
def test_every_pair_of_published_and_subscribed_qos_0_to_2(scene):
    pairs(scene, (0, 1, 2))


@needs("wildcards", "qos1", sample=True)
def test_wildcards_and_unsubscribing(scene):
    client = scene.actor(
        ["subscribe", "~/a/+/c", 0], ["subscribe", "~/d/#", 0], ["connect"], ["subscribed", 2], ["say", "ready"],
        ["heard", 3], ["unsubscribe", "~/d/#"], ["subscribe", "~/e", 0], ["subscribed", 3], ["say", "less"],
        ["heard", 4], ["poll", 200], ["disconnect"],
    )  # fmt: skip
    client.wait_line("ready")
    for topic in ("a/b/c", "a/b", "a/b/c/d", "d", "d/e/f", "x"):
        scene.publish(f"~/{topic}", topic, 1)
    client.wait_line("less")
    for topic in ("d/gone", "a/last/c"):
        scene.publish(f"~/{topic}", topic, 1)
    client.finish()
    assert [word[3] for word in scene.heard(client)] == ["a/b/c", "d", "d/e/f", "a/last/c"]


@needs("empty_level")
def test_empty_levels(scene):
    client = listening(scene, ["~/+/b", 0], ["~//c/", 0], heard=2)
    for topic in ("~//b", "~//c", "~//c/"):
        scene.publish(topic, topic[1:], 1)
    client.finish()
    assert [word[3] for word in scene.heard(client)] == ["//b", "//c/"]


@needs("utf8", sample=True)
def test_topics_beyond_ascii(scene):
    watch = scene.watcher("~/é/°C", qos=1)
    client = listening(scene, ["~/天気/😀", 1], heard=1)
    scene.publish("~/天気/😀", "☔", 1)
    client.finish()
    assert scene.heard(client) == [["~/天気/😀", "1", "0", "☔"]]
    scene.actor(["connect"], ["publish", "~/é/°C", "ü", 1], ["drain"], ["disconnect"], id="sender").finish()
    watch.wait(1)
    assert scene.seen(watch) == [("~/é/°C", "ü", 1, False)]


@needs("retained", sample=True)
def test_a_retained_message_reaches_a_later_subscriber(scene):
    scene.actor(
        ["connect"], ["publish", "~/a", "old", 1, True], ["publish", "~/a", "21.53", 1, True], ["drain"], ["disconnect"]
    ).finish()
    client = scene.actor(["subscribe", "~/a", 1], ["connect"], ["heard", 1], ["poll", 200], ["disconnect"], id="late")
    client.finish()
    assert scene.heard(client) == [["~/a", "1", "1", "21.53"]], "the last one, marked as retained"


@needs("retained")
def test_who_is_subscribed_already_gets_it_as_any_other(scene):
    """[MQTT-3.3.1-9]"""
    client = listening(scene, ["~/a", 1], heard=1)
    scene.publish("~/a", "new", 1, True)
    client.finish()
    assert scene.heard(client) == [["~/a", "1", "0", "new"]]


@needs("retained", "retained_delete")
def test_an_empty_retained_message_deletes(scene):
    sends = [["publish", "~/a", text, 1, True] for text in ("x", "")]
    scene.actor(["connect"], *sends, ["drain"], ["disconnect"]).finish()
    watch = scene.watcher("~/a", qos=1)
    scene.publish("~/a", "end", 1)
    watch.wait(1)
    assert scene.seen(watch) == [("~/a", "end", 1, False)]


@needs("retained", "retained_wildcard", sample=True)
def test_retained_messages_reach_a_later_subscriber_by_wildcard(scene):
    sends = [["publish", f"~/{name}/b", name, 1, True] for name in "xy"]
    scene.actor(["connect"], *sends, ["drain"], ["disconnect"]).finish()
    for text in ("~/+/b", "~/#"):
        client = scene.actor(["subscribe", text, 1], ["connect"], ["heard", 2], ["disconnect"], id="late")
        client.finish()
        assert sorted(scene.heard(client)) == [[f"~/{name}/b", "1", "1", name] for name in "xy"]


@needs("retained", "resubscribe_retained")
def test_a_repeated_subscription_sends_what_is_retained_again(scene):
    """[MQTT-3.8.4-3]"""
    scene.publish("~/a", "kept", 1, True)
    again = ["subscribe", "~/a", 1]
    client = scene.actor(again, ["connect"], ["heard", 1], again, ["heard", 2], ["disconnect"])
    client.finish()
    assert scene.heard(client) == [["~/a", "1", "1", "kept"]] * 2


@needs("retained", "retained_alone", "qos1")
def test_who_has_not_subscribed_gets_nothing_that_is_retained(scene):
    """Though another one has."""
    scene.watcher("~/a", qos=1)
    scene.publish("~/a", "kept", 1, True)
    client = listening(scene, ["~/end", 1], heard=1)
    scene.publish("~/end", "end", 1)
    client.finish()
    assert scene.heard(client) == [["~/end", "1", "0", "end"]]


@needs("overlapping", "wildcards", "qos1")
def test_overlapping_subscriptions(scene):
    """Once or twice, but once at the higher QoS [MQTT-3.3.5-1]"""
    client = listening(scene, ["~/#", 0], ["~/a/+", 1], heard=2)
    for text in ("one", "two"):
        scene.publish("~/a/b", text, 1)
    client.finish()
    assert [word[3] for word in scene.heard(client) if word[1] == "1"][:1] == ["one"], scene.heard(client)


@needs("qos1", sample=True)
def test_messages_of_every_size_class(scene):
    """Remaining lengths of one, two and three bytes, both ways."""
    sizes = (0, 1, 90, 120, 122, 300, 16350, 16380, 40000)
    watch = scene.watcher("~/out")
    client = scene.actor(
        ["subscribe", "~/in", 1], ["connect"], ["subscribed", 1], ["say", "ready"],
        *[["publish", "~/out", "o" * size, 1] for size in sizes], ["drain"], ["heard", len(sizes)], ["disconnect"],
        rx_size=41000, outbox_size=120000,
    )  # fmt: skip
    client.wait_line("ready")
    for size in sizes:
        scene.publish("~/in", "i" * size, 1)
    client.finish()
    watch.wait(len(sizes))
    assert [len(text) for text in watch.payloads()] == list(sizes)
    assert [len(word[3]) if len(word) > 3 else 0 for word in scene.heard(client)] == list(sizes)


def large(scene, **options):
    """100,000 bytes, there and back."""
    client = listening(scene, ["~/big", 1], heard=1, rx_size=101000, **options)
    sends = [["bulk", "~/big", 7, 8, 1, 100000], ["drain"], ["disconnect"]]
    scene.actor(["connect"], *sends, id="sender", outbox_size=110000, **options).finish()
    client.finish()
    assert [word[3] for word in scene.heard(client)] == ["7 " + "7" * 99998]


@needs("large", "qos1")
def test_a_message_of_100000_bytes(scene):
    large(scene)


def many(scene, qos, under_way):
    """500 messages, so many of them under way at once; in order."""
    watch = scene.watcher("~/load", qos=qos)
    options = {"qos2": qos == 2, "inflight": under_way, "outbox_size": 8192, "overflow": "refuse"}
    sends = [["load", "~/load", 0, 500, qos], ["drain"], ["disconnect"]]
    scene.actor(["connect"], *sends, id="sender", **options).finish()
    watch.wait(500)
    assert watch.payloads() == [str(i) for i in range(500)]


@needs("qos1", sample=True)
def test_a_hundred_under_way_at_qos_1(scene):
    many(scene, 1, 100)


@needs("qos2")
def test_twenty_under_way_at_qos_2(scene):
    many(scene, 2, 20)


@needs("qos2", "qos2_many")
def test_a_hundred_under_way_at_qos_2(scene):
    many(scene, 2, 100)


@needs("qos1")
def test_many_at_once_to_a_client(scene):
    client = listening(scene, ["~/load", 1], heard=300)
    watch = scene.watcher()
    for i in range(300):
        watch.client.publish(f"{scene.topic}/load", str(i), 1)
    client.finish()
    assert [word[3] for word in scene.heard(client)] == [str(i) for i in range(300)]


@needs("sys")
def test_the_broker_tells_of_itself_below_sys(scene):
    scene.watcher("$SYS/#").wait(3)


@needs("sys", "sys_hidden")
def test_sys_is_hidden_from_who_subscribes_to_everything(scene):
    """[MQTT-4.7.2-1]"""
    watch, all_of_it = scene.watcher("$SYS/#"), scene.watcher("#", id="all")
    before = len(watch.messages)
    watch.wait(before + 3)
    scene.publish("~/end", "end", 1)
    wait_for(lambda: "end" in all_of_it.payloads(), "a message of the test's own")
    assert [m for m in all_of_it.messages if m[0].startswith("$")] == []
