"""Each driver's schema.json and its code say the same."""

import importlib
import inspect
import json
from pathlib import Path

import classes
import drivers
import pytest
from girouette import schema as schemas
from pins import pins_of

FOLDERS = sorted(path.parent for path in Path(drivers.__file__).parent.glob("*/__init__.py"))
# Keys that are no driver's: the node's or the bus's.
OF_THE_BUS = {"scl", "sda", "pin", "tx", "rx", "uart", "interval", "frequency", "qos", "interlock", "interlock_wait"}


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def part(request):
    """(schema, driver class)."""
    schema = json.loads((request.param / "schema.json").read_text())
    return schema, importlib.import_module(f"drivers.{request.param.name}").driver


def test_every_folder_holds_a_driver_and_its_schema_and_at_most_what_it_loads_for_a_moment():
    assert FOLDERS
    for folder in FOLDERS:
        found = {path.name for path in folder.iterdir()} - {"__pycache__", "wake.py", "words.py"}
        assert found == {"__init__.py", "schema.json"}


def test_a_part_has_the_shape_of_its_role(part):
    schema, driver = part
    shape = {
        "sensor": ("start", "read"),
        "actuator": ("set", "state", "poll", "safe"),
        "input": ("state", "poll"),
    }[schemas.role(schema)]
    assert all(callable(getattr(driver, name)) for name in shape)
    if schemas.role(schema) != "sensor":
        assert {"entity", "homie"} <= schema.keys()


def test_quantities_are_those_the_driver_fills(part):
    schema, driver = part
    found = schema.get("quantities", ())
    assert tuple((q["name"], q["unit"], q["decimals"]) for q in found) == getattr(driver, "quantities", ())
    assert all(q["minimum"] < q["maximum"] for q in found)
    assert bool(found) == (schemas.role(schema) == "sensor")


def test_a_quantity_says_what_it_is_to_home_assistant(part):
    schema, _ = part
    for quantity in schema.get("quantities", ()):
        device_class = quantity.get("device_class")
        if device_class is not None:
            assert (quantity["unit"] or None) in classes.UNITS[device_class], quantity["name"]
        assert quantity.get("state_class", "measurement") in classes.STATES
        assert quantity.get("category") in classes.CATEGORIES | {None}
        known = {"name", "unit", "decimals", "minimum", "maximum", "device_class", "state_class", "category"}
        assert quantity.keys() <= known


def test_a_quantity_of_a_kind_that_home_assistant_knows_says_so(part):
    schema, _ = part
    for quantity in schema.get("quantities", ()):
        if quantity["name"] in classes.UNITS:
            assert "device_class" in quantity, quantity["name"]


def test_a_thing_says_what_it_is_in_both_conventions(part):
    schema, _ = part
    if schemas.role(schema) == "sensor":
        return
    entity = schema["entity"]
    assert entity["p"] in classes.PLATFORMS
    assert not {"name", "uniq_id", "stat_t", "cmd_t", "state_topic", "command_topic"} & entity.keys()
    assert schema["homie"]["datatype"] in classes.HOMIE
    assert "settable" not in schema["homie"], "an actuator is, an input is not"


def test_options_are_the_drivers_parameters_with_the_same_defaults(part):
    schema, driver = part
    parameters = list(inspect.signature(driver).parameters.values())[1:]  # the first is the bus
    assert [p.name for p in parameters] == schema["options"]
    for parameter in parameters:
        default = schema["properties"][parameter.name].get("default")
        assert parameter.default == (int(default, 16) if parameter.name == "address" else default)


def test_every_key_goes_to_the_driver_or_is_known_to_be_anothers(part):
    schema, _ = part
    described = set(schemas.filled(schema))  # for whoever introduces the node
    assert schema["properties"].keys() - set(schema["options"]) - described - set(schemas.pins(schema)) <= OF_THE_BUS


def test_an_input_that_tells_events_says_which_and_when(part):
    schema, driver = part
    assert ("events" in schema) == ("event" in schema) == hasattr(driver, "event")
    for needed in schema.get("events", {}).values():
        assert set(needed) <= schema["properties"].keys()
    if "events" in schema:
        assert schema["event"].get("dev_cla") in {*classes.EVENTS, *(f"{{{key}}}" for key in schemas.filled(schema))}


def test_a_part_with_pins_of_several_kinds_names_pins_it_has(part):
    schema, _ = part
    assert set(schema.get("pins", {})) <= set(schemas.pins(schema))
    assert set(schema.get("pins", {}).values()) <= {"output", "input", "open_drain", "pwm", "adc"}


def test_what_an_actuator_measures_of_itself_is_described_for_both_conventions(part):
    schema, _ = part
    measure = schema.get("measure")
    if measure:
        assert measure.keys() == {"name", "pin", "unit", "minimum", "maximum"}
        assert measure["pin"] in schemas.pins(schema)
        assert schemas.role(schema) == "actuator"


def values(rule: dict) -> tuple[list, list]:
    """Values the schema allows, and some it does not."""
    if "enum" in rule:
        return rule["enum"], [5, "x"]
    if rule.get("$ref") == "#/$defs/screen":
        return rule["examples"], [5, "", "{"]
    if "pattern" in rule:
        return rule["examples"], ["x", rule["examples"][0] + "0"]
    if rule["type"] == "boolean":
        return [False, True], []
    return [rule["minimum"], rule["maximum"]], [rule["minimum"] - 1, rule["maximum"] + 1]


def test_every_value_the_schema_allows_is_accepted_by_the_driver_and_no_other(part):
    schema, driver = part
    for name in set(schema["options"]) - {"address"}:
        good, bad = values(schema["properties"][name])
        for value in good:
            driver(pins_of(schema), **{name: value})
        for value in bad:
            with pytest.raises(ValueError, match=name):
                driver(pins_of(schema), **{name: value})


def test_every_key_is_described_and_every_default_is_allowed(part):
    schema, _ = part
    for name, rule in schema["properties"].items():
        assert rule["description"], name
        known = "$ref" in rule  # None, as a driver has it
        assert name in schema["required"] or "default" in rule or known, f"{name} has no default and is not required"
        if "default" in rule:
            assert rule["default"] in rule.get("enum", [rule["default"]])
            assert rule.get("minimum", 0) <= rule["default"] if rule.get("type") == "integer" else True
    assert schema["wiring"]
    assert schema["description"]
