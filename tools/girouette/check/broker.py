"""What `broker.version` and `broker.headers` want besides sound keys: other keys that go with them. The node finds what
it cannot do as it starts."""

from collections.abc import Iterator

from .config import Config
from .fault import Fault, shown

# A server, or the client, chooses these itself: lib/leanmqtt/wsmake.py.
_OURS = ("host", "upgrade", "connection", "content-length", "transfer-encoding")


def faults(config: Config) -> Iterator[Fault]:
    given = config.found.get("broker")
    if isinstance(given, dict):
        yield from _headers(config, given)
        yield from _version(config, given)


def _headers(config: Config, given: dict) -> Iterator[Fault]:
    headers = given.get("headers")
    if not isinstance(headers, dict) or not config.is_sound(("broker", "headers")):
        return
    if config.hosts and not any("://" in host for host in config.hosts):
        yield Fault(("broker", "headers"), "none, since broker.host is no ws:// or wss://", "a table { }", at_key=True)
    for name in headers:
        if name.lower() in _OURS or name.lower().startswith("sec-websocket-"):
            yield Fault(("broker", "headers", name), "no header that WebSocket itself needs", "one", at_key=True)


def _version(config: Config, given: dict) -> Iterator[Fault]:
    version = config.broker["version"]
    if version == [5, 4] and config.stores:
        yield Fault(("broker", "version"), "4 or 5, since there is a store", "a list [ ]")
    for key in ("session_expiry", "expiry"):
        if key in given and version == 4:
            yield Fault(("broker", key), "nothing, since broker.version is 4", shown(given[key]), at_key=True)
    if version != 4:
        yield from _session(config, given)


def _session(config: Config, given: dict) -> Iterator[Fault]:
    seconds = config.broker["session_expiry"]
    away = config.sleep.get("seconds", 0) * config.sleep.get("readings", 1)
    if "session_expiry" in given and not (config.broker["persistent"] or config.stores or away):
        expected = "nothing, since the broker keeps no session (persistent, store, sleep)"
        yield Fault(("broker", "session_expiry"), expected, shown(seconds), at_key=True)
    if seconds <= away:
        expected = f"more than {away}, which the node sleeps from one delivery to the next"
        yield Fault(("broker", "session_expiry"), expected, shown(seconds))
