"""The tables of docs/configuration.md that are made of the schemas: each stands between two comments."""

import json
import re

from . import schema

_KEYS = re.compile(r"(<!-- keys: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_PARTS = re.compile(r"(<!-- parts -->\n).*?(<!-- end -->)", re.DOTALL)


def update(page: str) -> str:
    """The page with all its tables as the schema has them now."""
    page = _KEYS.sub(lambda match: match[1] + table(match[2]) + match[3], page)
    return _PARTS.sub(lambda match: match[1] + parts() + match[2], page)


def parts() -> str:
    """A table of the own keys of each part."""
    made = []
    for part, about in schema.drivers().items():
        made += [f"**{part}**: {about['description']}\n", table_of(about)]
    return "\n".join(made)


def table(name: str) -> str:
    """`config`, or a definition of the composed schema, as a table: key, what, allowed, default."""
    whole, source = schema.composed(), schema.source()["$defs"]
    if name == "config":
        return _table(whole, whole["$defs"])
    # Of an entry that has a part, the keys all parts have.
    return _table(source[name] if "parts" in source[name] else whole["$defs"][name], whole["$defs"])


def table_of(part: dict) -> str:
    """The own keys of a part, given as its schema."""
    return _table(part, schema.source()["$defs"])


def _table(rules: dict, definitions: dict) -> str:
    required = set(rules.get("required", ()))
    lines = ["| key | what | allowed | default |", "|---|---|---|---|"]
    lines += [_line(key, rule, key in required, definitions) for key, rule in rules["properties"].items()]
    return "\n".join(lines) + "\n"


def _line(key: str, rule: dict, required: bool, definitions: dict) -> str:
    about = rule.get("description", "the topic of this quantity")
    default = "required" if required else _default(rule)
    return f"| `{key}` | {about} | {_allowed(rule, definitions)} | {default} |"


def _allowed(rule: dict, definitions: dict) -> str:
    return schema.expected(rule, definitions).removeprefix("a whole number from ") + _unit(rule)


def _unit(rule: dict) -> str:
    return f" {rule['unit']}" if "unit" in rule else ""


def _default(rule: dict) -> str:
    value = rule.get("default")
    if value in (None, {}, ""):
        return ""
    text = value if isinstance(value, str) else json.dumps(value)
    return text + _unit(rule)
