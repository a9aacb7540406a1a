"""Placeholders in a configuration: {{key}} inside its texts. Pure.

The template is JSON before and after, since only what is inside its texts changes: no value can break it, and editors
know it. A text that is one placeholder and nothing else becomes the value itself, so that "{{interval}}" is the number
60. Single braces, as in topics ("{node}"), are the node's own and stay.
"""

import difflib
import json
import re

from ..errors import Failure

_PLACE = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_-]*)\s*\}\}")


def rendered(template: dict, values: dict, name: str) -> dict:
    """The template, called `name`, with these values. Raises Failure for a placeholder without a value and a value
    without a placeholder, since both are misspelt."""
    used: set[str] = set()
    missing: set[str] = set()

    def value(key: str):
        used.add(key)
        if key not in values:
            missing.add(key)
        return values.get(key)

    made = _filled(template, value)
    if missing:
        raise Failure(f"{name} asks for {_list(missing)}, which `values` does not have{_near(missing, values)}")
    if unused := set(values) - used - {"node"}:
        raise Failure(f"`values` has {_list(unused)}, which {name} does not ask for{_near(unused, used)}")
    return made


def _filled(found, value):
    if isinstance(found, dict):
        return {key: _filled(below, value) for key, below in found.items()}
    if isinstance(found, list):
        return [_filled(below, value) for below in found]
    if not isinstance(found, str):
        return found
    if whole := _PLACE.fullmatch(found):
        return value(whole[1])
    return _PLACE.sub(lambda place: _word(value(place[1])), found)


def _word(value) -> str:
    """Inside a longer text: as JSON writes it."""
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _list(keys) -> str:
    return ", ".join(f"{{{{{key}}}}}" for key in sorted(keys))


def _near(keys, others) -> str:
    for key in sorted(keys):
        if near := difflib.get_close_matches(key, sorted(others), 1):
            return f"; did you mean {near[0]}?"
    return ""
