"""What is sound of a configuration, for the rules between keys: they say what they can, whatever else is wrong."""

import runpy
from collections.abc import Iterator
from dataclasses import dataclass

from girouette import schema
from girouette.paths import FIRMWARE, LIB

from . import refine
from .fault import Path

# Kinds of buses that are a part's own pins and nothing shared.
_ALONE = ("output", "pwm", "input", "open_drain", "adc", "uart")

topics = runpy.run_path(str(FIRMWARE / "node" / "topics.py"))  # the device's own rules for the names of topics
pages = runpy.run_path(str(LIB / "drivers" / "pages.py"))["pages"]  # for what a display's `text` may say
ruled = runpy.run_path(str(FIRMWARE / "node" / "ruled.py"))  # and for what `rules` may say
screened = runpy.run_path(str(FIRMWARE / "node" / "screened.py"))  # and for whether it can be shown
locked = runpy.run_path(str(FIRMWARE / "node" / "locked.py"))  # and for groups of `interlock`


@dataclass(frozen=True)
class Entry:
    """An entry of the list `section`: its place in the list, its driver's schema, all its keys with defaults."""

    section: str
    index: int
    driver: dict
    keys: dict

    @property
    def path(self) -> Path:
        return (self.section, self.index)

    @property
    def part(self) -> str:
        return self.keys["type"]

    @property
    def quantities(self) -> tuple[str, ...]:
        return tuple(quantity["name"] for quantity in self.measures)

    @property
    def measures(self) -> list[dict]:
        """What is published of a sensor, in the form of the quantities of a schema."""
        return refine.measures(self.driver, self.asked)

    @property
    def asked(self) -> dict[str, dict]:
        """What is asked of which quantity of a sensor."""
        return self.keys.get("quantities") or {}

    @property
    def events(self) -> tuple[str, ...]:
        """The events that this input tells."""
        return schema.events(self.driver, self.keys)

    def pins(self) -> dict[str, int | str]:
        """The keys of this part that name a pin, and which; without those that are left out."""
        return {key: self.keys[key] for key in schema.pins(self.driver) if self.keys[key] is not None}

    @property
    def kind(self) -> str | None:
        """The kind of bus the part is on; None where it has its pins for itself."""
        kind = self.driver.get("bus")
        return None if kind in _ALONE else kind

    def only_reads(self, key: str) -> bool:
        """Whether the part never drives that pin."""
        return schema.kind(self.driver, key) in ("input", "adc")

    def analog(self, key: str) -> bool:
        """Whether that pin has to be an analog input."""
        return schema.kind(self.driver, key) == "adc"

    def bus(self) -> tuple | None:
        """The bus the part is on: its kind and its pins. None where it is on none, or not all pins are named."""
        pins = self.pins()
        return (self.kind, *pins.values()) if self.kind and len(pins) == len(schema.pins(self.driver)) else None


class Config:
    """found: the configuration as it is; faulty: the paths of its faults. A faulty key counts as left out."""

    def __init__(self, found: dict, faulty: set[Path]):
        self.found = found
        self._faulty = faulty
        self.name: str = self._sound((), found).get("name", "node")
        self.board: str | None = self._sound((), found).get("board")
        self.discovery: str | None = self._sound((), found).get("discovery")
        self.wired = self._sound(("network",), found.get("network"))  # empty where there are Wi-Fi networks
        self.led = self._sound(("led",), found.get("led"))
        self.time = self._sound(("time",), found.get("time"))
        self.sleep = self._sound(("sleep",), found.get("sleep"))
        top = schema.defaults(self._sound((), found))
        self.payload: str = top["payload"]
        self.stores: bool = top["store"] and not top["sleep"]  # a node that sleeps keeps what waits in its own way
        self.store_size: int = top["store_size"]
        self.topics = self._sound(("topics",), found.get("topics"))
        self.broker = schema.with_defaults("broker", self._sound(("broker",), found.get("broker")))
        self.port: int = self.broker["port"] or self._usual_port()
        self.entries = [entry for section, name in schema.sections().items() for entry in self._entries(section, name)]
        self.sensors = [entry for entry in self.entries if entry.section == "sensors"]

    @property
    def hosts(self) -> list[str]:
        """Of the broker."""
        found = self.broker["host"] or []
        return found if isinstance(found, list) else [found]

    def _usual_port(self) -> int:
        ports = (80, 443) if any("://" in host for host in self.hosts) else (1883, 8883)
        return ports[bool(self.broker["tls"])]

    def _sound(self, path: Path, table) -> dict:
        """The keys of a table that have no fault at all."""
        if not isinstance(table, dict):
            return {}
        return {key: value for key, value in table.items() if not self._has_fault((*path, key))}

    def _asked(self, path: Path, found) -> dict[str, dict]:
        """The sound keys of each quantity of `quantities`: one with a fault is there all the same."""
        tables = found.items() if isinstance(found, dict) and path not in self._faulty else ()
        return {name: self._sound((*path, name), table) for name, table in tables if (*path, name) not in self._faulty}

    def is_sound(self, path: Path) -> bool:
        """Whether there is no fault at this path or below."""
        return not self._has_fault(path)

    def _has_fault(self, path: Path) -> bool:
        return any(faulty[: len(path)] == path for faulty in self._faulty)

    def _entries(self, section: str, definition: str) -> Iterator[Entry]:
        """Those whose part is known."""
        entries = self.found.get(section)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            path = (section, index)
            if isinstance(entry, dict) and not self._has_fault((*path, "type")):
                keys = self._sound(path, entry)
                if section == "sensors":
                    keys["topics"] = self._sound((*path, "topics"), entry.get("topics"))
                    keys["quantities"] = self._asked((*path, "quantities"), entry.get("quantities"))
                keys = schema.with_defaults(f"{definition}_{entry['type']}", keys) | {"type": entry["type"]}
                yield Entry(section, index, schema.drivers()[entry["type"]], keys)

    @property
    def settings(self) -> dict:
        """What the device's topics.py asks for."""
        made = {section: [] for section in schema.sections()}
        for entry in self.entries:
            made[entry.section].append(entry.keys)
        return {"name": self.name, "topics": self.topics, "discovery": self.discovery} | made

    def named(self) -> list[tuple[Entry, str]]:
        """Each part and its name, as the device names them."""
        return list(zip(self.entries, topics["ids"]([entry.keys for entry in self.entries]), strict=True))

    def things(self) -> list[tuple[Entry, str]]:
        """Each actuator and input, and the topic of its state."""
        settings = self.settings
        found = [(entry, name) for entry, name in self.named() if entry.section != "sensors"]
        return [(entry, topics["of_thing"](settings, entry.keys, name)) for entry, name in found]

    @property
    def complete(self) -> bool:
        """Whether all parts are known, and their names."""
        entries = [self.found.get(section, []) for section in schema.sections()]
        if not all(isinstance(some, list) for some in entries):
            return False
        ids = {(entry.section, entry.index, "id") for entry in self.entries}
        return len(self.entries) == sum(map(len, entries)) and not ids & self._faulty

    def rules(self) -> list[tuple[int, dict]]:
        """Each rule whose keys have no fault, with its place in the list and None for what it does not say."""
        rules = self.found.get("rules")
        sound = [
            (index, rule)
            for index, rule in enumerate(rules if isinstance(rules, list) else ())
            if isinstance(rule, dict) and not any(faulty[:2] == ("rules", index) for faulty in self._faulty)
        ]
        return [(index, schema.with_defaults("rule", rule)) for index, rule in sound]

    def flawless(self, section: str) -> bool:
        """Whether no entry of a list has a fault."""
        return not any(faulty[:1] == (section,) for faulty in self._faulty)

    @property
    def all_known(self) -> bool:
        """Whether it is known of every sensor what it measures."""
        entries = self.found.get("sensors", [])
        return isinstance(entries, list) and len(self.sensors) == len(entries)

    def readings(self) -> list[tuple[Entry, str, str]]:
        """Each quantity that is published: its sensor, its name, its topic."""
        measured = [entry.quantities for entry in self.sensors]
        found = topics["of_readings"](self.settings, measured)
        return [
            (entry, quantity, topic)
            for entry, names, made in zip(self.sensors, measured, found, strict=True)
            for quantity, topic in zip(names, made, strict=True)
        ]
