"""examples/broker on a real mosquitto: who may reach it, and that a node may speak for itself only."""

import contextlib

import paho.mqtt.client as paho
import pytest
from girouette import mosquitto, toolchain
from girouette.demo.account import Account
from girouette.demo.brokers import LocalBroker
from support import wait_for
from witness import Witness

ACCOUNTS = {"roof": "one", "shed": "two", "homeassistant": "all"}
KEYS = dict(
    line.split(" ", 1) for line in (mosquitto.EXAMPLE / "mosquitto.conf").read_text().splitlines() if line[:1].isalpha()
)


@pytest.fixture
def example(tmp_path):
    """The broker of the example, with accounts; it may be stopped and started."""
    program = toolchain.mosquitto()

    def command(port):
        return [program, "-c", mosquitto.prepared(tmp_path, f"{port} 127.0.0.1", ACCOUNTS)]

    broker = LocalBroker("mosquitto", command, tmp_path, Account("127.0.0.1", 0))
    broker.start()
    yield broker
    broker.stop()


@contextlib.contextmanager
def reader(example, user="homeassistant"):
    with Witness(example.account, user, ACCOUNTS[user]) as witness:
        yield witness


def publish(example, user, *messages, retain=False):
    """Publishes at QoS 1 in this order, waits for each acknowledgement; mosquitto gives one also for what it drops."""
    client = paho.Client(paho.CallbackAPIVersion.VERSION2)
    client.username_pw_set(user, ACCOUNTS[user])
    client.connect(example.account.host, example.account.port)
    client.loop_start()
    for topic, text in messages:
        client.publish(topic, text, 1, retain).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()


def test_a_board_can_reach_it_and_needs_an_account():
    assert KEYS["listener"] == "1883", "an address behind it would shut the boards out"
    assert KEYS["allow_anonymous"] == "false"
    assert {"password_file", "acl_file", "persistence_location"} <= KEYS.keys()


@pytest.mark.parametrize("account", [None, ("roof", "wrong"), ("nobody", "one")])
def test_who_has_no_account_is_refused(example, account):
    answers = []
    client = paho.Client(paho.CallbackAPIVersion.VERSION2)
    client.on_connect = lambda client, userdata, flags, reason, properties: answers.append(reason.is_failure)
    if account:
        client.username_pw_set(*account)
    client.connect(example.account.host, example.account.port)
    client.loop_start()
    wait_for(lambda: answers, "the broker's answer")
    client.loop_stop()
    assert answers[0] is True


def test_a_node_may_publish_its_own_topics_and_not_anothers(example):
    with reader(example) as witness:
        publish(example, "roof", ("ha/shed/air/temperature", "99"), ("ha/temperature", "99"), ("ha/roof/a/b", "20"))
        assert witness.first("ha/roof/a/b") == "20"
        publish(example, "shed", ("ha/roof/status", "offline"), ("ha/shed/status", "online"))
        assert witness.first("ha/shed/status") == "online"
        assert [topic for topic, _, _ in witness.messages] == ["ha/roof/a/b", "ha/shed/status"]


def test_a_node_reads_its_own_commands_and_not_anothers(example):
    with reader(example, "roof") as roof:
        publish(example, "homeassistant", ("ha/shed/cmd/restart", ""), ("ha/roof/lamp/set", "ON"))
        assert roof.first("ha/roof/lamp/set") == "ON"
        assert len(roof.messages) == 1


def test_a_node_introduces_itself_to_home_assistant(example):
    with reader(example) as witness:
        publish(example, "roof", ("homeassistant/status", "online"), ("homeassistant/device/246f28000001/config", "{}"))
        witness.first("homeassistant/device/246f28000001/config")
        assert len(witness.messages) == 1


def test_what_is_retained_outlives_a_restart_of_the_broker(example):
    publish(example, "roof", ("ha/roof/status", "online"), retain=True)
    example.stop()
    example.start()
    with reader(example) as witness:
        assert witness.first("ha/roof/status") == "online"


def test_a_station_lives_with_these_rules(example, station):
    with reader(example) as witness:
        account = {"broker.port": example.account.port, "broker.user": "roof", "broker.password": "one"}
        board = station({**account, "topics": {"template": "ha/{node}/{sensor}/{quantity}"}})
        witness.wait("ha/roof/bme280/pressure", more=2)
        assert witness.first("ha/roof/status") == "online"
        board.power_off()
        witness.wait("ha/roof/status", "offline")
