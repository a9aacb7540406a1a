"""`girouette parts`: the parts there are drivers for; one of them with its wires, its entry and its faults."""

from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from girouette import partdoc, schema
from girouette.errors import Failure
from girouette.paths import ROOT, shown

HELP = "list the sensors, actuators and inputs there are drivers for; with a name: one part"


def add_arguments(parser):
    parser.add_argument("part", nargs="?", metavar="PART", help="show this one: wiring, an entry, keys, faults")
    parser.add_argument("--update", action="store_true", help="write docs/parts/ and the table of docs/drivers.md")


def run(args) -> int:
    if args.update:
        index = ROOT / "docs" / "drivers.md"
        index.write_text(partdoc.index(index.read_text()))
        print("\n".join(map(shown, [*partdoc.write(), index])))
    elif args.part:
        _one(args.part)
    else:
        _all()
    return 0


def _one(part: str):
    if part not in schema.drivers():
        raise Failure(f"there is no driver for {part}; there are {', '.join(schema.drivers())}")
    console = Console(highlight=False)
    if console.is_terminal:
        console.print(Markdown(partdoc.page(part), hyperlinks=False))
    else:
        print(partdoc.page(part), end="")


def _all():
    console = Console(highlight=False)
    console = console if console.is_terminal else Console(highlight=False, width=120)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("part", "role", "bus", "what"):
        table.add_column(title, no_wrap=title != "what")
    for part, about in schema.drivers().items():
        table.add_row(part, schema.role(about), about["bus"], about["description"])
    console.print(table)
