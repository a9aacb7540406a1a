"""`girouette simulate`: a firmware folder on the simulated board: console and keyboard of a world in a terminal."""

import contextlib
import json
import sys
import threading
from pathlib import Path

from girouette.errors import Failure
from girouette.simboard import Board, Weather, parts
from girouette.simboard.serial import SerialBoard

HELP = "run a firmware folder on the simulated board; type help for what can happen to it"

_WORLD = """\
  wifi off | on              the access point vanishes, comes back
  net freeze | thaw | cut    the radio is lost unnoticed, found again; every link is reset
  net slow N | fast          N bytes a second at most; no limit
  sensor off | on            the first sensor leaves the bus, comes back; with a name behind it, that one
  sensor stick | hang | ok   it repeats itself; never finishes; works again
  power off | on | cycle     at once, in the middle of whatever it does
  reset                      the button
  ctrl-c                     on its console: interrupts the program
  cable off | on             with --serial: its port vanishes, comes back
  weather                    what the air is like
  weather temperature=-5     fix a quantity (temperature, humidity, pressure); weather resume lets it go on
  quit"""
_FAULTS = {"off": "unplug", "on": "plug", "stick": "stick", "hang": "hang", "ok": "release"}


def add_arguments(parser):
    parser.add_argument("folder", type=Path, help="the board's flash: main.py and all it needs")
    parser.add_argument("--bits", type=int, choices=(32, 64), default=32, help="size of objects; 32 as on the chips")
    parser.add_argument("--heap", default="112k", help="RAM for the firmware (default: %(default)s)")
    parser.add_argument(
        "--serial",
        action="store_true",
        help="give it a serial port for mpremote, ampy and `girouette`; the folder may be empty then",
    )
    parser.add_argument("--speed", type=float, default=1.0, help="how much faster the weather goes, e.g. 600")


def _fix_weather(board: Board, args: list[str]):
    if args == ["resume"]:
        board.weather.resume()
    for setting in args if args != ["resume"] else []:
        name, _, value = setting.partition("=")
        board.weather.set(**{name: float(value)})
    print("  {:.2f} °C, {:.2f} %, {:.2f} hPa".format(*board.weather.now()), flush=True)


def _actions(board: Board, cable: SerialBoard | None) -> dict:
    """What can be typed: the words, and what they do."""
    return {
        "wifi off": lambda: board.wifi(False),
        "wifi on": lambda: board.wifi(True),
        "net freeze": board.net.freeze,
        "net thaw": board.net.thaw,
        "net cut": board.net.cut,
        "net fast": lambda: board.net.slow(None),
        "power off": board.power_off,
        "power on": board.power_on,
        "power cycle": board.power_cycle,
        "reset": board.reset,
        "ctrl-c": board.interrupt,
        "help": lambda: print(_WORLD, flush=True),
        "cable off": cable and cable.unplug,
        "cable on": cable and cable.plug,
    }


def _sensor(board: Board, fault: str, name: str | None = None):
    """A fault of a sensor, the first one if none is named."""
    if not board.sensors:
        raise ValueError("no sensor is wired to this board")
    try:
        wanted = board.sensor(name) if name else board.sensors[0]
    except KeyError as e:
        raise ValueError(e.args[0]) from None
    getattr(wanted, _FAULTS[fault])()


def obey(board: Board, line: str, cable: SerialBoard | None = None):
    """Do what was typed; ValueError says why not."""
    words = line.split()
    if not words:
        return
    if words[0] == "weather":
        _fix_weather(board, words[1:])
    elif words[:2] == ["net", "slow"] and len(words) == 3:
        board.net.slow(float(words[2]))
    elif words[0] == "sensor" and len(words) in (2, 3) and words[1] in _FAULTS:
        _sensor(board, *words[1:])
    elif action := _actions(board, cable).get(" ".join(words)):
        action()
    else:
        raise ValueError(f"{line.strip()!r} is nothing I know; type help")


def _listen(board: Board, cable: SerialBoard | None):
    """Obey the keyboard until `quit` or the end of input."""
    for line in sys.stdin:
        if line.strip() == "quit":
            return
        try:
            obey(board, line, cable)
        except ValueError as e:
            print(f"  {e}", flush=True)
    # No keyboard: the board runs until Ctrl-C, which may come at any point, so no lock of the board's is held here.
    threading.Event().wait()


def _wired(folder: Path) -> list | None:
    """The sensors of the configuration in the folder; None, the board's usual ones, where there is none to read."""
    try:
        config = json.loads((folder / "config.json").read_text())
        return parts.wired(config) or None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # the board tells what is wrong with it
        return None


def run(args) -> int:
    if args.serial:
        args.folder.mkdir(parents=True, exist_ok=True)
    try:
        board = Board(
            args.folder,
            bits=args.bits,
            heap=args.heap,
            weather=Weather(speed=args.speed),
            sensors=_wired(args.folder),
            empty=args.serial,
            on_line=lambda line: print(line, flush=True),
        )
    except (FileNotFoundError, ValueError) as e:
        raise Failure(str(e)) from None
    cable = SerialBoard(board) if args.serial else None
    with contextlib.ExitStack() as running:
        if cable:
            running.enter_context(cable)
            print(f"the board's serial port is {cable.port}", flush=True)
        else:
            running.callback(board.close)
            board.start()
        _listen(board, cable)
    return 0
