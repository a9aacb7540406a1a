"""What a rule asks of a part that its schema says it cannot: a threshold beyond what is measured, a command refused.

What depends on the rules alone is firmware/node/ruled.py's, and the device finds it too.
"""

import json
from collections.abc import Iterator

from jsonschema import Draft202012Validator

from .config import Config
from .fault import Fault, shape, shown


def faults(config: Config) -> Iterator[Fault]:
    named = {name: entry for entry, name in config.named()}
    for index, rule in config.rules():
        path = ("rules", index)
        name, _, quantity = (rule["when"] or "").partition(".")
        for about in named[name].driver.get("quantities", ()) if name in named else ():
            if about["name"] == quantity:
                yield from _thresholds(path, rule, about)
        target = named.get(rule["set"] or rule["toggle"])
        if target and target.section == "actuators":
            yield from _commands(path, rule, target.driver.get("homie", {}))


def notes(config: Config) -> list[str]:
    """Actuators that a condition switches and nothing ever switches back; times that are no local ones."""
    told, said = [], {}
    if not config.time.get("zone") and not config.time.get("utc_offset"):
        at = [index for index, rule in config.rules() if rule["at"]]
        told += [f"rules[{index}].at is in UTC: name the zone, with the key `time.zone`" for index in at[:1]]
    for _, rule in config.rules():
        words = {json.dumps(word) for word in (rule["to"] or "ON", rule["else"]) if word}
        said.setdefault(rule["set"] or rule["toggle"], set()).update(["ON", "OFF"] if rule["toggle"] else words)
    for index, rule in config.rules():
        if rule["when"] and rule["set"] and len(said[rule["set"]]) == 1:
            stands = rule["is"] in (None, "ON", "OFF")
            cure = '`else` would, "else": "OFF"' if stands else "`toggle` instead of `set` would"
            told.append(f"rules[{index}]: no rule switches {rule['set']} back; {cure}")
    return told


def _thresholds(path: tuple, rule: dict, about: dict) -> Iterator[Fault]:
    for key in ("above", "below", "until"):
        if rule[key] is not None and not about["minimum"] <= rule[key] <= about["maximum"]:
            unit = f" {about['unit']}" if about["unit"] else ""
            expected = f"what is measured, from {about['minimum']} to {about['maximum']}{unit}"
            yield Fault((*path, key), expected, str(rule[key]))


def _commands(path: tuple, rule: dict, about: dict) -> Iterator[Fault]:
    for key in ("to", "else"):
        if rule[key] is not None:
            expected = _refusal(rule[key], about)
            if expected:
                found = shown(rule[key]) if isinstance(rule[key], str) else shape(rule[key])
                yield Fault((*path, key), expected, found)
    if rule["toggle"] and about.get("datatype") not in (None, "boolean", "json"):
        yield Fault((*path, "toggle"), "an actuator that is ON or OFF", f'"{rule["toggle"]}", which is more than that')


def _refusal(command: str | dict, about: dict) -> str | None:
    """What is expected instead of a command, or None; known from what the part tells Homie of itself."""
    kind, form = about.get("datatype"), about.get("format", "")
    if kind == "boolean":
        return None if command in ("ON", "OFF") else "ON or OFF"
    if kind == "enum":
        return None if command in form.split(",") else "one of " + ", ".join(form.split(","))
    if kind != "json":
        return None
    if isinstance(command, str) and command.startswith("{"):
        try:
            command = json.loads(command)
        except ValueError:
            return "ON, OFF or a sound table { }"
    if isinstance(command, str):
        return None if command in ("ON", "OFF") else "ON, OFF or a table { }"
    for error in Draft202012Validator(json.loads(form)).iter_errors(command):
        at = "".join(f"{step}: " for step in error.absolute_path)
        return f"a table that this part obeys ({at}{error.message})"
    return None
