"""`girouette monitor`: the console of a board."""

from girouette import ports
from girouette.console import Console
from girouette.monitor import Monitor

HELP = "show a board's console with times and colours; Ctrl-C or Ctrl-] ends it, Ctrl-X sends the board a Ctrl-C"


def add_arguments(parser):
    ports.add_argument(parser)
    parser.add_argument("--baud", type=int, default=115200, help="default: %(default)s")
    parser.add_argument("--reset", action="store_true", help="restart an ESP32 first, by its reset line")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    parser.add_argument("--until", metavar="TEXT", help="end when a line has this text; status 1 if it does not come")
    parser.add_argument("--seconds", type=float, metavar="N", help="end after so long")


def run(args) -> int:
    with Console(ports.choose(args.port), args.baud) as console:
        if args.reset:
            console.reset()
        again = None if args.port else lambda: ports.choose(None)
        return 0 if Monitor(console, args.json, args.until, args.seconds, again).run() else 1
