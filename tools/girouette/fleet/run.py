"""`deploy_all`: the nodes of a fleet, each onto its board, side by side. One that fails does not stop the others."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table as Grid

from .. import boards, build, ports, textfile
from ..deploy import Deployment, Unproven, Wish, work_folder
from ..errors import Failure
from . import Node
from .table import Overview, Row

_SIDE_BY_SIDE = 16  # tools at once; each is a process that mostly waits


@dataclass
class Result:
    """What became of a node: the exit status and the facts that one deployment has; error: why not."""

    name: str
    place: str
    seconds: float
    facts: dict
    status: int = 0
    error: str | None = None

    @property
    def words(self) -> str:
        return self.error or self.facts.get("words", "")


@dataclass
class Manner:
    """How all of them are deployed: as the options of the command."""

    via: str = "mpremote"
    wait: float = 60
    any_board: bool = False
    strapping: bool = False
    dry_run: bool = False


def deploy_all(nodes: list[Node], manner: Manner, overview: Overview) -> list[Result]:
    """All results, in the order of the nodes."""
    workers = 1 if manner.dry_run else min(len(nodes), _SIDE_BY_SIDE)
    with overview, ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda node: _one(node, manner, overview), nodes))


def _one(node: Node, manner: Manner, overview: Overview) -> Result:
    row = Row(overview, node.name, manner.dry_run)
    row.facts = {"board": node.board}
    status, error = 0, None
    try:
        port = row.facts["port"] = _port(node, manner.dry_run)
        folder = work_folder(node.name, port)
        maker = build.maker(node.board, manner.strapping)
        config = _written(node, folder / "config")
        wish = Wish(
            boards.load(node.board), port, maker, config, folder, manner.via, manner.wait, manner.any_board
        )  # fmt: skip
        Deployment(wish, row).run()
    except Failure as fault:
        status, error = fault.status, row.masked(str(fault))
        overview.tell(node.name, "✗ failed", error.splitlines()[0])
    except Exception as fault:  # a fault of ours with one board is no reason to leave the others half done
        status, error = 1, row.masked(f"a fault of girouette itself: {fault!r}")
        overview.tell(node.name, "✗ failed", error)
    return Result(node.name, node.place, time.monotonic() - row.begun, row.facts, status, error)


def _port(node: Node, dry_run: bool) -> str:
    if node.port or dry_run:
        return node.port or "PORT" if dry_run else ports.choose(node.port)
    for found in ports.found():
        if found.serial_number == node.serial:
            return found.port
    raise Failure(f"no board with the serial number {node.serial} is plugged in")


def _written(node: Node, folder: Path) -> Path:
    """Its configuration as files in the folder, the secrets for this user's eyes only."""
    folder.mkdir(parents=True, exist_ok=True)
    config, hidden = folder / "config.json", folder / "secrets.json"
    config.write_text(json.dumps(node.config, indent=2, ensure_ascii=False) + "\n")
    hidden.unlink(missing_ok=True)
    if node.secrets is not None:
        textfile.write_private(hidden, json.dumps(node.secrets, indent=2, ensure_ascii=False) + "\n")
    return config


def summary(results: list[Result]) -> Grid:
    """A line for each node."""
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    for title in ("", "node", "port", "files", "bytes", "time", ""):
        grid.add_column(title, justify="right" if title in ("files", "bytes", "time") else "left")
    signs = {0: "[green]✓[/]", Unproven.status: "[yellow]?[/]"}
    for one in results:
        copied, count = one.facts.get("copied", ""), one.facts.get("bytes", "")
        words = one.words.replace("[", r"\[")
        sign = signs.get(one.status, "[red]✗[/]")
        grid.add_row(sign, one.name, one.place, f"{copied}", f"{count}", f"{one.seconds:.1f} s", words)
    return grid


def as_json(results: list[Result], seconds: float) -> str:
    nodes = {
        one.name: {"ok": one.status == 0, "seconds": round(one.seconds, 2)}
        | one.facts
        | ({"error": one.error} if one.error else {})
        for one in results
    }
    well = all(one.status == 0 for one in results)
    return json.dumps({"command": "deploy", "ok": well, "seconds": round(seconds, 2), "nodes": nodes}, indent=2)
