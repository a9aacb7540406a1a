"""Validates against the composed schema: each error of `jsonschema` as a Fault in the words the device has for it."""

import difflib
import re
from collections.abc import Iterator
from functools import lru_cache

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from girouette import schema

from . import zones
from .fault import Fault, Path, shape, shown


def faults(found) -> list[Fault]:
    """One for each path, of a parsed configuration."""
    made: dict[Path, Fault] = {}
    for error in _validator().iter_errors(found):
        for fault in _of(error):
            made.setdefault(fault.path, fault)
    return list(made.values())


def nearest(word, words) -> str | None:
    """The word most like it, if one is."""
    if not isinstance(word, str):
        return None
    same = {other.lower(): other for other in words}
    best = difflib.get_close_matches(word.lower(), same, n=1, cutoff=0.6)
    return same[best[0]] if best else None


@lru_cache
def _validator() -> Draft202012Validator:
    # 1.0 is no whole number here, since MicroPython reads it as another type; a pattern is for the whole text.
    checker = Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    )
    strict = extend(Draft202012Validator, {"pattern": _pattern}, type_checker=checker)
    return strict(schema.composed())


def _pattern(validator, pattern, instance, rule) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not re.fullmatch(pattern, instance):
        yield ValidationError("")


def _of(error: ValidationError) -> Iterator[Fault]:
    path, rule = tuple(error.absolute_path), error.schema
    definitions = _validator().schema["$defs"]
    if error.validator == "required":
        for key in [key for key in rule["required"] if key not in error.instance]:
            yield Fault((*path, key), schema.expected(rule["properties"][key], definitions), "nothing")
    elif error.validator == "additionalProperties":
        words = sorted(rule["properties"])
        known = "one of the keys " + ", ".join(words)
        for key in error.instance.keys() - rule["properties"].keys():
            yield Fault((*path, key), known, "an unknown one", nearest(key, words), at_key=True)
    elif error.validator == "anyOf" and "either" in rule and (error.instance or isinstance(error.instance, dict)):
        branch = {list: 0, dict: 1}.get(type(error.instance))
        below = [inner for inner in error.context if inner.relative_schema_path[0] == branch]
        for inner in below:
            yield from _of(inner)
        if not below:
            yield _wrong(path, rule, error.instance, definitions)
    else:
        yield _wrong(path, rule, error.instance, definitions)


def _wrong(path: Path, rule: dict, found, definitions: dict) -> Fault:
    hidden = not rule.get("shown", True) or rule.get("type") in ("object", "array")
    hint = nearest(found, [word for word in rule["enum"] if isinstance(word, str)]) if "enum" in rule else None
    if rule.get("expected", "").startswith("a zone"):
        hint = zones.posix(found)
    told = shape(found) if hidden else shown(found) + _why(rule, found)
    return Fault(path, schema.expected(rule, definitions), told, hint)


def _why(rule: dict, found) -> str:
    """What is wrong with a topic, which may be hard to see."""
    if "topic" not in rule.get("expected", "") or not isinstance(found, str) or not found:
        return ""
    if found.startswith("/"):
        return ", which begins with /"
    for at, c in enumerate(found, 1):
        if c == " " or c in "+#" or not c.isascii() or not c.isprintable():
            name = {" ": "a space", "#": "#, which stands for every topic", "+": "+, a wildcard"}.get(c)
            name = name or ("a character that is not ASCII" if c.isprintable() else "a character that cannot be seen")
            return f", which has {name}, at {at}"
    return f", which has {len(found)} characters" if len(found) > 128 else ""
