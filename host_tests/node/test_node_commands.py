"""What a node does that is told to from far away, and what it answers; a bad command changes nothing."""

import json

import pytest
from support import wait_for
from witness import Witness

PRESSURE, STATUS = "ha/pressure", "ha/roof/status"
QUIET = {"sensors.0.interval": 600, "diagnostics": 0}


@pytest.fixture
def online(station, witness):
    """A station that has been connected; keyword arguments as for `station`."""

    def make(changes=None, **options):
        board = station(changes, **options)
        witness.first(PRESSURE)
        return board

    return make


def test_restart_says_offline_itself_and_comes_back(online, remote, witness):
    board = online()
    remote.ask("restart", "", "info restart: now")
    board.wait_boot("hard")
    witness.wait(PRESSURE)
    assert witness.texts(STATUS) == ["online", "offline", "online"]
    assert board.boots == ["power on", "hard"]


def test_a_command_that_restarts_is_not_obeyed_twice_in_a_kept_session(online, remote, witness):
    board = online({"broker.persistent": True})
    remote.ask("restart", "", "info restart: now")
    board.wait_boot("hard")
    witness.wait(PRESSURE, more=5)
    assert board.boots == ["power on", "hard"]


def test_read_reads_now(online, remote, witness):
    online(QUIET)
    for payload in ("", "bme280"):
        came = len(witness.texts(PRESSURE))
        remote.send("read", payload)
        wait_for(lambda came=came: len(witness.texts(PRESSURE)) > came, "another reading")


def test_an_unknown_sensor_is_answered_with_those_there_are(online, remote):
    online(QUIET)
    remote.ask("read", "bmx", 'warn read: expected the name of a sensor (bme280), found "bmx"')


def test_an_interval_can_be_set(online, remote, witness):
    online(QUIET)
    remote.ask("interval", "bme280 1", "info interval: bme280 every 1 s")
    witness.wait(PRESSURE, more=4)


@pytest.mark.parametrize(
    "payload", ["bme280 0", "bme280 86401", "bme280 x", "bme280", "bme280 -1", "bmx 5", "", "1" * 30]
)
def test_a_bad_interval_is_answered_and_changes_nothing(online, remote, witness, payload):
    online(QUIET)
    assert "expected" in remote.ask("interval", payload, "warn interval: ")
    came = len(witness.texts(PRESSURE))
    remote.ask("read", "x", "warn read:")
    assert len(witness.texts(PRESSURE)) == came


def test_identify_blinks_the_led_and_says_who_it_is(online, remote):
    board = online(QUIET | {"led": {"pin": 2}})
    levels = set()
    remote.ask("identify", "", "info identify: this is roof, its LED blinks")

    def both():
        levels.add(board.pin(2).value)
        return levels == {0, 1}

    wait_for(both, "the LED to blink", step=0.005)


def test_the_log_level_can_be_set(online, remote):
    online(QUIET)
    remote.ask("log", "loud", 'warn log: expected one of debug, info, warn, error, off, found "loud"')
    remote.ask("log", "info", "info log: info")
    remote.ask("identify", "", "info identify:")
    remote.ask("log", "off", "info log: off")
    remote.send("log", "loud")
    remote.send("log", "warn")  # its answer comes after the refusal that must not come
    remote.ask("read", "x", "warn read:")
    assert not any("loud" in line for line in remote.answers[2:])


def test_diagnostics_come_when_asked_for(online, remote, witness):
    online(QUIET)
    remote.send("diagnostics")
    figures = json.loads(witness.first("ha/roof/diagnostics"))
    assert figures["reset"] == "power on"


def test_a_retained_command_is_ignored_with_a_warning(online, remote, witness):
    remote.send("restart", "now", retain=True)
    board = online()
    remote.answer('warn commands: "restart" was retained and is ignored')
    witness.wait(PRESSURE, more=3)
    assert board.boots == ["power on"]


def test_a_command_there_is_none_of_is_answered_with_those_there_are(online, remote):
    board = online(QUIET)
    assert "restart" in remote.ask("explode", "", "warn commands: there is none of this name; there are ")
    remote.ask("choose", "", "warn commands: there is none of this name")
    assert board.boots == ["power on"]


def test_a_payload_that_is_no_text_or_too_long_is_answered(online, remote):
    online(QUIET)
    remote.ask("interval", b"\xff\xfe", "warn interval: ")
    remote.ask("interval", b"1" * 3000, "warn interval: the payload is too long")
    remote.ask("interval", "bme280 5", "info interval: bme280 every 5 s")


def test_a_node_without_commands_obeys_none(online, remote, witness):
    board = online({"commands": False})
    remote.send("restart")
    witness.wait(PRESSURE, more=3)
    assert board.boots == ["power on"]
    assert remote.answers == []


def test_warnings_of_an_outage_are_told_on_the_log_topic_afterwards(online, remote, mosquitto):
    board = online(QUIET | {"sensors.0.interval": 1})
    board.wifi(False)
    board.wait_line("is lost")
    board.sensor("bme280").unplug()
    board.wait_line("warn  bme280:")
    board.wifi(True)
    remote.answer("warn wifi:", timeout=60)
    remote.answer("warn bme280: no answer", timeout=60)


def test_secrets_appear_in_nothing_that_is_printed_or_published(station, mosquitto_factory, tmp_path):
    secrets = ["open-sesame-1", "hunter2-secret", "second-network-pw"]
    broker = mosquitto_factory(accounts={"roof-user": secrets[1], "eye": "glass"})
    networks = [{"ssid": "home", "password": secrets[0]}, {"ssid": "other", "password": secrets[2]}]
    changes = {
        "network": networks,
        "broker.port": broker.port,
        "broker.user": "roof-user",
        "broker.password": secrets[1],
        "log": {"level": "debug", "topic": "debug", "lines": 50},
        "diagnostics": 1,
        "discovery": "homeassistant",
    }
    with Witness(broker, "eye", "glass") as witness:
        board = station(changes, wifi={"home": secrets[0]})
        witness.first("ha/roof/diagnostics")
        _send(
            broker, "config", json.dumps({"network": [{"ssid": 1, "password": secrets[0]}], "broker": {"password": 5}})
        )
        _send(broker, "interval", f"bme280 {secrets[0]}")
        wait_for(lambda: len([t for t in witness.texts("ha/roof/log") if "warn" in t]) >= 2, "the answers")
        config = (board.firmware / "config.json").read_text().replace("hunter2-secret", "wrong-hunter3")
        board.power_off()
        (board.firmware / "config.json").write_text(config)
        board.power_on()
        board.wait_line("refused")
        told = [f"{topic} {text}" for topic, text, _ in witness.messages if "/cmd/" not in topic]  # by the node
        everything = "\n".join([*board.lines, *told])
    for secret in [*secrets, "wrong-hunter3"]:
        shown = everything.replace(f'found "bme280 {secret}"', "")  # what somebody has just sent to all is no secret
        assert secret not in shown


def _send(broker, word: str, payload: str):
    import paho.mqtt.client as paho

    client = paho.Client(paho.CallbackAPIVersion.VERSION2)
    client.username_pw_set("eye", "glass")
    client.connect(broker.host, broker.port)
    client.loop_start()
    client.publish(f"ha/roof/cmd/{word}", payload, qos=1).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()
