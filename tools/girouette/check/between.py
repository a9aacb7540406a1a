"""The faults between keys that the device finds too, with the same paths; see firmware/node/check.py."""

from collections.abc import Iterator

from .config import Config, topics
from .fault import Fault, dotted

_PLAIN = ("base", "status", "template")


def faults(config: Config) -> list[Fault]:
    return [*_account(config), *_ids(config), *_measured(config), *_own_topics(config)]


def _account(config: Config) -> Iterator[Fault]:
    broker = config.found.get("broker")
    if isinstance(broker, dict) and "password" in broker and "user" not in broker:
        yield Fault(("broker", "user"), "text, since there is a broker.password", "nothing")


def _ids(config: Config) -> Iterator[Fault]:
    names = topics["ids"]([entry.keys for entry in config.sensors])
    for entry, name in zip(config.sensors, names, strict=True):
        if entry.keys["id"] not in (None, name):
            yield Fault((*entry.path, "id"), "a name that no other sensor has", f'"{entry.keys["id"]}"')


def _measured(config: Config) -> Iterator[Fault]:
    there = {quantity for entry in config.sensors for quantity in entry.quantities}
    for key in config.topics:
        if config.all_known and key not in _PLAIN and key not in there:
            expected = "a quantity that one of the sensors measures"
            yield Fault(("topics", key), expected, "one that none does", at_key=True)


def _own_topics(config: Config) -> Iterator[Fault]:
    settings = config.settings
    taken = {topics["of_status"](settings): "the node's presence", topics["of_log"](settings): "the node's log"}
    for entry, quantity, topic in config.readings():
        path = (*entry.path, "topics", quantity)
        if topic in taken:
            yield Fault(path, "a topic of its own", f'"{topic}", which is that of {taken[topic]}')
        taken[topic] = dotted(path)
