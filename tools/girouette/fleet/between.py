"""The nodes of a fleet held against each other: what must differ does, before anything is written. Pure."""

import json
from collections.abc import Iterator

from ..check import check
from ..check.config import Config, topics
from ..check.show import plain
from ..errors import Failure
from . import Node, secrets


def checked(nodes: list[Node]):
    """Raises Failure with every fault of each node's configuration, and of any two together."""
    faults = [fault for node in nodes for fault in _alone(node)]
    if not faults:
        faults = [*_places(nodes), *_together(nodes)]
    if faults:
        raise Failure("\n".join([f"{len(faults)} fault{'s' * (len(faults) > 1)}: nothing was done", *faults]))


def _alone(node: Node) -> list[str]:
    hidden = None if node.secrets is None else json.dumps(node.secrets, indent=2)
    names = (f"{node.name}/config.json", f"{node.name}/secrets.json")
    return [plain(fault) for fault in check(json.dumps(node.config, indent=2), hidden, node.board, names=names).faults]


def _places(nodes: list[Node]) -> Iterator[str]:
    yield from _same([(node.place, node.name) for node in nodes], "are at the same {}")


def _together(nodes: list[Node]) -> Iterator[str]:
    full = {node.name: Config(secrets.joined(node.config, node.secrets or {}), set()) for node in nodes}
    yield from _same([(config.name, name) for name, config in full.items()], 'have the same `name`, "{}"')
    seals = [(config.found["seal"].lower(), name) for name, config in full.items() if config.found.get("seal")]
    yield from _same(seals, "have the same `seal`: each node needs a key of its own")
    for broker, names in _brokers(full).items():
        configs = {name: full[name] for name in names}
        ids = [(config.broker["client_id"], name) for name, config in configs.items() if config.broker["client_id"]]
        yield from _same(ids, f'have the same `broker.client_id`, "{{}}", on {broker}: each would cut the other off')
        if len({config.name for config in configs.values()}) == len(configs):  # else all of their topics are the same
            found = [(topic, name) for name, config in configs.items() for topic in _topics(config)]
            yield from _same(found, f'publish on the same topic, "{{}}", on {broker}')


def _brokers(full: dict[str, Config]) -> dict[str, list[str]]:
    """The nodes of each broker. One with several counts for each."""
    found: dict[str, list[str]] = {}
    for name, config in full.items():
        hosts = config.broker["host"]
        for host in [hosts] if isinstance(hosts, str) else hosts:
            found.setdefault(f"{host}:{config.port}", []).append(name)
    return found


def _topics(config: Config) -> set[str]:
    """All that a node publishes on."""
    own = {topics[of](config.settings) for of in ("of_status", "of_log")}
    return own | {topic for *_, topic in config.readings()} | {topic for _, topic in config.things()}


def _same(found: list[tuple[str, str]], words: str) -> Iterator[str]:
    """A line for each value that several nodes have."""
    who: dict[str, list[str]] = {}
    for value, name in found:
        who.setdefault(value, []).append(name)
    for value, names in who.items():
        if len(names) > 1:
            yield f"{' and '.join(names)} {words.format(value)}"
