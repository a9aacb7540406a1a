"""The tables the device checks config.json along, made of the schemas: the sources of node/keys, drivers/<part>/keys;
and what a part says of itself to Home Assistant and Homie: drivers/<part>/about.

The form is that of firmware/node/check.py: an entry is (kind, default, what the kind needs), written out as source.
"""

import json

from . import schema
from .errors import Failure

_HEAD = "# Made from the schemas when the firmware is built.\n"
_REQUIRED = "..."
# Tables that few nodes have: a module of their own, so that the names in them take no memory of the others.
LATER = ("wired", "sleep", "rule", "quantity", "tls")


def node(source: dict, parts: dict, boards: list[str]) -> str:
    """node/keys: REQUIRED, EXPECTED, ROLES (of the parts that are no sensors, in one text for each role) and ROOT."""
    maker = _Maker(source["$defs"], schema.quantities(parts), boards)
    root = maker.table(source, _REQUIRED)
    expected = {"table": (schema.TABLE, True), "list": (schema.LIST, True), "flag": (schema.FLAG, True)}
    expected |= {"later": (schema.TABLE, True), "topics": (schema.TOPICS, True), "refined": (schema.QUANTITIES, True)}
    expected["headers"] = (schema.HEADERS, True)
    for name, definition in source["$defs"].items():
        if "expected" in definition:
            expected[name] = (definition["expected"], definition.get("shown", True))
    roles = {role: _parts_of(role, parts) for role in ("actuator", "input")}
    return f"{_HEAD}REQUIRED = ...\nEXPECTED = {expected!r}\nROLES = {roles!r}\nROOT = {root}\n"


def _parts_of(role: str, parts: dict) -> str:
    return " ".join(part for part, about in parts.items() if schema.role(about) == role)


def later(source: dict, name: str) -> str:
    """node/keys_<name>: ROOT, of a table in LATER."""
    root = _Maker(source["$defs"], (), ()).table(source["$defs"][name], _REQUIRED)
    return f"{_HEAD}ROOT = {root}\n"


def driver(about: dict, definitions: dict, where: str) -> str:
    """drivers/<part>/keys: ROLE, BUS, PINS, QUANTITIES, OPTIONS and KEYS; KINDS of a part with pins of several kinds:
    those that are not BUS; EVENTS of an input that tells some: each name with the keys that must not be off for it.
    `where` names the schema in a Failure."""
    own = about.get("quantities", ())
    names = tuple(quantity["name"] for quantity in [*own, *schema.derivable(about)])
    maker = _Maker(definitions, names, ())
    try:
        keys = maker.keys(about)
    except KeyError as e:
        raise Failure(f"{where}: the node has no kind of key for {e.args[0]}") from e
    if names:
        keys.append(f"'topics': ('topics', {{}}, {{}}, {' '.join(names)!r})")
    lines = [
        f"ROLE = {schema.role(about)!r}",
        f"BUS = {about.get('bus')!r}",
        f"PINS = {tuple(schema.pins(about))!r}",
        f"QUANTITIES = {names[: len(own)]!r}",
        f"OPTIONS = {tuple(about.get('options', ()))!r}",
        f"KEYS = {{{', '.join(keys)}}}",
    ]
    if "pins" in about:
        lines.append(f"KINDS = {about['pins']!r}")
    if "events" in about:
        lines.append(f"EVENTS = {_events(about)!r}")
    return _HEAD + "\n".join(lines) + "\n"


def derived() -> str:
    """node/about_derived: QUANTITIES as in drivers/<part>/about, of all that can be derived, by name; FORMS, the name,
    unit and decimals of each in one text."""
    known = sorted(schema.derived(), key=lambda one: one["name"])
    forms = " ".join("{name} {unit} {decimals}".format(**one) for one in known)
    return f"{_HEAD}QUANTITIES = {tuple(map(_quantity, known))!r}\nFORMS = {forms!r}\n"


def about(driver: dict) -> str:
    """drivers/<part>/about: TITLE, QUANTITIES, ENTITY, EVENTS, FILL and HOMIE, from which the node introduces itself.

    What is known when the firmware is built is JSON already: the members of a table, without its braces.
    QUANTITIES: for each its name, its members for Home Assistant and those for Homie. ENTITY and HOMIE are those of an
    actuator or input, ENTITY with its platform before it, and behind it of one that measures something of itself: the
    key that names its pin, the word behind its topic, the members for Home Assistant and those for Homie; None for a
    sensor. EVENTS of an input that tells some: the members of its event entity, and EVENTS as in keys; else None. FILL:
    the keys of its entry whose values stand in ENTITY or EVENTS, as "{key}".
    """
    entity = dict(driver.get("entity") or {})
    platform = entity.pop("p", None)
    lines = [
        f"TITLE = {driver['title']!r}",
        f"QUANTITIES = {tuple(_quantity(quantity) for quantity in driver.get('quantities', ()))!r}",
        f"ENTITY = {(platform, _members(entity), _measure(driver)) if platform else None!r}",
        f"EVENTS = {(_members(driver['event']), _events(driver)) if 'event' in driver else None!r}",
        f"FILL = {schema.filled(driver)!r}",
        f"HOMIE = {_members(driver['homie']) if 'homie' in driver else None!r}",
    ]
    return _HEAD + "\n".join(lines) + "\n"


def _events(driver: dict) -> tuple:
    return tuple((name, tuple(needed)) for name, needed in driver.get("events", {}).items())


def _measure(driver: dict) -> tuple[str, str, str, str] | None:
    found = driver.get("measure")
    if not found:
        return None
    entity = {"unit_of_meas": found["unit"], "stat_cla": "measurement"}
    homie = {"datatype": "integer", "unit": found["unit"], "format": f"{found['minimum']}:{found['maximum']}"}
    return found["pin"], found["name"], _members(entity), _members(homie)


def _quantity(quantity: dict) -> tuple[str, str, str]:
    entity = {
        "unit_of_meas": quantity.get("unit") or None,
        "dev_cla": quantity.get("device_class"),
        "stat_cla": quantity.get("state_class", "measurement"),
        "ent_cat": quantity.get("category"),
    }
    homie = {
        "datatype": "float" if quantity["decimals"] else "integer",
        "unit": quantity.get("unit") or None,
        "format": f"{quantity['minimum']}:{quantity['maximum']}",
    }
    return quantity["name"], _members(entity), _members(homie)


def _members(table: dict) -> str:
    """The table as JSON without its braces; what is None is left out."""
    found = {key: value for key, value in table.items() if value is not None}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))[1:-1]


class _Maker:
    """Turns schemas into entries. quantities: the names a table of topics may have beside its own."""

    def __init__(self, definitions: dict, quantities, boards):
        self._definitions = definitions
        self._quantities = quantities
        self._boards = boards

    def keys(self, table: dict) -> list[str]:
        required = set(table.get("required", ()))
        return [
            f"{key!r}: {self.entry(rule, _REQUIRED if key in required else repr(rule.get('default')))}"
            for key, rule in table["properties"].items()
        ]

    def entry(self, rule: dict, default: str) -> str:
        """Raises KeyError with the rule when no kind fits it."""
        if "$ref" in rule:
            name = schema.reference(rule)
            if name in LATER:
                return f"('later', {default}, {name!r})"
            definition = self._definitions[name]
            return self.entry(definition, default) if "properties" in definition else f"({name!r}, {default})"
        if "either" in rule:
            several, one = (self.entry(branch, _REQUIRED) for branch in rule["anyOf"])
            return f"('either', {default}, {several}, {one}, {rule['expected']!r})"
        if "enum" in rule or "boards" in rule:
            return f"('choice', {default}, {self._allowed(rule.get('enum') or self._boards)!r})"
        kind = rule.get("type")
        if kind == "boolean":
            return f"('flag', {default})"
        if kind == "integer" and {"minimum", "maximum"} <= rule.keys():
            return f"('whole', {default}, {rule['minimum']}, {rule['maximum']})"
        if kind == "array":
            return f"('list', {default}, {self.entry(rule['items'], _REQUIRED)})"
        if kind == "object":
            return self.table(rule, default)
        raise KeyError(rule)

    @staticmethod
    def _allowed(values) -> tuple | str:
        # One text instead of many words, each of which would stay in memory as a name.
        return " ".join(values) if all(isinstance(value, str) for value in values) else tuple(values)

    def table(self, rule: dict, default: str) -> str:
        if rule.get("quantities") == "quantity":
            return f"('refined', {default}, '')"
        if "quantities" in rule:
            words = {key: schema.reference(about) for key, about in rule["properties"].items()}
            return f"('topics', {default}, {words!r}, {' '.join(self._quantities)!r})"  # a text, as in _allowed
        keys = "{" + ", ".join(self.keys(rule)) + "}"
        if "parts" in rule:
            return f"('part', {default}, {keys}, {rule['parts']!r})"
        return f"('table', {default}, {keys})"
