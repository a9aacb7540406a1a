"""The faults between keys that the device finds too, with the same paths; see firmware/node/check.py."""

from collections.abc import Iterator

from . import refine
from .config import Config, locked, pages, ruled, screened, topics
from .fault import Fault, dotted, shape
from .keys import nearest

_PLAIN = ("base", "status", "template", "discovery")


def faults(config: Config) -> list[Fault]:
    found = [*_account(config), *_payload(config), *_sealed(config), *_ids(config), *_measured(config)]
    found += [*refine.faults(config), *_own_topics(config), *_zone(config), *_screens(config), *_locks(config)]
    return [*found, *_rules(config)]


def _account(config: Config) -> Iterator[Fault]:
    broker = config.found.get("broker")
    if isinstance(broker, dict) and "password" in broker and "user" not in broker:
        yield Fault(("broker", "user"), "text, since there is a broker.password", "nothing")


def _payload(config: Config) -> Iterator[Fault]:
    if config.discovery == "homie" and config.found.get("payload") == "json":
        yield Fault(("payload",), '"plain", since discovery is "homie"', '"json"')


def _sealed(config: Config) -> Iterator[Fault]:
    if config.discovery and config.found.get("seal"):
        expected = "nothing, since there is a seal, which nobody else can open: leave out one of the two"
        yield Fault(("discovery",), expected, f'"{config.discovery}"')


def _ids(config: Config) -> Iterator[Fault]:
    for entry, name in config.named():
        if entry.keys["id"] not in (None, name):
            yield Fault((*entry.path, "id"), "a name that no other part has", f'"{entry.keys["id"]}"')


def _measured(config: Config) -> Iterator[Fault]:
    there = {quantity for entry in config.sensors for quantity in entry.quantities}
    for key in config.topics:
        if config.all_known and key not in _PLAIN and key not in there:
            expected = "a quantity that one of the sensors measures"
            yield Fault(("topics", key), expected, "one that none does", at_key=True)
    for entry in config.sensors:
        for key in set(entry.keys["topics"]) - set(entry.quantities):
            path = (*entry.path, "topics", key)
            yield Fault(path, "a quantity that it measures", "one that it does not", at_key=True)


def _own_topics(config: Config) -> Iterator[Fault]:
    settings = config.settings
    taken = {topics["of_status"](settings): "the node's presence", topics["of_log"](settings): "the node's log"}
    published = [((*entry.path, "topics", quantity), topic) for entry, quantity, topic in config.readings()]
    published += [((*entry.path, "topic"), topic) for entry, topic in config.things()]
    for path, topic in published:
        if topic in taken:
            yield Fault(path, "a topic of its own", f'"{topic}", which is that of {taken[topic]}')
        taken[topic] = dotted(path)


def _zone(config: Config) -> Iterator[Fault]:
    if config.time.get("zone") and config.time.get("utc_offset"):
        offset = str(config.time["utc_offset"])
        yield Fault(("time", "utc_offset"), "nothing, since there is a time.zone", offset)


def _screens(config: Config) -> Iterator[Fault]:
    entries = [(entry.index, entry.keys) for entry in config.entries if entry.section == "actuators"]
    yield from _told("actuators", screened["faults"](entries, _known(config) if config.complete else None, pages))


def _locks(config: Config) -> Iterator[Fault]:
    if not config.flawless("actuators"):
        return  # which belong together cannot be told
    entries = [(entry.index, entry.keys) for entry in config.entries if entry.section == "actuators"]
    yield from _told("actuators", locked["faults"](entries))


def _rules(config: Config) -> Iterator[Fault]:
    if config.found.get("rules") and config.sleep:
        yield Fault(("sleep",), "no deep sleep, since there are rules", shape(config.found["sleep"]))
    if not config.complete:
        return  # whether a rule names a part cannot be told
    yield from _told("rules", ruled["faults"](config.rules(), _known(config)))


def _known(config: Config) -> list[tuple]:
    """Of each part its section, its name, the quantities it measures or the events it tells."""
    return [(entry.section, name, entry.quantities or entry.events) for entry, name in config.named()]


def _told(section: str, found) -> Iterator[Fault]:
    """What the device's own lines find in the entries of a section."""
    for i, key, expected, what, word, words in found:
        yield Fault((section, i, key), expected, what, nearest(word, words), at_key=what == "one")
