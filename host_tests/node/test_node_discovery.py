"""The node introduces itself to Home Assistant: what it says, when it says so, and that it takes it back."""

import json

import paho.mqtt.publish as paho
import pytest
from girouette.simboard import Bme280, Bmp280
from roof import config
from support import wait_for
from witness import Witness

MAC = "246f28000001"
CONFIG = f"homeassistant/device/{MAC}/config"
HOME = {"discovery": "homeassistant"}
PRESSURE = "ha/roof/bme280/pressure"
TWO = [
    {"type": "bme280", "scl": 22, "sda": 21, "interval": 1},
    {"type": "bmp280", "id": "attic", "scl": 22, "sda": 21, "interval": 1, "address": "0x77"},
]


def two_parts():
    return [Bme280(scl=22, sda=21, address=0x76), Bmp280(scl=22, sda=21, address=0x77)]


def say(broker, topic: str, payload: str | None, retain=False):
    paho.single(topic, payload, qos=1, retain=retain, hostname=broker.host, port=broker.port)


def configure(board, tmp_path, broker, changes: dict):
    """Other settings from the next start on."""
    (tmp_path / "flash0" / "config.json").write_text(json.dumps(config(broker, changes)))
    board.power_cycle()


def components(text: str) -> dict[str, dict]:
    return json.loads(text)["cmps"]


def test_each_quantity_is_described_in_full(station, witness):
    station(HOME)
    told = json.loads(witness.first(CONFIG))
    assert told["dev"] == {
        "ids": [MAC],
        "cns": [["mac", "24:6f:28:00:00:01"]],
        "name": "roof",
        "mf": "Girouette",
        "mdl": "linux",
        "sw": "0.1.0",
    }
    assert told["o"] == {"name": "Girouette", "sw": "0.1.0"}
    assert told["avty_t"] == "ha/roof/status"
    measured = {key: value for key, value in told["cmps"].items() if key.startswith("bme280.")}
    rows = (
        ("temperature", "Temperature", "°C", "temperature"),
        ("humidity", "Humidity", "%", "humidity"),
        ("pressure", "Pressure", "hPa", "atmospheric_pressure"),
    )
    assert measured == {
        f"bme280.{quantity}": {
            "p": "sensor",
            "name": name,
            "uniq_id": f"{MAC}_bme280.{quantity}",
            "def_ent_id": f"sensor.roof_{quantity}",
            "stat_t": f"ha/roof/bme280/{quantity}",
            "unit_of_meas": unit,
            "dev_cla": device_class,
            "stat_cla": "measurement",
        }
        for quantity, name, unit, device_class in rows
    }


def test_the_nodes_own_figures_are_diagnostic_entities(station, witness):
    station(HOME)
    figures = {key: one for key, one in components(witness.first(CONFIG)).items() if key.startswith("diagnostics:")}
    assert len(figures) == 10
    for key, one in figures.items():
        assert one["ent_cat"] == "diagnostic"
        assert one["stat_t"] == "ha/roof/diagnostics"
        assert one["val_tpl"] == "{{ value_json." + key.partition(":")[2] + " }}"


def test_the_description_is_retained_and_every_topic_in_it_is_used(station, witness, mosquitto):
    station(HOME)
    witness.first(CONFIG)
    with Witness(mosquitto) as late:
        told = components(late.first(CONFIG))
        assert late.messages[[topic for topic, _, _ in late.messages].index(CONFIG)][2]
    for key, one in told.items():
        if not key.startswith("diagnostics:"):
            witness.wait(one["stat_t"])
    assert witness.first("ha/roof/status") == "online"


def test_two_sensors_of_one_quantity_have_different_names_and_ids(station, witness):
    station(HOME | {"sensors": TWO}, sensors=two_parts())
    told = components(witness.first(CONFIG))
    assert told["bme280.temperature"]["name"] == "Bme280 temperature"
    assert told["attic.temperature"]["name"] == "Attic temperature"
    assert told["attic.temperature"]["def_ent_id"] == "sensor.roof_attic_temperature"
    assert told["bme280.humidity"]["name"] == "Humidity"
    for key in ("uniq_id", "name", "def_ent_id"):
        assert len({one[key] for one in told.values()}) == len(told)


def test_actuators_and_inputs_have_their_platform_and_topics(station, witness):
    things = {
        "actuators": [{"type": "relay", "id": "water-pump", "pin": 5}, {"type": "dimmer", "id": "lamp", "pin": 18}],
        "inputs": [{"type": "button", "pin": 4}],
    }
    station(HOME | things, heap="128k")
    told = components(witness.first(CONFIG))
    assert told["water-pump"] == {
        "p": "switch",
        "name": "Water-pump",
        "uniq_id": f"{MAC}_water-pump",
        "def_ent_id": "switch.roof_water_pump",
        "stat_t": "ha/roof/water-pump",
        "cmd_t": "ha/roof/water-pump/set",
        "pl_on": "ON",
        "pl_off": "OFF",
    }
    assert (told["lamp"]["p"], told["lamp"]["schema"], told["lamp"]["brightness"]) == ("light", "json", True)
    assert told["button"]["p"] == "binary_sensor"
    assert "cmd_t" not in told["button"]
    for thing in ("water-pump", "lamp", "button"):
        witness.first(told[thing]["stat_t"])


def test_any_character_a_topic_may_have_is_escaped(station, witness):
    odd = 'odd"\\{quantity}/{node}'
    station(HOME | {"topics": {"template": odd, "status": 'here"', "discovery": "ha-prefix"}})
    told = json.loads(witness.first(f"ha-prefix/device/{MAC}/config"))
    assert told["cmps"]["bme280.humidity"]["stat_t"] == 'odd"\\humidity/roof'
    assert told["avty_t"] == 'here"'


def test_a_json_reading_comes_with_the_template_of_its_value(station, witness):
    station(HOME | {"payload": "json"})
    told = components(witness.first(CONFIG))
    assert told["bme280.humidity"]["val_tpl"] == "{{ value_json.value }}"


def test_a_sleeping_nodes_readings_expire_instead_of_its_presence(station, witness):
    station(HOME | {"sleep": {"seconds": 2, "readings": 3}})
    told = json.loads(witness.first(CONFIG))
    assert "avty_t" not in told
    assert [one["exp_aft"] for one in told["cmps"].values()] == [15, 15, 15]
    witness.wait("ha/roof/wake", more=2)
    assert len(witness.texts(CONFIG)) == 1, "the broker keeps it: no wake costs it again"


def test_it_is_said_again_when_home_assistant_starts_and_then_all_states(station, witness, mosquitto):
    rare = [{"type": "bme280", "scl": 22, "sda": 21, "interval": 3600}]
    station(HOME | {"broker.keepalive": 60, "sensors": rare, "actuators": [{"type": "relay", "pin": 5}]})

    def introduced(times: int):
        """Until it has said who it is for that time, and all its states after that."""

        def states_after() -> set[str]:
            said = [topic for topic, *_ in witness.messages]
            at = [i for i, topic in enumerate(said) if topic == CONFIG]
            return set(said[at[times - 1] :]) if len(at) >= times else set()

        wanted = {"ha/roof/relay", PRESSURE}
        wait_for(lambda: states_after() >= wanted, f"states after introduction {times}", timeout=40)
        assert len(witness.texts(CONFIG)) == times

    introduced(1)  # Home Assistant had not known the topics before
    say(mosquitto, "homeassistant/status", "offline")
    say(mosquitto, "homeassistant/status", "online")
    introduced(2)
    assert len(set(witness.texts(CONFIG))) == 1


def test_a_birth_message_that_is_retained_does_not_make_it_say_everything_twice(station, witness, mosquitto):
    say(mosquitto, "homeassistant/status", "online", retain=True)
    board = station(HOME | {"sensors.0.interval": 2})
    witness.first(CONFIG)
    witness.wait(PRESSURE, more=7)
    assert len(witness.texts(CONFIG)) == 1
    board.net.cut()
    witness.wait(CONFIG)


def test_what_is_removed_is_withdrawn_once(station, witness, mosquitto, tmp_path):
    board = station(HOME | {"sensors": TWO}, sensors=two_parts())
    assert "attic.pressure" in components(witness.first(CONFIG))
    wait_for(lambda: (tmp_path / "flash0" / "announced").exists(), "the list of what was announced")
    configure(board, tmp_path, mosquitto, HOME)
    told = components(witness.wait(CONFIG))
    assert told["attic.pressure"] == told["attic.temperature"] == {"p": "sensor"}
    assert told["bme280.pressure"]["uniq_id"] == f"{MAC}_bme280.pressure"
    wait_for(lambda: "attic" not in (tmp_path / "flash0" / "announced").read_text(), "it to be forgotten")
    board.power_cycle()
    assert "attic.pressure" not in components(witness.wait(CONFIG))


def test_the_list_of_what_was_announced_is_written_only_when_it_changes(station, witness, tmp_path):
    board = station(HOME)
    witness.first(CONFIG)
    path = tmp_path / "flash0" / "announced"
    wait_for(path.exists, "the list")
    written = path.stat().st_mtime_ns, path.stat().st_ino
    board.power_cycle()
    witness.wait(CONFIG)
    witness.wait(PRESSURE, more=4)
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == written


def test_a_node_without_discovery_clears_what_it_once_announced(station, witness, mosquitto, tmp_path):
    board = station(HOME)
    witness.first(CONFIG)
    configure(board, tmp_path, mosquitto, {})
    witness.wait(CONFIG, "")
    wait_for(lambda: not (tmp_path / "flash0" / "announced").exists(), "the list to be removed")
    with Witness(mosquitto) as late:
        late.wait("ha/pressure")
        assert not late.texts(CONFIG)


def test_a_node_that_keeps_its_readings_in_flash_is_described_too(station, witness):
    station(HOME | {"store": True})
    assert "bme280.pressure" in components(witness.first(CONFIG))
    witness.wait(PRESSURE, more=3)


def test_safe_mode_withdraws_nothing(station, witness):
    board = station(HOME)
    witness.first(CONFIG)
    board.wait_line("connected to")
    safe = "from node import boots\nboots.begin = lambda log: True\nfrom node import app\napp.main()\n"
    (board.firmware / "main.py").write_text(safe)
    board.power_cycle()
    wait_for(lambda: any('"safe": true' in text for text in witness.texts("ha/roof/diagnostics")), "safe mode")
    assert "" not in witness.texts(CONFIG)


def test_no_secret_is_told(station, witness, mosquitto_factory, tmp_path):
    broker = mosquitto_factory(accounts={"roof": "hunter2", "eye": "glass"})
    account = {"broker.port": broker.port, "broker.user": "roof", "broker.password": "hunter2"}
    with Witness(broker, "eye", "glass") as eye:
        station(HOME | account)
        eye.wait(PRESSURE, more=2)
        said = eye.first(CONFIG) + (tmp_path / "flash0" / "announced").read_text()
    assert not any(secret in said for secret in ("hunter2", "sesame", '"roof:'))


@pytest.mark.parametrize("when", ["before", "amid"])
def test_a_lost_link_does_not_lose_it(station, witness, when):
    board = station(HOME | {"sensors": TWO}, sensors=two_parts())
    if when == "amid":
        board.net.slow(2000)
        witness.first("ha/roof/status")
    board.net.cut()
    board.net.slow(None)
    told = components(witness.wait(CONFIG, timeout=60))
    assert "attic.pressure" in told
