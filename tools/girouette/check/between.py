"""The faults between keys that the device finds too, with the same paths; see firmware/node/check.py."""

from collections.abc import Iterator

from . import refine
from .config import Config, locked, pages, ruled, topics
from .fault import Fault, dotted, shape
from .keys import nearest

_PLAIN = ("base", "status", "template", "discovery")


def faults(config: Config) -> list[Fault]:
    found = [*_account(config), *_payload(config), *_ids(config), *_measured(config), *refine.faults(config)]
    found += [*_own_topics(config), *_zone(config), *_screens(config), *_locks(config)]
    return [*found, *_rules(config)]


def _account(config: Config) -> Iterator[Fault]:
    broker = config.found.get("broker")
    if isinstance(broker, dict) and "password" in broker and "user" not in broker:
        yield Fault(("broker", "user"), "text, since there is a broker.password", "nothing")


def _payload(config: Config) -> Iterator[Fault]:
    if config.discovery == "homie" and config.found.get("payload") == "json":
        yield Fault(("payload",), '"plain", since discovery is "homie"', '"json"')


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
    """What displays show is measured, and has room."""
    known = [f"{name}.{quantity}" for entry, name in config.named() for quantity in entry.quantities]
    for entry in config.entries:
        if entry.section == "actuators" and entry.keys.get("text"):
            path, places = (*entry.path, "text"), []
            try:
                pages(entry.keys["text"], entry.keys["height"] // 16, places, lambda code: 0, (254, 255, 128))
            except ValueError as e:
                yield Fault(path, *e.args)
            for name in places:
                if name not in known and config.complete:
                    what = "a quantity of a sensor in { } (part.quantity)"
                    yield Fault(path, what, f'"{name}"', nearest(name, known))


def _locks(config: Config) -> Iterator[Fault]:
    if not config.flawless("actuators"):
        return  # which belong together cannot be told
    entries = [(entry.index, entry.keys) for entry in config.entries if entry.section == "actuators"]
    for i, key, expected, found, word, words in locked["faults"](entries):
        yield Fault(("actuators", i, key), expected, found, nearest(word, words))


def _rules(config: Config) -> Iterator[Fault]:
    if config.found.get("rules") and config.sleep:
        yield Fault(("sleep",), "no deep sleep, since there are rules", shape(config.found["sleep"]))
    if not config.complete:
        return  # whether a rule names a part cannot be told
    known = [(entry.section, name, entry.quantities or entry.events) for entry, name in config.named()]
    for i, key, expected, found, word, words in ruled["faults"](config.rules(), known):
        yield Fault(("rules", i, key), expected, found, nearest(word, words), at_key=found == "one")
