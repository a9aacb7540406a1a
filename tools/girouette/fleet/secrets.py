"""The secrets of the nodes of a fleet: one secrets.toml for all, or a folder with a file for each.

Either has, per node and for all of them (`defaults`), what a secrets.json has: any part of a configuration. What these
files hold goes to the boards, and into no message.
"""

import json
from pathlib import Path

from ..errors import Failure

_ALL = "defaults"


def of(path: Path, node: str) -> dict:
    """The secrets of a node. Raises Failure."""
    if path.is_dir():
        found = [_json(path / f"{name}.json") for name in (_ALL, node)]
        if found == [None, None]:
            raise Failure(f"{path} has neither {node}.json nor {_ALL}.json")
        return joined(*[one or {} for one in found])
    from . import toml

    tables = toml(path)
    if unknown := set(tables) - {_ALL, "nodes"}:
        raise Failure(f"{path.name}: expected [{_ALL}] and [nodes.NAME], found {', '.join(sorted(unknown))}")
    return joined(tables.get(_ALL, {}), tables.get("nodes", {}).get(node, {}))


def joined(found, more):
    """As the node joins secrets.json with config.json: tables key by key, lists item by item."""
    if isinstance(found, dict) and isinstance(more, dict):
        return found | {key: joined(found[key], below) if key in found else below for key, below in more.items()}
    if isinstance(found, list) and isinstance(more, list):
        both = [joined(*pair) for pair in zip(found, more, strict=False)]
        return both + found[len(both) :] + more[len(both) :]
    return more


def _json(path: Path) -> dict | None:
    try:
        found = json.loads(path.read_text())
    except FileNotFoundError:
        return None
    except OSError as fault:
        raise Failure(f"cannot read {path}: {fault.strerror}") from None
    except ValueError:  # its words would show the text
        raise Failure(f"{path} is not JSON") from None
    if not isinstance(found, dict):
        raise Failure(f"{path}: expected a table {{ }}")
    return found
