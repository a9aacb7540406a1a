"""Quantities that are changed before they are published: the compiled firmware on the simulated board."""

import json
import re

import pytest
from support import wait_for

AIR = "sensors.0.quantities"
ASKED = {
    "temperature": {"offset": 1.5, "unit": "°F", "decimals": 1},
    "pressure": {"unit": "inHg"},
    "dew_point": {},
    "sea_level_pressure": {"altitude": 500},
}
TEMPERATURE = "ha/temperature"


def test_each_is_published_in_its_form_with_what_is_derived(station, witness):
    board = station({AIR: ASKED})
    board.weather.set(temperature=18.5, humidity=50.0, pressure=954.61)
    truths = {
        "ha/temperature": (68.0, 0.1, r"\d+\.\d"),
        "ha/humidity": (50.0, 0.5, r"\d+\.\d\d"),
        "ha/pressure": (28.19, 0.01, r"\d\d\.\d{4}"),
        "ha/dew_point": (9.25, 0.2, r"\d\.\d\d"),
        "ha/sea_level_pressure": (1013.25, 0.3, r"\d{4}\.\d\d"),
    }
    for topic, (truth, tolerance, form) in truths.items():
        text = witness.wait(topic, more=2)
        assert re.fullmatch(form, text), (topic, text)
        assert float(text) == pytest.approx(truth, abs=tolerance), topic


def test_json_has_the_unit_it_is_published_in(station, witness):
    station({AIR: ASKED, "payload": "json"})
    assert json.loads(witness.wait(TEMPERATURE))["unit"] == "°F"
    assert json.loads(witness.wait("ha/dew_point"))["unit"] == "°C"


def test_a_quantity_told_seldom_leaves_the_others_alone(station, witness):
    station({AIR: {"temperature": {"delta": 100}, "humidity": {"interval": 3600}}})
    witness.wait("ha/pressure", more=6)
    assert len(witness.texts(TEMPERATURE)) == 1
    assert len(witness.texts("ha/humidity")) == 1


def test_a_rule_is_about_what_is_published_and_hears_what_is_not(station, witness):
    rule = {"when": "bme280.temperature", "above": 82.5, "until": 80, "set": "fan", "else": "OFF"}
    changes = {"actuators": [{"type": "relay", "id": "fan", "pin": 25}], "rules": [rule]}
    board = station({AIR: {"temperature": {"unit": "°F", "delta": 100}}, **changes})
    board.weather.set(temperature=20)
    witness.wait(TEMPERATURE)
    board.weather.set(temperature=29)
    board.wait_line("info  fan: ON, since bme280.temperature is above 82.5")
    assert len(witness.texts(TEMPERATURE)) == 1


def test_home_assistant_is_told_units_and_derived_quantities(station, witness):
    station({AIR: ASKED, "discovery": "homeassistant"})
    wait_for(lambda: any(topic.endswith("/config") for topic, _, _ in witness.messages), "the introduction", 30)
    text = next(text for topic, text, _ in witness.messages if topic.endswith("/config"))
    components = json.loads(text)["cmps"]
    units = {name: about.get("unit_of_meas") for name, about in components.items() if name.startswith("bme280.")}
    assert units == {
        "bme280.temperature": "°F", "bme280.humidity": "%", "bme280.pressure": "inHg",
        "bme280.dew_point": "°C", "bme280.sea_level_pressure": "hPa",
    }  # fmt: skip
    assert components["bme280.dew_point"]["dev_cla"] == "temperature"
    assert witness.wait(components["bme280.dew_point"]["stat_t"])


def test_homie_is_told_too(station, witness):
    station({AIR: ASKED, "discovery": "homie"})
    properties = json.loads(witness.wait("homie/5/roof/$description"))["nodes"]["bme280"]["properties"]
    assert properties["temperature"]["unit"] == "°F"
    assert "format" not in properties["temperature"]  # what it can be has moved
    assert properties["humidity"]["format"] == "0:100"
    assert properties["dew-point"]["unit"] == "°C"
    witness.wait("homie/5/roof/bme280/dew-point")


def test_a_node_that_sleeps_calibrates_too(station, witness):
    board = station({AIR: ASKED, "sleep": {"seconds": 1}})
    board.weather.set(temperature=18.5, humidity=50.0)
    assert float(witness.wait(TEMPERATURE, more=2)) == pytest.approx(68, abs=0.2)
    assert float(witness.wait("ha/dew_point", more=1)) == pytest.approx(9.25, abs=0.3)
    assert json.loads(witness.wait("ha/roof/wake"))["wakes"] >= 1


def test_what_cannot_be_had_is_told_with_its_path(station):
    board = station({AIR: {"temperature": {"unit": "hPa"}, "sea_level_pressure": {}}})
    board.wait_line("quantities.sea_level_pressure.altitude: expected the place's height in m, found nothing")
    board.wait_line('sensors[0].quantities.temperature.unit: expected one of °C, K, °F, found "hPa"')
