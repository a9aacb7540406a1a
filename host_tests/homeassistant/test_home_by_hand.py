"""What a real Home Assistant makes of a device message written by hand: the form that the firmware has to produce."""

import pytest
from player import BIRTH
from support import wait_for


def discovery(address: str, base: str, only: tuple = ()) -> dict:
    """A device message as docs and firmware have it; `only`: with these components alone."""
    components = {
        "bme280.temperature": _sensor(base, "Temperature", "temperature", "°C", "temperature"),
        "bme280.humidity": _sensor(base, "Humidity", "humidity", "%", "humidity"),
        "bme280.pressure": _sensor(base, "Pressure", "pressure", "hPa", "atmospheric_pressure"),
        "pump": {"p": "switch", "name": "Pump", "stat_t": f"{base}/pump", "cmd_t": f"{base}/pump/set"},
        "lamp": {
            "p": "light",
            "name": "Lamp",
            "schema": "json",
            "brightness": True,
            "sup_clrm": ["brightness"],
            "stat_t": f"{base}/lamp",
            "cmd_t": f"{base}/lamp/set",
        },
        "bell": {"p": "binary_sensor", "name": "Bell", "stat_t": f"{base}/bell", "pl_on": "ON", "pl_off": "OFF"},
        "diagnostics:rssi": {
            "p": "sensor",
            "name": "Signal",
            "stat_t": f"{base}/diagnostics",
            "val_tpl": "{{ value_json.rssi }}",
            "dev_cla": "signal_strength",
            "unit_of_meas": "dBm",
            "stat_cla": "measurement",
            "ent_cat": "diagnostic",
        },
        "diagnostics:reset": {
            "p": "sensor",
            "name": "Last reset",
            "stat_t": f"{base}/diagnostics",
            "val_tpl": "{{ value_json.reset }}",
            "ic": "mdi:restart",
            "ent_cat": "diagnostic",
        },
    }
    for name, component in components.items():
        component["uniq_id"] = f"{address}_{name}"
        slug = component["name"].lower().replace(" ", "_")
        component["def_ent_id"] = f"{component['p']}.{base.rpartition('/')[2]}_{slug}"
    return {
        "dev": {
            "ids": [address],
            "cns": [["mac", ":".join(address[i : i + 2] for i in range(0, 12, 2))]],
            "name": base.rpartition("/")[2],
            "mf": "Girouette",
            "mdl": "ESP32_GENERIC",
            "sw": "0.1.0",
        },
        "o": {"name": "Girouette", "sw": "0.1.0"},
        "avty_t": f"{base}/status",
        "qos": 1,
        "cmps": {name: components[name] for name in only or components},
    }


def _sensor(base, name, quantity, unit, device_class) -> dict:
    return {
        "p": "sensor",
        "name": name,
        "stat_t": f"{base}/bme280/{quantity}",
        "unit_of_meas": unit,
        "dev_cla": device_class,
        "stat_cla": "measurement",
    }


def states(base: str) -> dict:
    return {
        f"{base}/bme280/temperature": "21.53",
        f"{base}/bme280/humidity": "45.20",
        f"{base}/bme280/pressure": "1000.43",
        f"{base}/pump": "OFF",
        f"{base}/lamp": '{"state":"OFF","brightness":255}',
        f"{base}/bell": "ON",
        f"{base}/diagnostics": '{"rssi":-61,"reset":"power on"}',
    }


SHOWN = {
    "bme280.temperature": "21.53",
    "bme280.humidity": "45.20",
    "bme280.pressure": "1000.43",
    "pump": "off",
    "lamp": "off",
    "bell": "on",
    "diagnostics:rssi": "-61",
    "diagnostics:reset": "power on",
}


class Played:
    """A player with a device of its own, and what Home Assistant has of it, by the names of its components."""

    def __init__(self, home, player, number: int, **options):
        self.home, self.address, self.base = home, f"0200000000{number:02x}", f"ha/played{number}"
        self.player = player(self.address, self.base, discovery(self.address, self.base), states(self.base), **options)

    def shows(self, expected: dict[str, str]) -> dict:
        """Wait for these states; all the entities."""
        unique = {f"{self.address}_{name}": state for name, state in expected.items()}
        found = self.home.wait_for(self.address, unique)
        return {name.removeprefix(self.address + "_"): entity for name, entity in found.items()}

    def got(self, thing: str) -> str:
        """The first command for it."""
        topic = f"{self.base}/{thing}/set"
        wait_for(lambda: self.player.commands, f"a command on {topic}")
        assert [name for name, _ in self.player.commands] == [topic]
        return self.player.commands.pop()[1]


@pytest.fixture
def played(home, player):
    """Makes a Played."""
    return lambda number, **options: Played(home, player, number, **options)


def test_every_entity_appears_with_its_class_unit_and_value(home, played):
    node = played(1)
    found = node.shows(SHOWN)
    assert {name: entity.state for name, entity in found.items()} == SHOWN
    assert {name: found[name].measures for name in found if found[name].id.startswith("sensor.")} == {
        "bme280.temperature": ("temperature", "°C", "measurement"),
        "bme280.humidity": ("humidity", "%", "measurement"),
        "bme280.pressure": ("atmospheric_pressure", "hPa", "measurement"),
        "diagnostics:rssi": ("signal_strength", "dBm", "measurement"),
        "diagnostics:reset": (None, None, None),
    }
    assert {name: entity.category for name, entity in found.items() if entity.category} == {
        "diagnostics:rssi": "diagnostic",
        "diagnostics:reset": "diagnostic",
    }
    assert found["diagnostics:reset"].attributes["icon"] == "mdi:restart"
    assert found["lamp"].attributes["supported_color_modes"] == ["brightness"]
    assert found["bme280.temperature"].id == "sensor.played1_temperature"
    assert found["lamp"].id == "light.played1_lamp"
    assert home.complaints("played1") == []


def test_the_device_is_what_the_message_says_of_it(home, played):
    node = played(2)
    node.shows(SHOWN)
    device = home.device(node.address)
    assert (device["name"], device["manufacturer"], device["model"], device["sw_version"]) == (
        *("played2", "Girouette", "ESP32_GENERIC", "0.1.0"),
    )
    assert device["connections"] == [["mac", "02:00:00:00:00:02"]]


def test_a_new_reading_is_shown(played):
    node = played(3)
    node.shows(SHOWN)
    node.player.say(f"{node.base}/bme280/temperature", "-7.50")
    node.shows(SHOWN | {"bme280.temperature": "-7.50"})


def test_switch_and_light_send_their_commands(home, played):
    node = played(4)
    found = node.shows(SHOWN)
    home.call("switch.turn_on", found["pump"].id)
    assert node.got("pump") == "ON"
    node.player.say(f"{node.base}/pump", "ON")
    node.shows({"pump": "on"})
    home.call("light.turn_on", found["lamp"].id, brightness=128)
    assert node.got("lamp") == '{"state":"ON","brightness":128}'
    node.player.say(f"{node.base}/lamp", '{"state":"ON","brightness":128}')
    assert node.shows({"lamp": "on"})["lamp"].attributes["brightness"] == 128
    home.call("light.turn_off", found["lamp"].id, transition=2)
    assert node.got("lamp") == '{"state":"OFF","transition":2.0}'


def test_a_node_that_died_is_unavailable_and_one_that_is_back_is_not(played):
    node = played(5)
    node.shows(SHOWN)
    node.player.vanish()
    node.shows(dict.fromkeys(SHOWN, "unavailable"))
    node.player.connect()
    node.shows(SHOWN)


def test_a_component_withdrawn_by_its_platform_alone_is_gone(played):
    node = played(6)
    node.shows(SHOWN)
    node.player.discovery["cmps"]["pump"] = {"p": "switch"}
    node.player.announce()
    wait_for(lambda: "pump" not in node.shows({}), "the pump to be gone")
    assert set(node.shows({})) == set(SHOWN) - {"pump"}


def test_an_empty_message_removes_the_device(home, played):
    node = played(7)
    node.shows(SHOWN)
    node.player.close()
    wait_for(lambda: home.device(node.address) is None, "the device to be gone")


def test_what_home_assistant_will_not_have_is_in_its_complaints(home, played):
    node = played(8)
    node.shows(SHOWN)
    node.player.discovery["cmps"]["bme280.humidity"]["unit_of_meas"] = "hPa"
    node.player.discovery["cmps"]["bme280.humidity"]["uniq_id"] += "2"
    node.player.announce()
    wait_for(lambda: home.complaints("played8"), "a complaint about a humidity in hPa")


@pytest.mark.parametrize("retain", [True, False], ids=["retained", "said once"])
def test_a_restart_of_home_assistant_brings_all_back(home, played, witness, retain):
    node = played(9 + retain, retain=retain)
    node.shows(SHOWN)
    births = node.player.births
    came = len(witness.texts(BIRTH))
    home.restart()
    assert witness.texts(BIRTH)[came:] == ["offline", "online"]
    wait_for(lambda: node.player.births == births + 1, "the birth message")
    assert set(node.shows(SHOWN)) == set(SHOWN)
