"""What a config.json says of the broker and of the flash it needs."""

from pathlib import Path

from girouette import textfile
from girouette.check import check
from girouette.check.config import Config, topics
from girouette.check.source import Source
from girouette.check.tree import Tree
from girouette.errors import Failure
from girouette.paths import shown

from .broker import Target
from .trust import Trust
from .verdict import Verdict, bad, well


def configuration(path: Path) -> Config:
    """A sound config.json with the secrets.json beside it. Raises Failure when it is not sound."""
    found, faults = _joined(path)
    if faults:
        raise Failure(f"{shown(path)} has {faults} fault{'s' if faults > 1 else ''}: girouette check {shown(path)}")
    return found


def _joined(path: Path) -> tuple[Config | None, int]:
    """What is sound of it, None if it is no JSON; and the number of its faults."""
    secrets = path.parent / "secrets.json"
    text, more = textfile.read(path), textfile.read(secrets) if secrets.is_file() else None
    faults = check(text, more).faults
    tree = Tree(Source("config.json", text), None if more is None else Source("secrets.json", more))
    if not isinstance(tree.plain, dict):
        return None, len(faults)
    return Config(tree.plain, {fault.path for fault in faults}), len(faults)


class Settings:
    """`verdict`: whether the file is sound; `targets`: the brokers in the node's order; `needed`: bytes of flash."""

    def __init__(self, path: Path):
        config, faults = _joined(path)
        self.verdict = _judged(shown(path), faults)
        self.targets, self.needed, self.board = [], 0, None
        if config:
            self.board = config.board
            self.needed = 2 * config.store_size if config.stores else 0
            self.targets = list(_targets(config, path.parent))


def _judged(name: str, count: int) -> Verdict:
    if not count:
        return well("configuration", f"{name} is sound")
    return bad("configuration", f"{name} has {count} fault{'s' if count > 1 else ''}", f"girouette check {name}")


def _targets(config: Config, folder: Path):
    broker = config.broker
    topic = topics["of_node"](config.settings, "doctor")
    for entry in config.hosts:
        where, path = _web(entry)
        host, port = _divided(where, config.port)
        tls = broker["tls"]
        account = broker["user"], broker["password"]
        yield Target(host, port, *account, topic, bool(tls), Trust(tls, folder), path, broker["headers"])


def _web(entry: str) -> tuple[str, str | None]:
    """("host:port", path) of ws://host:port/path; a path of None is no WebSocket."""
    _, found, rest = entry.partition("://")
    where, _, path = rest.partition("/")
    return (where, f"/{path}") if found else (entry, None)


def _divided(entry: str, port: int) -> tuple[str, int]:
    """ "host", "host:port", "[::1]:port"; as leanmqtt takes it."""
    if entry.startswith("["):
        host, _, rest = entry[1:].partition("]")
        return host, int(rest[1:] or port)
    host, colon, digits = entry.partition(":")
    return (host, int(digits)) if colon and ":" not in digits else (entry, port)
