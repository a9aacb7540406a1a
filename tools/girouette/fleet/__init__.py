"""`read`: a fleet.toml as a list of nodes, each with its board, its port and its own config.json.

    [defaults]                       what a node does not say itself
    board = "ESP32_GENERIC"
    config = "station.json"          a config.json with {{placeholders}}: render.py
    secrets = "secrets.toml"         or a folder with <node>.json: secrets.py

    [defaults.values]
    interval = 60

    [nodes.porch]                    the table's name is {{node}}
    port = "/dev/ttyUSB0"            or serial = "0001", the USB serial number
    values = { altitude = 12 }

Paths are beside the fleet.toml. Nothing is written here, and no board is asked; between.py holds the nodes against each
other, run.py deploys them.
"""

import difflib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from .. import boards
from ..errors import Failure
from . import render, secrets

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_KEYS = ("board", "port", "serial", "config", "secrets", "values")


@dataclass(frozen=True)
class Node:
    """name: of its table. port or serial: where it is plugged in. config, secrets: what goes to the board."""

    name: str
    board: str
    port: str | None
    serial: str | None
    config: dict
    secrets: dict | None

    @property
    def place(self) -> str:
        return self.port or f"serial number {self.serial}"


def read(path: Path) -> list[Node]:
    """The nodes, in the order of the file. Raises Failure with every fault there is."""
    about = toml(path)
    faults: list[str] = []
    nodes = []
    _known(about, ("defaults", "nodes"), "", faults)
    defaults = _table(about, "defaults", faults)
    tables = _table(about, "nodes", faults)
    if not tables and not faults:
        faults.append("there is no [nodes.NAME]")
    for name in tables:
        try:
            nodes.append(_node(path.parent, name, _joined(defaults, _table(tables, name, faults)), faults))
        except Failure as fault:
            faults.append(f"nodes.{name}: {fault}")
    if faults:
        count = f"{len(faults)} fault{'s' * (len(faults) > 1)}"
        raise Failure("\n".join([f"{path} has {count}: nothing was done", *faults]))
    return nodes


def toml(path: Path) -> dict:
    """A TOML file. Raises Failure."""
    try:
        return tomllib.loads(path.read_text())
    except OSError as fault:
        raise Failure(f"cannot read {path}: {fault.strerror}") from None
    except UnicodeDecodeError:
        raise Failure(f"{path} is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as fault:
        raise Failure(f"{path} is not TOML: {fault}") from None


def _node(beside: Path, name: str, about: dict, faults: list[str]) -> Node:
    _known(about, _KEYS, f"nodes.{name}.", faults)
    for key in ("board", "config"):
        if not isinstance(about.get(key), str):
            raise Failure(f"expected `{key}`, here or in [defaults]")
    if ("port" in about) == ("serial" in about):
        raise Failure("expected `port` or `serial` (the board's USB serial number; `girouette doctor` lists both)")
    boards.load(about["board"])
    values = about.get("values", {})
    template = beside / about["config"]
    config = render.rendered(_json(template), {"node": name} | values, template.name)
    hidden = secrets.of(beside / about["secrets"], name) if "secrets" in about else None
    return Node(name, about["board"], about.get("port"), about.get("serial"), config, hidden)


def _joined(defaults: dict, about: dict) -> dict:
    """A node's table over the defaults. A port that one of them names does not meet a serial number of the other."""
    values = {**defaults.get("values", {}), **about.get("values", {})}
    return {**defaults, **about, "values": values}


def _table(about: dict, key: str, faults: list[str]) -> dict:
    found = about.get(key, {})
    if not isinstance(found, dict):
        faults.append(f"{key}: expected a table")
        return {}
    return found


def _known(about: dict, keys: tuple, where: str, faults: list[str]):
    for key in about:
        if key not in keys:
            near = difflib.get_close_matches(key, keys, 1)
            faults.append(f"{where}{key}: there is no such key" + (f"; did you mean {near[0]}?" if near else ""))


def _json(path: Path) -> dict:
    try:
        found = json.loads(path.read_text())
    except OSError as fault:
        raise Failure(f"cannot read {path}: {fault.strerror}") from None
    except ValueError as fault:
        raise Failure(f"{path} is not JSON: {fault}. Placeholders stand inside texts: \"{{{{interval}}}}\"") from None
    if not isinstance(found, dict):
        raise Failure(f"{path}: expected a table {{ }}")
    return found
