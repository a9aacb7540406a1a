"""`girouette.check`: all faults of a configuration at once, each at its place, and none of its secrets."""

import copy
import json

import pytest
from girouette import boards, schema
from girouette.check import check
from girouette.errors import Failure

SMALL = {
    "name": "roof",
    "board": "ESP32_GENERIC",
    "network": [{"ssid": "home", "password": "sesame"}],
    "broker": {"host": "192.168.1.10"},
    "sensors": [{"type": "bme280", "scl": 22, "sda": 21}],
}
BME, BMP = {"type": "bme280", "scl": 22, "sda": 21}, {"type": "bmp280", "scl": 22, "sda": 21}


def faults(changes=None, **options) -> dict[str, str]:
    """{path: what is said} for the small configuration with some keys changed."""
    report = check(json.dumps({**copy.deepcopy(SMALL), **(changes or {})}), **options)
    return {fault.key: str(fault) for fault in report.faults}


def wired(*sensors, **options) -> dict[str, str]:
    return faults({"sensors": list(sensors)}, **options)


def test_a_sound_configuration_has_no_faults():
    assert faults() == {}


def test_every_fault_has_the_line_and_column_of_its_value_or_key():
    text = '{\n  "name": "my roof",\n  "network": [\n    {"ssid": "a",\n     "pasword": "b"}\n  ],\n  "sensors": []\n}'
    report = check(text)
    places = {fault.key: (fault.line, fault.column) for fault in report.faults}
    assert places == {
        "broker": (1, 1),  # it is missing: the table it belongs in
        "name": (2, 11),
        "network[0].pasword": (5, 6),
        "sensors": (7, 14),
    }


def test_faults_of_text_of_keys_and_between_keys_come_together():
    text = """{
      "name": "a b", // no
      "network": [{"ssid": "home"}], "broker": {"host": "h", "prot": 1883, "password": "x"},
      "board": "ESP32_GENERIC",
      "sensors": [{"type": "bme280", "scl": 34, "sda": 21, "intervall": 5}, {"type": "bmp820"}],
    }"""
    assert {fault.key for fault in check(text).faults} == {
        "the file", "name", "broker.prot", "broker.user", "sensors[0].scl", "sensors[0].intervall", "sensors[1].type",
    }  # fmt: skip


def test_the_nearest_valid_spelling_is_offered():
    hints = {
        "broker": ({"hots": "h"}, "broker.hots", "host"),
        "sensors": ([{**BME, "type": "bme28"}], "sensors[0].type", "bme280"),
        "board": ("ESP32-GENERIC", "board", "ESP32_GENERIC"),
        "topics": ({"temprature": "t"}, "topics.temprature", "temperature"),
    }
    for key, (value, path, hint) in hints.items():
        assert faults({key: value})[path].endswith(f'; did you mean "{hint}"?')


def test_no_comment_no_nan_and_no_wrong_number_hides_what_else_is_wrong():
    text = json.dumps(SMALL).replace('"host"', '"port": NaN, "host"').replace('"roof"', '"my roof"')
    assert {fault.key for fault in check(text).faults} == {"broker.port", "name"}


# Topics


@pytest.mark.parametrize(
    ("topic", "why"),
    [
        ("a b", "a space, at 2"),
        ("/a", "begins with /"),
        ("caf\u00e9", "not ASCII, at 4"),
        ("a\u0007", "cannot be seen, at 2"),
        ("#", "#, which stands for every topic"),
        ("a/+", "a wildcard, at 3"),
        ("a" * 129, "129 characters"),
    ],
)
def test_what_is_wrong_with_a_topic_is_said(topic, why):
    assert why in faults({"topics": {"temperature": topic}})["topics.temperature"]
    assert why in faults({"topics": {"base": topic}})["topics.base"]
    assert why in wired({**BME, "topics": {"pressure": topic}})["sensors[0].topics.pressure"]


def test_two_quantities_on_one_topic_are_a_fault():
    assert (
        "which is that of sensors[0].topics.temperature"
        in faults({"topics": {"template": "ha/{node}"}})["sensors[0].topics.humidity"]
    )


def test_two_sources_of_a_quantity_have_long_topics():
    report = check(json.dumps({**SMALL, "sensors": [BME, {**BMP, "id": "shed", "address": "0x77"}]}))
    assert report.faults == []
    assert [topic for topic, _ in report.topics] == [
        "ha/roof/bme280/temperature",
        "ha/roof/bme280/humidity",
        "ha/roof/bme280/pressure",
        "ha/roof/shed/temperature",
        "ha/roof/shed/pressure",
    ]


# Pins


@pytest.mark.parametrize(
    ("board", "pin", "why"),
    [
        ("ESP32_GENERIC", 20, "expected a pin of ESP32_GENERIC"),
        ("ESP32_GENERIC", 40, "expected a pin of ESP32_GENERIC"),
        ("ESP32_GENERIC", "22", "expected a pin of ESP32_GENERIC"),
        ("ESP32_GENERIC", 34, "which is input-only"),
        ("ESP32_GENERIC", 39, "which is input-only"),
        ("ESP32_GENERIC", 12, "a strapping pin: high at reset"),
        ("ESP32_GENERIC", 0, "a strapping pin: low at reset"),
        ("ESP32_GENERIC", 6, "used by the flash chip"),
        ("ESP32_GENERIC", 1, "used by the console"),
        ("RPI_PICO_W", 30, "expected a pin of RPI_PICO_W"),
        ("RPI_PICO_W", 23, "used by the wireless chip"),
        ("RPI_PICO_W", "WL_GPIO2", "which is input-only"),
        ("NUCLEO_F767ZI", 22, "expected a pin of NUCLEO_F767ZI"),
        ("NUCLEO_F767ZI", "PB8", "expected a pin of NUCLEO_F767ZI"),
        ("NUCLEO_F767ZI", "A11", "used by USB"),
        ("NUCLEO_F767ZI", "D11", "D11 (A7), which is used by Ethernet"),
    ],
)
def test_a_pin_that_cannot_be_used_is_told_with_why(board, pin, why):
    assert why in wired({"type": "bme280", "scl": pin, "sda": "X"}, board=board)["sensors[0].scl"]


def test_a_boards_own_pins_are_found_under_all_their_names():
    for board, pins in (("RPI_PICO_W", ("GP5", 4)), ("RPI_PICO_W", (5, "GP4")), ("NUCLEO_F767ZI", ("D15", "B9"))):
        found = wired({"type": "bme280", "scl": pins[0], "sda": pins[1]}, board=board)
        assert {key for key in found if key != "network"} == set(), found


def test_a_strapping_pin_may_be_allowed():
    sensor = {"type": "bme280", "scl": 22, "sda": 5}
    assert "--allow-strapping" in wired(sensor)["sensors[0].sda"]
    assert wired(sensor, strapping=True) == {}


def test_a_pin_with_something_to_have_in_mind_is_noted():
    report = check(json.dumps({**SMALL, "sensors": [{**BME, "scl": 16}]}))
    assert report.faults == []
    assert report.notes == ["sensors[0].scl: pin 16 is wired to the PSRAM on WROVER modules"]


def test_two_parts_on_one_pin_are_a_fault_and_two_on_one_bus_are_not():
    assert wired(BME, {**BMP, "address": "0x77"}) == {}
    assert "which is that of sensors[0].scl" in wired(BME, {**BMP, "sda": 19})["sensors[1].scl"]
    assert "which is that of sensors[0].sda" in wired(BME, {**BMP, "scl": 21, "sda": 22})["sensors[1].scl"]
    assert "which is that of sensors[0].scl" in wired({**BME, "sda": 22})["sensors[0].sda"]


def test_a_pin_is_the_same_under_each_of_its_names():
    sensors = [{**BME, "scl": "GP5", "sda": 4}, {**BMP, "scl": 5, "sda": 9}]
    assert "which is that of sensors[0].scl" in wired(*sensors, board="RPI_PICO_W")["sensors[1].scl"]


def test_a_part_whose_pin_is_missing_does_not_disturb_the_others():
    assert set(wired({"type": "bme280", "scl": 22}, BMP)) == {"sensors[0].sda"}


def things(actuators=(), inputs=(), **options) -> dict[str, str]:
    made = {"actuators": list(actuators), "inputs": list(inputs)}
    return faults({key: entries for key, entries in made.items() if entries}, **options)


def relay(pin, **more) -> dict:
    return {"type": "relay", "pin": pin, **more}


def button(pin, **more) -> dict:
    return {"type": "button", "pin": pin, **more}


def test_a_pin_of_a_parts_own_is_nobody_elses():
    assert things([relay(25), {"type": "dimmer", "pin": 26}], [button(27)]) == {}
    assert "which is that of actuators[0].pin" in things([relay(25), relay(25)])["actuators[1].pin"]
    assert "which is that of actuators[0].pin" in things([relay(25)], [button(25)])["inputs[0].pin"]
    assert "which is that of sensors[0].sda" in things([{"type": "dimmer", "pin": 21}])["actuators[0].pin"]
    found = things([relay("GP4")], [button(4)], board="RPI_PICO_W")
    assert "which is that of actuators[0].pin" in found["inputs[0].pin"]


def test_an_input_may_be_at_a_pin_that_cannot_be_driven_but_has_no_pull_resistor_there():
    assert "which is input-only" in things([relay(34)])["actuators[0].pin"]
    assert "which is input-only" in things([{"type": "dimmer", "pin": 34}])["actuators[0].pin"]
    assert things(inputs=[button(34, pull="none")]) == {}
    found = things(inputs=[button(34)])
    assert set(found) == {"inputs[0].pull"}
    assert found["inputs[0].pull"] == 'expected "none", and a resistor of its own, found "up", which pin 34 has not'


def test_each_pin_of_a_part_with_several_kinds_is_judged_by_its_own():
    fan = {"type": "fan", "pin": 25, "tacho": 27}
    assert things([fan]) == {}
    assert things([fan | {"tacho": 34, "pull": "none"}]) == {}, "a tacho is only read"
    assert set(things([fan | {"tacho": 34}])) == {"actuators[0].pull"}
    assert set(things([fan | {"pin": 34}])) == {"actuators[0].pin"}
    assert set(things([fan | {"tacho": 25}])) == {"actuators[0].tacho"}


def test_a_pin_the_board_does_not_have_or_reads_at_the_start_is_told_of_any_part():
    assert "a pin of ESP32_GENERIC" in things([relay(99)])["actuators[0].pin"]
    assert "a strapping pin" in things(inputs=[button(0)])["inputs[0].pin"]


def test_a_part_belongs_in_the_list_of_its_role():
    assert f"({fitting('actuator')})" in things([button(25)])["actuators[0].type"]
    assert f"({fitting('input')})" in things(inputs=[relay(25)])["inputs[0].type"]
    assert f"({fitting('sensor')})" in wired(relay(25))["sensors[0].type"]


def fitting(role: str) -> str:
    return ", ".join(part for part, about in schema.drivers().items() if schema.role(about) == role)


def test_things_have_topics_and_names_of_their_own():
    assert "a topic of its own" in things([relay(25), relay(26, topic="ha/roof/relay")])["actuators[1].topic"]
    assert "a name that no other part has" in things([relay(25, id="x")], [button(26, id="x")])["inputs[0].id"]
    assert "a name that no other part has" in things([relay(25, id="bme280")])["actuators[0].id"]


def test_two_parts_at_one_address_of_a_bus_are_a_fault():
    found = wired(BME, BMP)
    assert set(found) == {"sensors[1].address"}
    assert found["sensors[1].address"].endswith('found "0x76", where sensors[0] is; did you mean "0x77"?')
    assert wired(BME, {**BMP, "scl": 18, "sda": 19}) == {}


def test_without_a_board_the_pins_are_not_checked_and_that_is_noted():
    config = {key: value for key, value in SMALL.items() if key != "board"} | {"sensors": [{**BME, "scl": 99}]}
    report = check(json.dumps(config))
    assert report.faults == []
    assert "the pins were not checked" in report.notes[0]


def test_a_board_without_wifi_has_no_wifi_networks():
    assert "a board with Wi-Fi" in faults({"board": "NUCLEO_F767ZI"})["network"]


def test_an_unknown_board_is_told_with_those_there_are():
    with pytest.raises(Failure, match=", ".join(boards.ids())):
        faults(board="ARDUINO")


# Secrets


def test_secrets_are_laid_over_the_configuration_and_a_fault_in_them_is_told_where_it_is():
    config = {**SMALL, "network": [{"ssid": "home"}, {"ssid": "shed"}], "broker": {"host": "h", "user": "u"}}
    good = '{"network": [{}, {"password": "x"}], "broker": {"password": "y"}}'
    assert check(json.dumps(config), good).faults == []
    report = check(json.dumps(config), '{\n  "broker": {"password": 5, "prot": 1},\n  "network": [{}, {}, {}],\n}')
    places = {(fault.file, fault.line, fault.key) for fault in report.faults}
    assert places == {
        ("secrets.json", 2, "broker.password"),
        ("secrets.json", 2, "broker.prot"),
        ("secrets.json", 3, "network[2].ssid"),
        ("secrets.json", 3, "the file"),
    }


@pytest.mark.parametrize("secret", ["hunter2", 987654, ["hunter2"], {"hunter2x": "hunter2"}, "mqtt://me:hunter2@h"])
def test_no_fault_shows_a_secret(secret):
    for place in ("broker", "network", "sensors", "topics"):
        shown = json.dumps(faults({place: secret})).replace("hunter2x", "")
        assert "hunter2" not in shown
        assert "987654" not in shown
    for key in ("host", "user", "password", "client_id", "pasword"):
        shown = json.dumps(faults({"broker": {"host": "h", "user": "u", key: secret}})).replace("hunter2x", "")
        assert "hunter2" not in shown
        assert "987654" not in shown
    for key in ("ssid", "password", "paswd"):
        shown = json.dumps(faults({"network": [{"ssid": "s", key: secret}]})).replace("hunter2x", "")
        assert "hunter2" not in shown
        assert "987654" not in shown


# The wired port, the LED, the battery

RMII = {"wired": "rmii", "mdc": 23, "mdio": 18}
W5500 = {"wired": "w5500", "sck": 18, "mosi": 19, "miso": 16, "cs": 17, "reset": 20}
INSIDE = {"type": "bme280", "scl": 32, "sda": 33}


def around(network, board="ESP32_GENERIC", **changes):
    return faults({"network": network, "board": board, "sensors": [INSIDE], **changes})


def test_a_wired_port_has_its_pins():
    assert around(RMII) == {}
    assert around({**RMII, "ref_clk": 17, "ref_clk_out": True}) == {}
    assert "often 23" in around({"wired": "rmii", "mdio": 18})["network.mdc"]
    assert "one of the pins 0, 16 and 17" in around({**RMII, "ref_clk": 4})["network.ref_clk"]
    assert "a strapping pin" in around({**RMII, "power": 12})["network.power"]


def test_a_part_on_a_pin_of_the_wired_port_is_told():
    assert "which is that of network.mdc" in around({**RMII, "mdc": 32})["sensors[0].scl"]
    found = around(RMII, sensors=[BME])
    assert "which is that of network (TXD1)" in found["sensors[0].scl"]
    assert "which is that of network (TX_EN)" in found["sensors[0].sda"]


def test_a_board_that_knows_its_port_is_told_no_pins():
    sensors = [{"type": "bme280", "scl": "B8", "sda": "B9"}]
    assert around({"wired": "rmii"}, "NUCLEO_F767ZI", sensors=sensors) == {}
    assert "has its own pins" in around({"wired": "rmii", "mdc": "C1"}, "NUCLEO_F767ZI", sensors=sensors)["network.mdc"]


def test_a_port_the_board_has_not_is_told_with_those_it_has():
    assert "a port that RPI_PICO_W has (wifi)" in around(RMII, "RPI_PICO_W")["network.wired"]
    assert "a port that ESP32_GENERIC has (wifi, rmii)" in around(W5500)["network.wired"]


@pytest.mark.parametrize("key", ["sck", "mosi", "miso", "cs", "reset"])
def test_a_w5500_needs_all_its_pins(key):
    config = {**SMALL, "network": {name: pin for name, pin in W5500.items() if name != key}}
    del config["board"]
    assert [fault.key for fault in check(json.dumps(config)).faults] == [f"network.{key}"]


def test_the_led_and_the_battery_take_part():
    assert "which is that of led.pin" in faults({"led": {"pin": 22}})["sensors[0].scl"]
    assert "which is input-only" in faults({"led": {"pin": 34}})["led.pin"]
    assert "a strapping pin" in faults({"led": {"pin": 2}})["led.pin"]
    assert faults({"sleep": {"seconds": 60, "battery_pin": 34}}) == {}
    assert "a pin that is an analog input" in faults({"sleep": {"seconds": 60, "battery_pin": 26}})["sleep.battery_pin"]
    assert "a pin of ESP32_GENERIC" in faults({"sleep": {"seconds": 60, "battery_pin": 40}})["sleep.battery_pin"]


def probe(pin=4, **keys) -> dict:
    return {"type": "ds18b20", "pin": pin, **keys}


ROMS = ("28ac410e07000074", "28aabbccddee00ff")


def test_several_parts_on_one_1_wire_pin_are_told_apart_by_their_rom():
    assert wired(probe()) == {}
    assert wired(probe(rom=ROMS[0]), probe(rom=ROMS[1])) == {}
    assert wired(probe(), probe(13)) == {}
    found = wired(probe(rom=ROMS[0]), probe())
    assert found == {"sensors[1].rom": "expected its rom, since it is not alone on this pin, found nothing"}
    found = wired(probe(rom=ROMS[0]), probe(rom=ROMS[0].upper()))["sensors[1].rom"]
    assert "a rom of its own on this bus" in found
    assert "where sensors[0] is" in found


def test_a_rom_is_16_hexadecimal_digits():
    for rom in ("x", "28ac410e0700007", "28 ac410e07000074"):
        assert "16 hexadecimal digits" in wired(probe(rom=rom))["sensors[0].rom"]


def test_a_1_wire_pin_is_shared_with_nothing_else():
    other = {"type": "dht22", "pin": 4}
    assert "which is that of sensors[0].pin" in wired(probe(), other)["sensors[1].pin"]
    assert "which is that of sensors[0].pin" in wired(other, other)["sensors[1].pin"]
    assert "which is that of sensors[0].scl" in wired(BME, probe(22))["sensors[1].pin"]
    assert "input-only" in wired(probe(34))["sensors[0].pin"]
