"""`girouette boards`: the boards there are; one of them with its pins; its drawing."""

import json
import re
from pathlib import Path

from rich.console import Console
from rich.table import Table

from girouette import boards, pinout
from girouette.boards import BoardInfo, Pin
from girouette.errors import Failure

_TABLE = re.compile(r"(<!-- boards -->\n).*?(<!-- end -->)", re.DOTALL)
_WAYS = {"wifi": "Wi-Fi", "rmii": "Ethernet (RMII)", "w5500": "Ethernet (W5500)"}

HELP = "list the boards; with an id: one board, its pins and its wiring"


def add_arguments(parser):
    parser.add_argument("board", nargs="?", metavar="ID", help="show this one, with its pins")
    parser.add_argument("--json", action="store_true", help="for a program")
    parser.add_argument("--update", metavar="PAGE", type=Path, help="write the table of boards into this page")
    parser.add_argument("--svg", action="store_true", help="the drawing of its headers; redirect it into a file")


def run(args) -> int:
    if args.update:
        args.update.write_text(updated(args.update.read_text()))
        return 0
    if args.board:
        return _one(boards.load(args.board), args)
    if args.svg:
        raise Failure("--svg draws one board: name it")
    found = [boards.load(board) for board in boards.ids()]
    if args.json:
        print(json.dumps([board.about for board in found], indent=2, ensure_ascii=False))
        return 0
    console = Console(highlight=False)
    console = console if console.is_terminal else Console(highlight=False, width=120)
    console.print(_table(found))
    return 0


def updated(page: str) -> str:
    """The page with its table of the boards as they are."""
    rows = ["| board | id | network | its notes |", "|---|---|---|---|"]
    for board in map(boards.load, boards.ids()):
        ways = ", ".join(_WAYS[way] for way in board.network)
        rows.append(f"| {board.name} | `{board.id}` | {ways} | [wiring](../boards/{board.id}/README.md) |")
    return _TABLE.sub(lambda match: match[1] + "\n".join(rows) + "\n" + match[2], page)


def _one(board: BoardInfo, args) -> int:
    if args.svg:
        print(pinout.svg(board), end="")
    elif args.json:
        print(json.dumps(board.about, indent=2, ensure_ascii=False))
    else:
        console = Console(highlight=False)
        console.print(f"[bold]{board.id}[/]: {board.name}\n")
        for name, words in _facts(board):
            console.print(f"  {name:<12} {words}", soft_wrap=True)
        console.print(_pins(board))
        console.print(f"\nwiring and pinout: boards/{board.id}/README.md", soft_wrap=True)
    return 0


def _table(found: list[BoardInfo]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("id", "chip", "network", "flashed by", "heap", "board"):
        table.add_column(title, no_wrap=title != "board", justify="right" if title == "heap" else "left")
    for board in found:
        network, heap = ", ".join(board.network), f"{board.heap} KB"
        table.add_row(board.id, board.chip, network, board.firmware.method, heap, board.name)
    return table


def _facts(board: BoardInfo):
    yield "chip", f"{board.chip} ({board.arch})"
    yield "MicroPython", f"{board.firmware.url} ({board.firmware.pattern}), written by {board.firmware.method}"
    yield "network", ", ".join(board.network)
    yield "memory", f"about {board.heap} KB of heap for a node; files on {board.filesystem}"
    yield "watchdog", f"at most {board.watchdog_ms // 1000} s"
    yield "deep sleep", {"rtc": "with memory that outlives it", "file": "what must outlive it goes to a file"}.get(
        board.sleep, "none"
    )
    if board.led:
        yield "LED", f"{board.led['pin']}" + (", lit while low" if board.led["inverted"] else "")
    for bus, wires in board.buses.items():
        yield bus, ", ".join(f"{key} {pin}" for key, pin in wires.items())


def _pins(board: BoardInfo) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 0, 2))
    for title in ("pin", "also called", "what"):
        table.add_column(title)
    for pin in board.pins:
        table.add_row(pin.name, ", ".join(board.called(pin)), _words(pin))
    return table


def _words(pin: Pin) -> str:
    if pin.taken:
        return f"[dim]taken: {pin.taken}[/]"
    told = ["analog input"] if pin.adc else []
    told += ["input only"] if pin.input_only else []
    told += [f"[yellow]strapping: {pin.strapping}[/]"] if pin.strapping else []
    return "; ".join([*told, *([pin.caution] if pin.caution else [])]) or "[green]free[/]"
