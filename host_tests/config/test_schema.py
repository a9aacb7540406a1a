"""The composed schema: valid JSON Schema, complete, and a part is a folder that is added and nothing else."""

import copy
import json
import re

import pytest
from girouette import boards, firmware, schema, schemadoc, tables
from girouette.errors import Failure
from girouette.paths import BOARDS, ROOT
from jsonschema import Draft202012Validator

PAGE = ROOT / "docs" / "configuration.md"
RAIN = {
    "title": "RG-15",
    "description": "Hydreon RG-15: rain",
    "bus": "i2c",
    "wiring": ["none"],
    "quantities": [{"name": "rain", "unit": "mm", "decimals": 2, "minimum": 0, "maximum": 1000}],
    "type": "object",
    "properties": {
        "scl": {"$ref": "#/$defs/pin", "description": "clock"},
        "sda": {"$ref": "#/$defs/pin", "description": "data"},
        "metric": {"type": "boolean", "default": True, "description": "unit"},
        "depth": {"type": "integer", "minimum": 1, "maximum": 9, "default": 3, "description": "depth"},
    },
    "required": ["scl", "sda"],
    "options": ["metric", "depth"],
}


def validator() -> Draft202012Validator:
    return Draft202012Validator(schema.composed())


def table(part: str) -> dict:
    made = {}
    exec(tables.driver(schema.drivers()[part], schema.source()["$defs"], part), made)
    return made


def test_it_is_valid_json_schema_and_refers_to_nothing_outside():
    Draft202012Validator.check_schema(schema.composed())
    references = set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(schema.composed())))
    assert references <= {f"#/$defs/{name}" for name in schema.composed()["$defs"]}


@pytest.mark.parametrize("example", sorted((ROOT / "examples" / "station").rglob("config.json")), ids=str)
def test_an_editor_that_knows_only_json_schema_takes_the_examples(example):
    config = json.loads(example.read_text())
    assert list(validator().iter_errors(config)) == []
    config["sensors"][0]["adress"] = "0x76"
    assert [list(error.absolute_path) for error in validator().iter_errors(config)] == [["sensors", 0]]


def test_every_key_is_described():
    for name, rules in [("config", schema.composed()), *schema.composed()["$defs"].items()]:
        for key, rule in rules.get("properties", {}).items():
            described = {"description", "const"} & rule.keys() or rule == {"$ref": "#/$defs/topic"}
            assert described or name == "sensor", f"{name}.{key}"


def test_every_default_is_allowed():
    for name, rules in schema.composed()["$defs"].items():
        for key, rule in rules.get("properties", {}).items():
            if "default" in rule:
                one = schema.composed() | {"$ref": f"#/$defs/{name}/properties/{key}"}
                for word in ("type", "properties", "required", "additionalProperties"):
                    one.pop(word)
                assert list(Draft202012Validator(one).iter_errors(rule["default"])) == [], f"{name}.{key}"


@pytest.mark.parametrize("part", schema.drivers())
def test_every_drivers_schema_becomes_keys_the_node_can_check(part):
    about, made = schema.drivers()[part], table(part)
    assert made["QUANTITIES"] == tuple(quantity["name"] for quantity in about.get("quantities", ()))
    assert set(made["KEYS"]) == set(about["properties"]) | ({"topics"} if made["QUANTITIES"] else set())
    assert (made["ROLE"], made["BUS"]) == (about.get("role", "sensor"), about["bus"])
    assert set(made["PINS"]) == {key for key, entry in made["KEYS"].items() if entry[0] == "pin"}
    assert {key for key, entry in made["KEYS"].items() if entry[1] is ...} == set(about["required"])
    assert set(made["OPTIONS"]) <= set(made["KEYS"])


def test_there_are_drivers():
    assert {"bme280", "bmp280"} <= set(schema.drivers())


def test_a_kind_of_key_the_node_does_not_know_is_refused_when_the_firmware_is_built():
    about = copy.deepcopy(RAIN)
    about["properties"]["depth"] = {"type": "number", "description": "1.5"}
    with pytest.raises(Failure, match=r"rain/schema.json: the node has no kind of key for .*number"):
        tables.driver(about, schema.source()["$defs"], "rain/schema.json")


@pytest.fixture
def rain(tmp_path):
    """A folder of drivers with one more part than there is."""
    folder = tmp_path / "lib" / "drivers"
    (folder / "rain").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "rain" / "__init__.py").touch()
    (folder / "rain" / "schema.json").write_text(json.dumps(RAIN))
    return folder


def test_a_new_part_is_a_folder_and_nothing_else(rain, tmp_path, mp32):
    parts = schema.drivers(rain)
    composed = schema._compose(schema.source(), parts, boards.ids())
    config = {"name": "n", "network": [{"ssid": "s"}], "broker": {"host": "h"}, "topics": {"rain": "wet"}}
    config["sensors"] = [{"type": "rain", "scl": 1, "sda": 2, "metric": False, "topics": {"rain": "x"}}]
    assert list(Draft202012Validator(composed).iter_errors(config)) == []
    flash = firmware.build(tmp_path / "flash", tmp_path / "lib")
    code = "import json\nfrom node.check import check\nprint(check(json.loads(%r))[1])"
    assert mp32.run(code % json.dumps(config), path=(flash, flash / "lib")).stdout.strip() == "[]"
    config["sensors"][0]["depth"] = 10
    assert "sensors[0].depth" in mp32.run(code % json.dumps(config), path=(flash, flash / "lib")).stdout


def test_a_new_actuator_is_a_folder_and_nothing_else(rain, tmp_path, mp32):
    valve = {key: RAIN[key] for key in ("title", "description", "wiring", "type", "options")}
    pins = {name: {"$ref": "#/$defs/pin", "description": "a pin"} for name in ("up", "down")}
    own = {"metric": RAIN["properties"]["metric"], "depth": RAIN["properties"]["depth"]}
    valve |= {"role": "actuator", "bus": "output", "properties": pins | own, "required": ["up", "down"]}
    (rain / "valve").mkdir()
    (rain / "valve" / "__init__.py").touch()
    (rain / "valve" / "schema.json").write_text(json.dumps(valve))
    config = {"name": "n", "network": [{"ssid": "s"}], "broker": {"host": "h"}}
    config["actuators"] = [{"type": "valve", "up": 1, "down": 2, "depth": 9, "topic": "water"}]
    composed = schema._compose(schema.source(), {"valve": valve, "rain": RAIN}, boards.ids())
    assert list(Draft202012Validator(composed).iter_errors(config)) == []
    flash = firmware.build(tmp_path / "flash", tmp_path / "lib")
    code = "import json\nfrom node.check import check\nprint(check(json.loads(%r))[1])"
    assert mp32.run(code % json.dumps(config), path=(flash, flash / "lib")).stdout.strip() == "[]"
    for entry, fault in (({"type": "valve", "up": 1}, "actuators[0].down"), ({"type": "rain"}, "driver (valve)")):
        config["actuators"] = [entry]
        assert fault in mp32.run(code % json.dumps(config), path=(flash, flash / "lib")).stdout
    pins = "from drivers.valve.keys import PINS\nprint(PINS)"
    assert mp32.run(pins, path=(flash, flash / "lib")).stdout.strip() == "('up', 'down')"


# Boards


@pytest.mark.parametrize("path", sorted(BOARDS.glob("*/board.json")), ids=lambda path: path.parent.name)
def test_every_board_keeps_to_its_schema_and_names_itself(path):
    rules = json.loads((BOARDS / "schema.json").read_text())
    Draft202012Validator.check_schema(rules)
    about = json.loads(path.read_text())
    assert [error.message for error in Draft202012Validator(rules).iter_errors(about)] == []
    assert about["id"] == path.parent.name
    assert set(about.get("names", {}).values()) <= set(about["pins"])


@pytest.mark.parametrize("board", boards.ids())
def test_the_default_pins_of_a_board_are_there_and_free(board):
    info = boards.load(board)
    for bus in ("i2c", "spi"):
        pins = [info.pin(wanted) for wanted in info.buses[bus].values()]
        assert len({pin.name for pin in pins}) == len(pins)
        for pin in pins:
            assert (pin.taken, pin.strapping) == (None, None)
            assert not pin.input_only


def test_the_pins_of_an_esp32_are_those_of_its_data_sheet():
    info = boards.load("ESP32_GENERIC")
    there = {number for number in range(64) if info.pin(number)}
    assert there == {*range(20), 21, 22, 23, 25, 26, 27, *range(32, 40)}  # 34 of them
    assert {number for number in there if info.pin(number).input_only} == {34, 35, 36, 37, 38, 39}
    assert {number for number in there if info.pin(number).strapping} == {0, 2, 5, 12, 15}
    assert {number for number in there if info.pin(number).taken == "the flash chip"} == {6, 7, 8, 9, 10, 11}


def test_the_wires_to_a_nucleos_ethernet_are_taken():
    info = boards.load("NUCLEO_F767ZI")
    rmii = {"A1", "A2", "A7", "B13", "C1", "C4", "C5", "G11", "G13"}
    assert {name for name in info._pins if info._pins[name].taken == "Ethernet (RMII)"} == rmii
    assert info.pin("D15").name == "B8"
    assert info.pin("A3").name == "F3", "a name of the board goes before one of the chip"


# Documentation


def test_the_tables_of_the_page_are_those_of_the_schema():
    cure = "run: girouette schema --update docs/configuration.md"
    assert schemadoc.update(PAGE.read_text()) == PAGE.read_text(), cure


def test_the_page_names_every_key_there_is():
    named = set(re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(), re.MULTILINE))
    definitions = [schema.composed(), *schema.composed()["$defs"].values()]
    keys = {key for rules in definitions for key in rules.get("properties", {})}
    assert keys - named == set()


def test_a_page_that_is_not_current_is_noticed():
    old = PAGE.read_text().replace("| 2048 bytes |", "| 2049 bytes |")
    assert "2049" in old and schemadoc.update(old) != old
