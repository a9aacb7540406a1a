"""The compiled firmware on the simulated board, introduced to a real Home Assistant by nobody but itself."""

import re
import time

import paho.mqtt.publish as paho
import pytest
from girouette.simboard import Bme280, Weather
from girouette.simboard.parts import models
from player import BIRTH
from support import wait_for

PUMP, LAMP, BELL = 26, 27, 25  # pins
EQUIPMENT = {
    "discovery": "homeassistant",
    "actuators": [
        {"type": "relay", "id": "pump", "pin": PUMP},
        {"type": "dimmer", "id": "lamp", "pin": LAMP, "fade": 0},
    ],
    "inputs": [{"type": "button", "id": "bell", "pin": BELL}],
}
QUANTITIES = {
    "bme280.temperature": ("temperature", "°C", "measurement"),
    "bme280.humidity": ("humidity", "%", "measurement"),
    "bme280.pressure": ("atmospheric_pressure", "hPa", "measurement"),
}
ALIVE = {"pump": "off", "lamp": "off", "bell": "off"}
GONE = dict.fromkeys([*QUANTITIES, *ALIVE], "unavailable")


class House:
    """A board with a hardware address of its own, and what Home Assistant has of it, by the names of its components.

    changes: keys of config.json beside EQUIPMENT's; None takes one out.
    """

    def __init__(self, home, node, number: int, changes: dict | None = None, weather: Weather | None = None, **options):
        self.home, self.name = home, f"house{number}"
        mac = bytes((0x02, 0, 0, 0, 1, number))
        self.address = mac.hex()
        self.discovery = f"homeassistant/device/{self.address}/config"
        equipment = EQUIPMENT | {"name": self.name} | (changes or {})
        equipment = {key: value for key, value in equipment.items() if value is not None}
        self.board = node(equipment, unique_id=mac, weather=weather, **options)

    def shows(self, expected: dict[str, str], timeout: float = 30) -> dict:
        """Wait for these states; all the entities."""
        unique = {f"{self.address}_{name}": state for name, state in expected.items()}
        try:
            found = self.home.wait_for(self.address, unique, timeout)
        except AssertionError as e:
            raise AssertionError("\n".join([str(e), "the board said:", *self.board.lines[-20:]])) from None
        return {name.removeprefix(self.address + "_"): entity for name, entity in found.items()}

    def measures(self, found: dict | None = None) -> bool:
        """Whether every quantity has a number."""
        found = found or self.shows({})
        return all(name in found and re.fullmatch(r"-?\d+\.\d+", found[name].state) for name in QUANTITIES)


@pytest.fixture
def house(home, node):
    """Makes a House."""
    return lambda number, *args, **kwargs: House(home, node, number, *args, **kwargs)


def test_every_entity_appears_with_its_class_unit_and_value(home, house):
    weather = Weather()
    weather.set(temperature=21.53, humidity=45.2, pressure=1000.43)
    roof = house(1, weather=weather)
    roof.shows(ALIVE)
    wait_for(roof.measures, "readings", timeout=20)
    found = roof.shows(ALIVE)
    assert {name: found[name].measures for name in QUANTITIES} == QUANTITIES
    for name, truth, tolerance in (("temperature", 21.53, 0.03), ("humidity", 45.2, 0.3), ("pressure", 1000.43, 0.2)):
        assert float(found[f"bme280.{name}"].state) == pytest.approx(truth, abs=tolerance)
    assert {name: found[name].id for name in (*QUANTITIES, *ALIVE)} == {
        "bme280.temperature": "sensor.house1_temperature",
        "bme280.humidity": "sensor.house1_humidity",
        "bme280.pressure": "sensor.house1_pressure",
        "pump": "switch.house1_pump",
        "lamp": "light.house1_lamp",
        "bell": "binary_sensor.house1_bell",
    }
    assert home.complaints("house1") == []


def test_whatever_is_not_a_reading_or_a_thing_is_a_diagnostic(house):
    roof = house(2)
    found = roof.shows(ALIVE)
    diagnostics = set(found) - {*QUANTITIES, *ALIVE, "bell:event"}
    assert {name for name, entity in found.items() if entity.category == "diagnostic"} == diagnostics
    assert {"diagnostics:uptime", "diagnostics:heap_free", "diagnostics:rssi"} <= diagnostics


def test_a_diagnostic_has_a_value(house):
    roof = house(12)
    roof.shows(ALIVE)

    def unknown() -> list[str]:
        found = roof.shows({})
        return [name for name in found if name.startswith("diagnostics:") and found[name].state == "unknown"]

    wait_for(lambda: not unknown(), "every diagnostic to have a value", timeout=20)
    found = roof.shows({"diagnostics:reset": "power on", "diagnostics:dropped": "0"})
    assert -100 < int(found["diagnostics:rssi"].state) < 0
    assert found["diagnostics:uptime"].measures == ("duration", "s", "measurement")


def test_a_reading_with_its_time_is_shown_by_its_value(home, house):
    weather = Weather()
    weather.set(temperature=21.53)
    roof = house(13, {"payload": "json"}, weather=weather)
    roof.shows(ALIVE)
    wait_for(roof.measures, "readings", timeout=20)
    assert float(roof.shows(ALIVE)["bme280.temperature"].state) == pytest.approx(21.53, abs=0.03)
    assert home.complaints("house13") == []


def test_a_sleeping_nodes_readings_stay_while_it_sleeps_and_expire_when_it_is_dead(house, witness):
    asleep = {"sleep": {"seconds": 4}, "actuators": None, "inputs": None}
    roof = house(14, asleep)
    wait_for(roof.measures, "readings", timeout=30)
    roof.board.wait_line("asleep for")
    for _ in range(2):
        witness.wait("ha/house14/wake", timeout=30)
        assert roof.measures(), "between two wakes too"
    roof.board.power_off()
    roof.shows(dict.fromkeys(QUANTITIES, "unavailable"), timeout=30)


def test_the_device_has_the_hardware_address(home, house):
    roof = house(3)
    roof.shows(ALIVE)
    device = home.device(roof.address)
    assert (device["name"], device["manufacturer"]) == ("house3", "Girouette")
    assert device["connections"] == [["mac", "02:00:00:00:01:03"]]


def test_the_switch_switches_its_pin(home, house):
    roof = house(4)
    pump = roof.shows(ALIVE)["pump"].id
    home.call("switch.turn_on", pump)
    roof.shows({"pump": "on"})
    assert roof.board.pin(PUMP).value == 1
    home.call("switch.turn_off", pump)
    roof.shows({"pump": "off"})
    assert roof.board.pin(PUMP).value == 0


def test_the_light_dims_its_pin(home, house):
    roof = house(5)
    lamp = roof.shows(ALIVE)["lamp"].id
    home.call("light.turn_on", lamp, brightness=255)
    wait_for(lambda: roof.board.pin(LAMP).duty > 0.99, "the lamp at its brightest")
    home.call("light.turn_on", lamp, brightness=100)
    wait_for(lambda: 0 < roof.board.pin(LAMP).duty < 0.5, "the lamp to be dimmed")
    wait_for(lambda: roof.shows({"lamp": "on"})["lamp"].attributes["brightness"] == 100, "the brightness to be told")
    home.call("light.turn_off", lamp)
    roof.shows({"lamp": "off"})
    wait_for(lambda: roof.board.pin(LAMP).duty == 0, "the lamp to be dark")


def test_a_light_fades_in_the_time_that_home_assistant_asks_for(home, house):
    roof = house(6)
    lamp = roof.shows(ALIVE)["lamp"].id
    home.call("light.turn_on", lamp, brightness=255, transition=1)
    seen = set()
    wait_for(lambda: seen.add(roof.board.pin(LAMP).duty) or max(seen) > 0.99, "the lamp at its brightest")
    assert len(seen) > 5


def test_the_bell_is_on_while_it_is_pressed(house):
    roof = house(7)
    roof.shows(ALIVE)
    roof.board.pin(BELL).drive(0)
    roof.shows({"bell": "on"})
    roof.board.pin(BELL).drive(None)
    roof.shows({"bell": "off"})


def test_each_event_of_the_bell_fires(home, house):
    roof = house(15)
    bell = roof.shows(ALIVE | {"bell:event": "unknown"})["bell:event"]
    assert bell.id == "event.house15_bell"
    assert bell.attributes["device_class"] == "button"
    assert bell.attributes["event_types"] == ["click", "double", "long"]

    def press(seconds: float):
        for level in (0, 1):
            roof.board.pin(BELL).drive(level)
            time.sleep(seconds if level == 0 else 0.1)

    def fires(name: str) -> str:
        def told() -> bool:
            return roof.shows({})["bell:event"].attributes.get("event_type") == name

        wait_for(told, f"a {name} of the bell", timeout=20)
        return roof.shows({})["bell:event"].state

    press(0.1)
    first = fires("click")
    press(1.2)
    assert fires("long") > first, "the time at which it fired"
    press(0.1)
    press(0.1)
    fires("double")
    assert home.complaints("house15") == []


def test_a_contact_and_a_motion_sensor_are_of_the_class_that_was_chosen(home, house):
    inputs = [
        {"type": "contact", "id": "gate", "pin": BELL, "device_class": "garage_door"},
        {"type": "pir", "id": "hall", "pin": 33, "warm_up": 0, "hold": 0},
    ]
    roof = house(16, {"inputs": inputs})
    roof.board.pin(33).drive(0)
    found = roof.shows({"gate": "on", "hall": "off"})
    classes = {name: found[name].attributes["device_class"] for name in ("gate", "hall")}
    assert classes == {"gate": "garage_door", "hall": "motion"}
    roof.board.pin(BELL).drive(0)
    roof.board.pin(33).drive(1)
    roof.shows({"gate": "off", "hall": "on"})
    assert home.complaints("house16") == []


MOVERS = [
    {"type": "fan", "id": "wind", "pin": PUMP, "kick": 0},
    {"type": "servo", "id": "flap", "pin": LAMP, "least": 10, "most": 170, "boot": 10},
    {"type": "cover", "id": "blind", "opens": 32, "closes": 33, "open_time": 2, "close_time": 60, "kind": "shutter"},
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
    stopped = roof.shows({"blind": "open"})["blind"].attributes["current_position"]
    assert 0 < stopped <= 90
    assert (roof.board.pin(32).value, roof.board.pin(33).value) == (0, 0)
    assert home.complaints("house19") == []


def test_a_node_without_power_is_unavailable_until_it_has_it_again(house):
    roof = house(8)
    roof.shows(ALIVE)
    roof.board.power_off()
    roof.shows(GONE)
    roof.board.power_on()
    roof.shows(ALIVE)
    wait_for(roof.measures, "readings", timeout=20)


def test_a_part_taken_out_of_the_configuration_is_gone(house, without):
    roof = house(9)
    roof.shows(ALIVE)
    without(roof.board, "inputs")
    roof.board.power_cycle()
    wait_for(lambda: "bell" not in roof.shows({}), "the bell to be gone", timeout=30)
    assert set(roof.shows({"pump": "off"})) >= {*QUANTITIES, "pump", "lamp"}


@pytest.mark.parametrize("forgotten", [False, True], ids=["kept by the broker", "forgotten by the broker"])
def test_a_restart_of_home_assistant_brings_all_back(home, house, witness, broker, forgotten):
    roof = house(10 + forgotten)
    pump = roof.shows(ALIVE)["pump"].id
    home.call("switch.turn_on", pump)
    roof.shows({"pump": "on"})
    told = len(witness.texts(roof.discovery))
    home.stop()
    witness.wait(BIRTH, "offline", more=0)
    if forgotten:  # what a broker without persistence does; only the birth message makes the node speak again
        paho.single(roof.discovery, None, retain=True, hostname=broker.host, port=broker.port)
        told += 1
    home.start()
    wait_for(lambda: len(witness.texts(roof.discovery)) > told, "the node to introduce itself again", timeout=20)
    roof.shows(ALIVE | {"pump": "on"})
    wait_for(roof.measures, "readings", timeout=20)
    assert home.complaints(roof.name) == []
