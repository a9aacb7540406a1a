"""`girouette check`: every fault of a config.json at once, each with its place, and what the node would do with it."""

from pathlib import Path

from rich.console import Console
from rich.text import Text

from girouette import boards, textfile
from girouette.check import Report, check, show

HELP = "find every fault of a config.json; exit status 0: none, 1: some"


def add_arguments(parser):
    parser.add_argument("config", nargs="?", type=Path, default=Path("config.json"), help="default: config.json")
    parser.add_argument("--board", metavar="ID", help="check the pins of this board (default: what the file names)")
    parser.add_argument("--secrets", type=Path, help="default: secrets.json beside the config, if there is one")
    parser.add_argument("--allow-strapping", action="store_true", help="let parts use pins the chip reads as it starts")


def run(args) -> int:
    beside = args.config.parent / "secrets.json"
    secrets = args.secrets or (beside if beside.is_file() else None)
    if args.board:
        boards.load(args.board)  # its Failure goes before the faults
    report = check(
        textfile.read(args.config),
        textfile.read(secrets) if secrets else None,
        args.board,
        args.allow_strapping,
        (str(args.config), str(secrets or "")),
    )
    console = Console(highlight=False, soft_wrap=True)
    for line in _lines(report, str(args.config)):
        console.print(line)
    return 1 if report.faults else 0


def _lines(report: Report, name: str):
    for fault in report.faults:
        yield show.text(fault)
    if not report.faults:
        yield from (f"  {topic} every {interval} s" for topic, interval in report.topics)
        for topic, obeys in report.things:
            yield f"  {topic} on every change" + (f", obeys {topic}/set" if obeys else "")
    if report.reserve and not report.faults:
        yield f"{report.reserve.place}: {report.reserve}"
    for note in report.notes:
        yield Text(f"note: {note}", "yellow")
    count = len(report.faults)
    if count:
        yield Text(f"{name}: {count} fault{'s' if count > 1 else ''}", "bold red")
    else:
        yield Text(f"{name} is sound" + (f" for {report.board.name}" if report.board else ""), "bold green")
