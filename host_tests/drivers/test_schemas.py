"""Each driver's schema.json and its code say the same."""

import importlib
import inspect
import json
from pathlib import Path

import drivers
import pytest

FOLDERS = sorted(path.parent for path in Path(drivers.__file__).parent.glob("*/__init__.py"))


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def part(request):
    """(schema, driver class)."""
    schema = json.loads((request.param / "schema.json").read_text())
    return schema, importlib.import_module(f"drivers.{request.param.name}").driver


def test_every_folder_holds_a_driver_and_its_schema_and_nothing_else():
    assert FOLDERS
    for folder in FOLDERS:
        assert {path.name for path in folder.iterdir()} - {"__pycache__"} == {"__init__.py", "schema.json"}


def test_quantities_are_those_the_driver_fills(part):
    schema, driver = part
    assert tuple((q["name"], q["unit"], q["decimals"]) for q in schema["quantities"]) == driver.quantities
    assert all(q["minimum"] < q["maximum"] for q in schema["quantities"])


def test_options_are_the_drivers_parameters_with_the_same_defaults(part):
    schema, driver = part
    parameters = list(inspect.signature(driver).parameters.values())[1:]  # the first is the bus
    assert [p.name for p in parameters] == schema["options"]
    for parameter in parameters:
        default = schema["properties"][parameter.name]["default"]
        assert parameter.default == (int(default, 16) if parameter.name == "address" else default)


def test_every_value_the_schema_allows_is_accepted_by_the_driver(part):
    schema, driver = part
    for name in set(schema["options"]) - {"address"}:
        for value in schema["properties"][name]["enum"]:
            driver(None, **{name: value})
        with pytest.raises(ValueError, match=name):
            driver(None, **{name: 5})


def test_every_key_is_described_and_every_default_is_allowed(part):
    schema, _ = part
    for name, rule in schema["properties"].items():
        assert rule["description"], name
        assert name in schema["required"] or "default" in rule, f"{name} has no default and is not required"
        if "default" in rule:
            assert rule["default"] in rule.get("enum", [rule["default"]])
            assert rule.get("minimum", 0) <= rule["default"] if rule["type"] == "integer" else True
    assert schema["wiring"]
    assert schema["description"]
