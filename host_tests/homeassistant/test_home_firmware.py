"""The compiled firmware on the simulated board, introduced to a real Home Assistant by nobody but itself."""

import time

import paho.mqtt.publish as paho
import pytest
from girouette.simboard import Weather
from house import ALIVE, BELL, GONE, LAMP, PUMP, QUANTITIES
from player import BIRTH
from support import wait_for


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
