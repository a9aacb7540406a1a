"""`girouette loader`: the model of a chip's boot loader, for trying esptool and `girouette flash` without hardware."""

import threading
from pathlib import Path

from girouette.errors import Failure
from girouette.loader import CHIPS, Loader

HELP = "an Espressif chip without hardware: esptool and `girouette flash` talk to its boot loader over a socket"


def add_arguments(parser):
    parser.add_argument("chip", choices=list(CHIPS))
    parser.add_argument("--flash", metavar="FILE", type=Path, help="what its flash holds (default: CHIP.flash)")
    parser.add_argument("--size", type=int, choices=(1, 2, 4, 8, 16), default=4, help="MB (default: %(default)s)")
    parser.add_argument("--tcp", metavar="N", type=int, default=0, help="listen on this TCP port (default: a free one)")
    parser.add_argument("--plain", action="store_true", help="socket:// for rfc2217://: fast, but no reset lines")
    parser.add_argument("--boot", action="store_true", help="the BOOT button is held down")
    parser.add_argument("--no-auto-reset", action="store_true", help="a board that leaves its BOOT pin to the button")


def run(args) -> int:
    path = args.flash or Path(f"{args.chip}.flash")
    if not path.absolute().parent.is_dir():
        raise Failure(f"there is no folder {path.parent} for the flash; make it first")
    with Loader(args.chip, path, args.size << 20, args.tcp, args.plain, args.boot or None) as loader:
        loader.machine.lines.has_auto_reset = not args.no_auto_reset
        print(f"{CHIPS[args.chip].name} with its flash in {path}; Ctrl-C ends it. Its port is {loader.url}")
        print(f"for example: esptool --port {loader.url} flash-id", flush=True)
        threading.Event().wait()
    return 0
