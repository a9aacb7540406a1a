"""The one JSON Schema of config.json, composed of firmware/node/schema.json, the drivers' schemas and the boards.

Beside the words of JSON Schema 2020-12 the sources have a few of their own, which this module turns into them:

    "parts": "sensor"    an entry of that role: its `type` chooses a driver, whose schema adds its properties
    "quantities": "topic"  a table whose keys may also be the names of quantities, each with a value of that definition
    "boards": true       one of the folders of boards/
    "either": true       of a list and a table: which of the two rules judges a value is told by what it is
    "expected", "shown"  what a fault says is expected; whether it may show the value that was found
    "unit"               of a number, for a person

What the device checks is made of the same sources by tables.py.
"""

import copy
import json
from functools import lru_cache
from pathlib import Path

from . import boards
from .paths import FIRMWARE, LIB

SOURCE = FIRMWARE / "node" / "schema.json"
DERIVED = FIRMWARE / "node" / "derived.json"
DRIVERS = LIB / "drivers"

# What is expected where JSON Schema's own words describe a value.
TABLE = "a table { }"
LIST = "a list [ ] with at least one item"
TOPICS = "a table { } of quantities and topics"
QUANTITIES = "a table { } of quantities"
HEADERS = "a table { } of names and texts"
FLAG = "true or false"


def source() -> dict:
    """firmware/node/schema.json."""
    return json.loads(SOURCE.read_text())


@lru_cache
def drivers(folder: Path = DRIVERS) -> dict[str, dict]:
    """Each part's schema.json, by the part's name."""
    return {path.parent.name: json.loads(path.read_text()) for path in sorted(folder.glob("*/schema.json"))}


def role(driver: dict) -> str:
    """Which list of config.json a part belongs in."""
    return driver.get("role", "sensor")


def pins(driver: dict) -> list[str]:
    """The keys of a part that name a pin."""
    return [key for key, rule in driver["properties"].items() if rule.get("$ref") == "#/$defs/pin"]


def kind(driver: dict, key: str) -> str | None:
    """What kind of pin or bus a key names: the part's, or one of its own."""
    return driver.get("pins", {}).get(key, driver.get("bus"))


def filled(driver: dict) -> tuple[str, ...]:
    """The keys of a part whose values an entity of it takes: it has "{key}" in their place."""
    values = [*driver.get("entity", {}).values(), *driver.get("event", {}).values()]
    return tuple(key for key in driver["properties"] if f"{{{key}}}" in values)


def events(driver: dict, keys: dict) -> tuple[str, ...]:
    """The names of the events that an input tells, with these keys."""
    return tuple(name for name, needed in driver.get("events", {}).items() if all(keys[key] for key in needed))


def sections() -> dict[str, str]:
    """The lists of config.json whose entries are parts, and the definition of their entries: sensors, sensor."""
    made = source()
    items = {key: rule["items"] for key, rule in made["properties"].items() if "$ref" in rule.get("items", ())}
    found = {key: reference(item) for key, item in items.items()}
    return {key: definition for key, definition in found.items() if "parts" in made["$defs"][definition]}


def derivable(driver: dict) -> list[dict]:
    """What can be derived of what a part measures, as its own quantities are given."""
    there = {quantity["name"] for quantity in driver.get("quantities", ())}
    return [about for about in derived() if there.issuperset(about["of"]) and about["name"] not in there]


@lru_cache
def derived() -> list[dict]:
    """firmware/node/derived.json."""
    return json.loads(DERIVED.read_text())


def quantities(parts: dict[str, dict]) -> list[str]:
    """The names of all quantities any of these parts measures, and of those derived of them."""
    every = [about for part in parts.values() for about in [*part.get("quantities", ()), *derivable(part)]]
    return sorted({about["name"] for about in every})


def expected(schema: dict, definitions: dict) -> str:
    """What a value of this schema is, in words."""
    if "expected" in schema:
        return schema["expected"]
    if "$ref" in schema:
        return expected(definitions[reference(schema)], definitions)
    if "enum" in schema:
        return "one of " + ", ".join(json.dumps(value, ensure_ascii=False) for value in schema["enum"])
    if schema.get("type") == "integer":
        return f"a whole number from {schema['minimum']} to {schema['maximum']}"
    if "patternProperties" in schema:
        return HEADERS
    if schema.get("type") == "object":
        return {None: TABLE, "topic": TOPICS, "quantity": QUANTITIES}[schema.get("quantities")]
    return {"boolean": FLAG, "array": LIST}[schema["type"]]


def reference(schema: dict) -> str:
    """The name of the definition a schema refers to."""
    return schema["$ref"].removeprefix("#/$defs/")


@lru_cache
def composed() -> dict:
    """The whole schema, in JSON Schema 2020-12. Every part has a definition of its own, `<role>_<part>`."""
    return _compose(source(), drivers(), boards.ids())


def with_defaults(definition: str, found: dict) -> dict:
    """A table that keeps to a definition, with a value for each key it may have; None where there is no default."""
    rules = composed()["$defs"][definition]["properties"]
    return {key: found.get(key, rule.get("default")) for key, rule in rules.items()}


def defaults(found: dict) -> dict:
    """The same for the file itself."""
    return {key: found.get(key, rule.get("default")) for key, rule in composed()["properties"].items()}


def _compose(schema: dict, parts: dict, boards: list[str]) -> dict:
    made = copy.deepcopy(schema)
    made["properties"]["board"]["enum"] = boards
    definitions = made["$defs"]
    for name, definition in list(definitions.items()):
        if "parts" in definition:
            fitting = {part: driver for part, driver in parts.items() if role(driver) == definition["parts"]}
            definitions[name] = _choice(name, definition, fitting)
            definitions.update({f"{name}_{part}": _part(definition, part, fitting[part]) for part in fitting})
        elif "quantities" in definition:
            definitions[name] = _with_quantities(definition, quantities(parts))
    return made


def _with_quantities(table: dict, names: list[str]) -> dict:
    """A table with these quantities among its keys."""
    properties = table["properties"] | {name: {"$ref": f"#/$defs/{table['quantities']}"} for name in names}
    return table | {"properties": properties, "additionalProperties": False}


def _choice(name: str, entry: dict, parts: dict) -> dict:
    """An entry whose `type` says by which definition it is judged."""
    common = {key: rule for key, rule in entry["properties"].items() if key != "type" and "quantities" not in rule}
    chosen = [{"if": _is({"const": part}), "then": {"$ref": f"#/$defs/{name}_{part}"}} for part in parts]
    told = f"a part with a driver ({', '.join(sorted(parts))})"
    kind = {"enum": sorted(parts), "expected": told, "description": entry["properties"]["type"]["description"]}
    return {
        "type": "object",
        "properties": {"type": kind},
        "required": ["type"],
        "allOf": [*chosen, {"if": _is({"enum": sorted(parts)}), "else": {"properties": common}}],
    }


def _is(kind: dict) -> dict:
    """The condition that `type` is of this kind."""
    return {"properties": {"type": kind}, "required": ["type"]}


def _part(entry: dict, part: str, driver: dict) -> dict:
    """The definition of one part: the keys of every entry of its role, and its own."""
    names = quantities({part: driver})
    properties = {key: rule for key, rule in entry["properties"].items() if key != "type"}
    properties = {
        key: _with_quantities(rule, names) if "quantities" in rule else rule for key, rule in properties.items()
    }
    return {
        "title": driver["title"],
        "description": driver["description"],
        "type": "object",
        "properties": {"type": {"const": part}} | properties | driver["properties"],
        "required": ["type", *driver.get("required", ())],
        "additionalProperties": False,
    }
