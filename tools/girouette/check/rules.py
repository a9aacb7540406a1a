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
        for about in named[name].measures if name in named else ():
            if about["name"] == quantity:
                yield from _thresholds(path, rule, about)
        target = named.get(rule["set"] or rule["toggle"])
        if target and target.section == "actuators":
            yield from _commands(path, rule, target.driver)


def notes(config: Config) -> list[str]:
    """Actuators that a condition switches and nothing ever switches back; times that are no local ones."""
    told, said = [], {}
    switched = {name for entry, name in config.named() if "ON" in _words(entry.driver)}
    if not config.time.get("zone") and not config.time.get("utc_offset"):
        at = [index for index, rule in config.rules() if rule["at"]]
        told += [f"rules[{index}].at is in UTC: name the zone, with the key `time.zone`" for index in at[:1]]
    for _, rule in config.rules():
        words = {json.dumps(word) for word in (rule["to"] or "ON", rule["else"]) if word}
        said.setdefault(rule["set"] or rule["toggle"], set()).update(["ON", "OFF"] if rule["toggle"] else words)
    for index, rule in config.rules():
        if rule["when"] and rule["set"] in switched and len(said[rule["set"]]) == 1:
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


def _commands(path: tuple, rule: dict, driver: dict) -> Iterator[Fault]:
    for key in ("to", "else"):
        command = "ON" if key == "to" and rule["set"] and rule["to"] is None else rule[key]
        expected = command is not None and _refusal(command, driver)
        if expected:
            found = shown(command) if isinstance(command, str) else shape(command)
            yield Fault((*path, key), expected, "nothing, which is ON" if rule[key] is None else found)
    if rule["toggle"] and "ON" not in _words(driver):
        yield Fault((*path, "toggle"), "an actuator that is ON or OFF", f'"{rule["toggle"]}", which is more than that')


def _words(driver: dict) -> list[str]:
    """The plain words that a part obeys."""
    return driver.get("commands", ["ON", "OFF"])


def _refusal(command: str | dict, driver: dict) -> str | None:
    """What is expected instead of a command, or None; known from what the part tells Homie of itself."""
    about = driver.get("homie", {})
    kind, form = about.get("datatype"), about.get("format", "")
    if kind == "integer":
        low, high = (int(end) for end in form.split(":"))
        good = isinstance(command, str) and command.isdigit() and low <= int(command) <= high
        return None if good else f'a number from {low} to {high} in quotes, such as "{high}"'
    if kind == "enum":
        return None if command in form.split(",") else "one of " + ", ".join(form.split(","))
    words = ", ".join(_words(driver))
    if command in _words(driver) or kind not in ("boolean", "json"):
        return None
    if kind == "boolean":
        return " or ".join(_words(driver))
    if isinstance(command, str) and command.startswith("{"):
        try:
            command = json.loads(command)
        except ValueError:
            return f"{words} or a sound table {{ }}"
    if isinstance(command, str):
        return f"{', '.join(_words(driver))} or a table {{ }}"
    for error in Draft202012Validator(json.loads(form)).iter_errors(command):
        at = "".join(f"{step}: " for step in error.absolute_path)
        return f"a table that this part obeys ({at}{error.message})"
    return None
