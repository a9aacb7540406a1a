"""`girouette flash`: MicroPython itself onto a board; exit status 3: nothing was changed."""

from pathlib import Path

from girouette import boards
from girouette.flash import Wanted, espressif, flash
from girouette.steps import Steps

HELP = "put MicroPython on a board (an Espressif chip is erased); exit status 3: nothing was changed"


def add_arguments(parser):
    parser.add_argument("board", help="its id; `girouette boards` lists them")
    parser.add_argument("--port", metavar="P", help="/dev/ttyUSB0, rfc2217://..., as esptool and mpremote take it")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--firmware", metavar="FILE", type=Path, help="the file from micropython.org")
    what.add_argument("--version", metavar="1.29.0", help="fetch this version (by mpflash) and flash it")
    parser.add_argument("--baud", type=int, default=espressif.BAUD, help="of esptool (default: %(default)s)")
    parser.add_argument("--volume", metavar="DIR", type=Path, help="where an RP2's drive is, if in no usual place")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.add_argument("--dry-run", action="store_true", help="check the file, show the commands, and run none")


def run(args) -> int:
    board = boards.load(args.board)
    with Steps("flash", as_json=args.json, dry_run=args.dry_run) as steps:
        flash(board, args.port, Wanted(args.firmware, args.version, args.baud, args.volume), steps)
    return 0
