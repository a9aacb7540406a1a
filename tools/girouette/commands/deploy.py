"""`girouette deploy`: the node onto a board, or onto all boards of a fleet.toml."""

import time
from pathlib import Path

from girouette import boards, build, fleet, ports
from girouette.deploy import Deployment, Unproven, Wish, work_folder
from girouette.deploy.via import TOOLS
from girouette.errors import Failure
from girouette.fleet import between
from girouette.fleet import run as fleet_run
from girouette.fleet.table import Overview
from girouette.steps import Steps

HELP = "build the node, copy what changed to a board, restart it and wait until it is connected"


def add_arguments(parser):
    parser.add_argument("board", metavar="BOARD", nargs="?", help="the board, as `girouette boards` lists them")
    ports.add_argument(parser)
    parser.add_argument("--config", type=Path, metavar="FILE", help="its config.json (default: the one on the board)")
    parser.add_argument("--all", type=Path, metavar="FLEET", help="all boards of a fleet.toml, side by side")
    parser.add_argument("--only", metavar="NAMES", help="with --all: these nodes only, e.g. porch,shed")
    parser.add_argument("--via", choices=sorted(TOOLS), default="mpremote", help="the tool (default: %(default)s)")
    parser.add_argument(
        "--wait", type=float, default=60, metavar="SECONDS",
        help="how long the node may take to connect; 0: do not wait (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--any-board", action="store_true", help="another board with the same chip will do")
    parser.add_argument("--allow-strapping", action="store_true", help="let parts use pins the chip reads as it starts")
    parser.add_argument("--json", action="store_true", help="one JSON object for a program")
    parser.add_argument("--dry-run", action="store_true", help="build, and print the commands; touch no board")


def run(args) -> int | None:
    """Its Failure with status 3: nothing was changed; 4: it is on the board, and is not connected."""
    if args.all:
        return _fleet(args)
    if not args.board:
        raise Failure("which board? `girouette boards` lists them; --all fleet.toml does several")
    return _single(args)


def _single(args):
    with Steps("deploy", args.json, args.dry_run) as steps:
        board = boards.load(args.board)
        port = args.port or "PORT" if args.dry_run else ports.choose(args.port)
        steps.facts |= {"board": args.board, "port": port}
        work = work_folder(args.board, port)
        maker = build.maker(args.board, args.allow_strapping)
        wish = Wish(board, port, maker, args.config, work, args.via, args.wait, args.any_board)
        Deployment(wish, steps).run()


def _fleet(args) -> int:
    if args.board or args.port or args.config:
        raise Failure("--all takes board, port and config of each node from the fleet.toml: leave them out")
    begun = time.monotonic()
    nodes = fleet.read(args.all)
    between.checked(nodes)
    nodes = _chosen(nodes, args.only)
    manner = fleet_run.Manner(args.via, args.wait, args.any_board, args.allow_strapping, args.dry_run)
    table = Overview([(node.name, node.place) for node in nodes], args.json)
    results = fleet_run.deploy_all(nodes, manner, table)
    if args.json:
        print(fleet_run.as_json(results, time.monotonic() - begun))
    elif not args.dry_run:
        table.console.print(fleet_run.summary(results))
    statuses = {one.status for one in results}
    return 1 if statuses - {0, Unproven.status} else max(statuses)


def _chosen(nodes: list, only: str | None) -> list:
    if only is None:
        return nodes
    names = [name.strip() for name in only.split(",")]
    if unknown := set(names) - {node.name for node in nodes}:
        there = ", ".join(node.name for node in nodes)
        raise Failure(f"--only: there is no node {', '.join(sorted(unknown))}; there are {there}")
    return [node for node in nodes if node.name in names]
