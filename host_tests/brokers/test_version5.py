"""Every broker: what is new in MQTT 5; and a client with version=(5, 4), which gets on with each of them."""

import json
import time

from support import wait_for

from .features import needs
from .scene import Watcher5

FIVE = {"version": 5}
GIVEN = {
    "content_type": "text/plain; charset=utf-8",
    "response_topic": "~/answer",
    "correlation_data": "no. 7",
    "user_property": [["name", "girouette"], ["name", "°C"]],
}


def properties(scene, client):
    """The dicts of the messages that have some, but for the subscription's number."""
    found = [json.loads(line.split(" ", 1)[1].replace(scene.topic, "~")) for line in client.starting("properties")]
    for one in found:
        one.pop("subscription_identifier", None)
    return [one for one in found if one]


def listening(scene, text, *steps, subscription=None, id="listener", **options):
    """An actor that is subscribed to it in MQTT 5, at QoS 1."""
    client = scene.actor(
        ["subscribe", text, 1, subscription], ["connect"], ["subscribed", 1], ["say", "ready"], *steps, ["disconnect"],
        id=id, **FIVE, **options,
    )  # fmt: skip
    client.wait_line("ready")
    return client


@needs("mqtt5", "properties", "qos1", sample=True)
def test_properties_of_a_message_both_ways(scene):
    """From paho to the client, and from the client to paho [MQTT-3.3.2-15] [MQTT-3.3.2-17] [MQTT-3.3.2-20]"""
    client = listening(scene, "~/in", ["heard", 2])
    watch = scene.watcher("~/out", qos=1, make=Watcher5)
    pairs = [tuple(pair) for pair in GIVEN["user_property"]]
    given = {
        **GIVEN, "user_property": pairs, "response_topic": f"{scene.topic}/answer",
        "correlation_data": GIVEN["correlation_data"].encode(),
    }  # fmt: skip
    watch.publish(f"{scene.topic}/in", "with", 1, properties=given)
    watch.publish(f"{scene.topic}/in", "without", 1)
    sends = [["publish", "~/out", "with", 1, False, GIVEN], ["publish", "~/out", "without", 1]]
    scene.actor(["connect"], *sends, ["drain"], ["disconnect"], id="sender", **FIVE).finish()
    client.finish()
    watch.wait(2)
    assert [word[3] for word in scene.heard(client)] == ["with", "without"] == watch.payloads()
    assert properties(scene, client) == [GIVEN]
    assert watch.properties == [given, {}]


@needs("mqtt5", "expiry", "session", "qos1")
def test_a_message_that_expires(scene):
    """[MQTT-3.3.2-5] [MQTT-3.3.2-6]"""
    options = {"clean": False, **FIVE}
    scene.actor(["subscribe", "~/a", 1], ["connect"], ["subscribed", 1], ["disconnect"], **options).finish()
    sends = [["publish", "~/a", str(n), 1, False, {"message_expiry_interval": n}] for n in (2, 500)]
    scene.actor(["connect"], *sends, ["drain"], ["disconnect"], id="sender", **FIVE).finish()
    time.sleep(4)
    back = scene.actor(["connect"], ["heard", 1], ["poll", 300], ["disconnect"], resume=True, **options)
    back.finish()
    assert [word[3] for word in scene.heard(back)] == ["500"]
    (left,) = properties(scene, back)
    assert 400 < left["message_expiry_interval"] <= 497


def life(scene, seconds, **options):
    """A session that is to be kept for so long after its connection, or is found again: what is said of it."""
    options = {"session_expiry": seconds, "clean": False, **options, **FIVE}
    client = scene.actor(["connect"], ["disconnect"], **options)
    client.finish()
    return client.starting("connect")


@needs("mqtt5", "session_expiry", "session")
def test_a_session_is_kept_for_as_long_as_was_said(scene):
    """[MQTT-3.1.2-23]"""
    assert life(scene, 300) == ["connect 0"]
    assert life(scene, 1, resume=True) == ["connect 1"]
    time.sleep(5)  # to ask for it would keep it
    assert life(scene, 1, resume=True) == ["connect 0"]


@needs("mqtt5", "no_local", "qos1", sample=True)
def test_no_local(scene):
    """[MQTT-3.8.3-3]"""
    steps = [["publish", "~/a", "own", 1], ["drain"], ["say", "sent"], ["heard", 1], ["poll", 300]]
    client = listening(scene, "~/a", *steps, subscription={"no_local": True})
    client.wait_line("sent")
    scene.publish("~/a", "another's", 1)
    client.finish()
    assert [word[3] for word in scene.heard(client)] == ["another's"]


@needs("mqtt5", "shared", "qos1", sample=True)
def test_a_shared_subscription(scene):
    """Each message goes to one of the two, and none of them gets nothing (4.8.2)."""
    pair = [listening(scene, "$share/team/~/a", ["hang"], id=name) for name in ("one", "two")]
    for i in range(20):
        scene.publish("~/a", str(i), 1)
    heard = [[], []]

    def all_of_them():
        heard[:] = [[word[3] for word in scene.heard(client)] for client in pair]
        return len(sum(heard, [])) >= 20

    wait_for(all_of_them, "twenty messages", 30)
    assert sorted(map(int, sum(heard, []))) == list(range(20)) and all(heard)


def speaks(scene, **options):
    """A client with version=(5, 4), both ways; it speaks 5 where the broker does."""
    watch = scene.watcher("~/out", qos=1)
    client = scene.actor(
        ["publish", "~/out", "before", 1, False, {"content_type": "x"}], ["subscribe", "~/in", 1], ["start"],
        ["connected"], ["subscribed", 1], ["version"], ["publish", "~/out", "after", 1, False, {"content_type": "x"}],
        ["drain"], ["say", "ready"], ["heard", 1], ["disconnect"], version=[5, 4], **options,
    )  # fmt: skip
    client.wait_line("ready")
    scene.publish("~/in", "x", 1)
    client.finish()
    watch.wait(2)
    assert watch.payloads() == ["before", "after"] and scene.heard(client) == [["~/in", "1", "0", "x"]]
    assert client.starting("disconnect") == ["disconnect None"], "to fall back is no fault"
    assert client.starting("version") == [f"version {4 if 'mqtt5' in scene.broker.lacks() else 5}"]


@needs("qos1", sample=True)
def test_which_version_it_speaks(scene):
    speaks(scene)


@needs("mqtt5", sample=True)
def test_a_broker_that_is_not_there_yet_is_not_taken_for_an_old_one(scene):
    """What stands before it takes every connection and ends it."""
    link = scene.tap()
    link.plugged = False
    client = scene.actor(["start"], ["connected"], ["version"], ["disconnect"], port=link.port, version=[5, 4],
                         backoff_ms=[50, 200])  # fmt: skip
    client.wait_line("disconnect", 5)
    link.plugged = True
    client.finish()
    assert client.starting("version") == ["version 5"]
