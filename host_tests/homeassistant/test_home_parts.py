"""Each kind of part that obeys, and quantities as they are asked for, in a real Home Assistant."""

import pytest
from girouette.simboard import Bme280, Weather
from girouette.simboard.parts import models
from house import LAMP, PUMP
from support import wait_for

MOVERS = [
    {"type": "fan", "id": "wind", "pin": PUMP, "kick": 0},
    {"type": "servo", "id": "flap", "pin": LAMP, "least": 10, "most": 170, "boot": 10},
    {"type": "cover", "id": "blind", "opens": 32, "closes": 33, "open_time": 16, "close_time": 60, "kind": "shutter"},
]


def test_the_fan_obeys_and_reports(home, house):
    roof = house(17, {"actuators": MOVERS, "inputs": None})
    wind = roof.shows({"wind": "off"})["wind"]
    assert wind.id == "fan.house17_wind"
    home.call("fan.set_percentage", wind.id, percentage=50)
    wait_for(lambda: roof.shows({"wind": "on"})["wind"].attributes["percentage"] == 50, "the speed to be told")
    assert roof.board.pin(PUMP).duty == pytest.approx(0.6, abs=0.01)
    home.call("fan.turn_off", wind.id)
    roof.shows({"wind": "off"})
    assert roof.board.pin(PUMP).duty == 0
    home.call("fan.turn_on", wind.id)
    wait_for(lambda: roof.shows({"wind": "on"})["wind"].attributes["percentage"] == 50, "the speed of before")
    assert home.complaints("house17") == []


def test_the_servo_is_a_number_within_its_limits(home, house):
    roof = house(18, {"actuators": MOVERS, "inputs": None})
    flap = roof.shows({"flap": "10"})["flap"]
    assert {key: flap.attributes[key] for key in ("min", "max", "step")} == {"min": 10, "max": 170, "step": 1}
    home.call("number.set_value", flap.id, value=120)
    roof.shows({"flap": "120"})
    assert home.complaints("house18") == []


def test_the_siren_sounds_its_tones_for_their_time(home, house):
    roof = house(20, {"actuators": [{"type": "buzzer", "id": "bell", "pin": PUMP}], "inputs": None})
    bell = roof.shows({"bell": "off"})["bell"]
    assert bell.id == "siren.house20_bell"
    assert bell.attributes["available_tones"] == ["alarm", "siren", "beep", "chime", "melody"]
    home.call("siren.turn_on", bell.id, tone="siren", volume_level=0.5)
    roof.shows({"bell": "on"})
    wait_for(lambda: roof.board.pin(PUMP).duty == pytest.approx(0.25, abs=0.01), "the siren at half its volume")
    home.call("siren.turn_off", bell.id)
    roof.shows({"bell": "off"})
    wait_for(lambda: roof.board.pin(PUMP).duty == 0, "silence")
    home.call("siren.turn_on", bell.id, tone="alarm", duration=2)
    roof.shows({"bell": "on"})
    roof.shows({"bell": "off"}, timeout=10)
    assert home.complaints("house20") == []


def test_the_display_is_a_text_that_shows_what_is_written(home, house):
    screen = {"type": "ssd1306", "id": "screen", "scl": 22, "sda": 21, "text": "hello"}
    roof = house(26, {"actuators": [screen], "inputs": None}, sensors=[Bme280(), models()["ssd1306"]()])
    found = roof.shows({"screen": ""})["screen"]
    assert found.id == "text.house26_screen"
    assert {key: found.attributes[key] for key in ("min", "max", "mode")} == {"min": 0, "max": 128, "mode": "text"}
    for text in ("Tea is ready: 5 °C", "OFF", "ON", ""):
        home.call("text.set_value", found.id, value=text)
        roof.shows({"screen": {"ON": "Tea is ready: 5 °C"}.get(text, text)})
    assert home.complaints("house26") == []


def test_the_cover_opens_closes_stops_and_goes_to_a_position(home, house):
    roof = house(19, {"actuators": MOVERS, "inputs": None})
    blind = roof.shows({"wind": "off"})["blind"]
    assert blind.attributes["device_class"] == "shutter"
    assert blind.attributes["current_position"] == 50
    home.call("cover.open_cover", blind.id)
    roof.shows({"blind": "opening"})
    assert (roof.board.pin(32).value, roof.board.pin(33).value) == (1, 0)
    assert roof.shows({"blind": "open"})["blind"].attributes["current_position"] == 100
    assert (roof.board.pin(32).value, roof.board.pin(33).value) == (0, 0)
    home.call("cover.set_cover_position", blind.id, position=90)
    there = {"blind": "open"}
    wait_for(lambda: roof.shows(there)["blind"].attributes["current_position"] == 90, "the position", timeout=30)
    home.call("cover.close_cover", blind.id)
    roof.shows({"blind": "closing"})
    wait_for(lambda: roof.board.pin(33).value == 1, "the motor, after its pause")
    home.call("cover.stop_cover", blind.id)
    wait_for(lambda: 0 < roof.shows(there)["blind"].attributes["current_position"] <= 90, "where it stopped", 30)
    assert (roof.board.pin(32).value, roof.board.pin(33).value) == (0, 0)
    assert home.complaints("house19") == []


def test_the_strip_shines_in_the_colour_that_is_chosen_and_plays_its_effects(home, house):
    leds = models()["strip"](pin=PUMP, count=8)
    strip = {"type": "strip", "id": "glow", "pin": PUMP, "count": 8, "fade": 0, "gamma": 100}
    roof = house(27, {"actuators": [strip], "inputs": None}, sensors=[Bme280(), leds])
    glow = roof.shows({"glow": "off"})["glow"]
    assert glow.id == "light.house27_glow"
    assert glow.attributes["effect_list"] == ["off", "rainbow", "chase", "twinkle", "breathe"]
    home.call("light.turn_on", glow.id, rgb_color=[255, 0, 0], brightness=255)
    roof.shows({"glow": "on"})
    wait_for(lambda: set(leds.colors) == {(255, 0, 0)}, "red")
    home.call("light.turn_on", glow.id, brightness=51)
    wait_for(lambda: set(leds.colors) == {(51, 0, 0)}, "a fifth of it")
    home.call("light.turn_on", glow.id, effect="rainbow")
    wait_for(lambda: len(set(leds.colors)) == 8, "a rainbow")
    wait_for(lambda: roof.shows({"glow": "on"})["glow"].attributes["effect"] == "rainbow", "its name")
    home.call("light.turn_off", glow.id)
    roof.shows({"glow": "off"})
    wait_for(lambda: set(leds.colors) == {(0, 0, 0)}, "darkness")
    assert home.complaints("house27") == []


def test_quantities_come_in_the_units_they_are_published_in_with_those_that_are_derived(home, house):
    weather = Weather()
    weather.set(temperature=21.5, humidity=50.0, pressure=954.61)
    asked = {
        "temperature": {"offset": 0.5, "unit": "°F"}, "pressure": {"unit": "inHg"}, "dew_point": {"unit": "K"},
        "absolute_humidity": {}, "heat_index": {}, "sea_level_pressure": {"altitude": 500, "unit": "mmHg"},
    }  # fmt: skip
    sensors = [{"type": "bme280", "scl": 22, "sda": 21, "interval": 1, "quantities": asked}]
    roof = house(28, {"actuators": None, "inputs": None, "sensors": sensors}, weather=weather)
    # Of these it shows °F as °C, its own, and K as it is.
    truths = {
        "temperature": (22.0, "°C"), "dew_point": (284.2, "K"), "heat_index": (21.6, "°C"), "humidity": (50, "%"),
        "absolute_humidity": (9.7, "g/m³"),
    }  # fmt: skip

    def all_there() -> bool:
        found = roof.shows({})
        names = [f"bme280.{name}" for name in (*truths, "pressure", "sea_level_pressure")]
        return all(name in found and found[name].state not in ("unknown", "unavailable") for name in names)

    wait_for(all_there, "every quantity", timeout=30)
    found = roof.shows({})
    for name, (value, unit) in truths.items():
        entity = found[f"bme280.{name}"]
        assert entity.attributes["unit_of_measurement"] == unit, name
        assert float(entity.state) == pytest.approx(value, abs=0.6), name
    hpa = {"hPa": 1, "inHg": 33.8639, "mmHg": 1.33322}
    for name, value in (("pressure", 954.61), ("sea_level_pressure", 1013.25)):
        entity = found[f"bme280.{name}"]
        found_hpa = float(entity.state) * hpa[entity.attributes["unit_of_measurement"]]
        assert found_hpa == pytest.approx(value, abs=0.5), name
    assert home.complaints("house28") == []
