"""`girouette loader`: the model of a chip's boot loader, for trying `girouette flash`, esptool and the like without
hardware. Ctrl-C ends it."""

import threading
from pathlib import Path

from girouette.errors import Failure
from girouette.loader import CHIPS, Loader
from girouette.loader.drive import Drive

HELP = "a chip's boot loader without hardware: esptool talks to it over a socket, an RP2's is a folder"
_DRIVES = {"rp2040": "RPI-RP2", "rp2350": "RP2350"}


def add_arguments(parser):
    parser.add_argument("chip", choices=[*CHIPS, *_DRIVES])
    parser.add_argument("--flash", metavar="FILE", type=Path, help="what its flash holds (default: CHIP.flash)")
    parser.add_argument("--size", type=int, choices=(1, 2, 4, 8, 16), default=4, help="MB (default: %(default)s)")
    parser.add_argument("--tcp", metavar="N", type=int, default=0, help="listen on this TCP port (default: a free one)")
    parser.add_argument("--plain", action="store_true", help="socket:// for rfc2217://: fast, but no reset lines")
    parser.add_argument("--boot", action="store_true", help="the BOOT button is held down")
    parser.add_argument("--no-auto-reset", action="store_true", help="a board that leaves its BOOT pin to the button")


def run(args) -> int:
    flash = args.flash or Path(f"{args.chip}.flash")
    if not flash.absolute().parent.is_dir():
        raise Failure(f"there is no folder {flash.parent} for the flash; make it first")
    return _drive(args, flash) if args.chip in _DRIVES else _socket(args, flash)


def _socket(args, flash: Path) -> int:
    with Loader(args.chip, flash, args.size << 20, args.tcp, args.plain, args.boot or None) as loader:
        loader.machine.lines.has_auto_reset = not args.no_auto_reset
        print(f"{CHIPS[args.chip].name}: flash in {flash}, Ctrl-C ends it; its port is {loader.url}", flush=True)
        threading.Event().wait()
    return 0


def _drive(args, flash: Path) -> int:
    started = threading.Event()
    folder = Path(_DRIVES[args.chip])
    if folder.exists():
        raise Failure(f"there is a {folder} in this folder already: remove it, or start in another folder")
    with Drive(folder, flash, args.size << 20, on_start=started.set).plug():
        print(f"{args.chip}: flash in {flash}, Ctrl-C ends it; its drive is {folder}", flush=True)
        started.wait()
        print("the file was taken whole: the board has started, and the drive is gone")
    return 0
