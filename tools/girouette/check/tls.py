"""What `broker.tls` wants besides sound keys: something that says whom to believe, and hosts that go with it. The node
finds that as it starts."""

from collections.abc import Iterator
from pathlib import Path

from .config import Config
from .fault import Fault

_PARTS = ("ca", "cert", "key")


def _table(config: Config) -> dict | None:
    found = config.broker["tls"]
    return found if isinstance(found, dict) and config.is_sound(("broker", "tls")) else None


def faults(config: Config) -> Iterator[Fault]:
    yield from _schemes(config)
    found = _table(config)
    if found is None:
        return
    path = ("broker", "tls")
    if "ca" in found and found.get("insecure"):
        yield Fault((*path, "insecure"), "false, since there is a ca", "true")
    if "ca" not in found and not found.get("insecure"):
        yield Fault((*path, "ca"), "a file or PEM text, since `insecure` is not true", "nothing")
    for one, other in (("cert", "key"), ("key", "cert")):
        if one in found and other not in found:
            yield Fault((*path, other), f"a file or PEM text, since there is a {one}", "nothing")


def _schemes(config: Config) -> Iterator[Fault]:
    """Of the broker's hosts, with WebSocket, and whether there is TLS to them."""
    schemes = sorted({host.partition("://")[0] for host in config.hosts if "://" in host})
    given = config.found.get("broker", {}).get("tls") is not None if schemes else None
    if len(schemes) > 1:
        yield Fault(("broker", "host"), "ws:// or wss:// for all of them", "both")
    elif schemes == ["wss"] and not given:
        yield Fault(("broker", "tls"), "a table { }, since broker.host is wss://", "nothing")
    elif schemes == ["ws"] and given:
        yield Fault(("broker", "host"), "wss://, since there is a broker.tls", "ws://")


def notes(config: Config, folder: Path) -> Iterator[str]:
    """folder: that of config.json, where a file of the board is looked for."""
    found = _table(config) or {}
    if found.get("insecure"):
        yield "broker.tls.insecure: the connection is encrypted, but whoever answers is believed, and gets the password"
    for part in _PARTS:
        name = found.get(part)
        if name and "-----BEGIN" not in name:
            there = (folder / name.lstrip("/")).is_file()
            missing = "" if there else ", and there is none beside the configuration that could be"
            yield f"broker.tls.{part}: the file {name} must be copied to the board{missing}: mpremote cp {name} :"
    if any("PRIVATE KEY" in str(value) for value in (found.get("ca"), found.get("cert"))):
        yield "broker.tls: ca or cert holds a private key: only `key` may, best in secrets.json"
