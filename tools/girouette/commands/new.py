"""`girouette new`: a few questions, and a config.json and secrets.json that are sound."""

import sys
from pathlib import Path

from rich.console import Console

from girouette import boards
from girouette.errors import Failure
from girouette.new import Answers, conventions, files, parts, wire, write
from girouette.new.ask import complete, split
from girouette.paths import shown

HELP = "ask a few questions and write config.json and secrets.json"

_NEEDED = {"board": "--board", "name": "--name", "ssid": "--ssid", "broker": "--broker", "sensors": "--sensors"}


def add_arguments(parser):
    parser.add_argument("folder", nargs="?", type=Path, default=Path(), help="where to write them (default: here)")
    parser.add_argument("--board", choices=boards.ids(), help="what is not given as an option is asked")
    parser.add_argument("--name", help="of the node")
    parser.add_argument("--ssid", help="the Wi-Fi network; not asked of a board with a cable only")
    parser.add_argument("--wifi-password")
    parser.add_argument("--broker", metavar="HOST[:PORT]")
    parser.add_argument("--user", help="at the broker")
    parser.add_argument("--password", help="at the broker")
    parser.add_argument("--sensors", type=split, metavar="PART,...", help=f"of {', '.join(parts())}")
    parser.add_argument("--discovery", choices=conventions(), help="what the node introduces itself to (default: none)")
    parser.add_argument("--force", action="store_true", help="replace files that are there")


def run(args) -> int:
    answers = Answers(*(getattr(args, name) for name in Answers.__dataclass_fields__))
    if sys.stdin.isatty():
        _ask(answers)
    wired = answers.board and wire(answers.board)
    needed = {name: option for name, option in _NEEDED.items() if not (wired and name == "ssid")}
    missing = [option for name, option in needed.items() if getattr(answers, name) is None]
    if missing:
        raise Failure(f"there is no terminal to ask in; give {', '.join(missing)}")
    config, secrets = files(answers)
    written = write(args.folder, config, secrets, args.force)
    print(f"written: {' and '.join(shown(path) for path in written)}")
    for sensor in config["sensors"]:
        wires = ", ".join(f"{key} {value}" for key, value in sensor.items() if key != "type")
        print(f"  {sensor['type']}: {wires}")
    print(f"next: girouette check {shown(written[0])}")
    return 0


def _ask(answers: Answers):
    try:
        complete(answers, Console(highlight=False))
    except EOFError:
        raise Failure("the answers ended before the questions; nothing was written") from None
