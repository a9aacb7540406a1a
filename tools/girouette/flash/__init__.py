"""`girouette flash`: MicroPython itself onto a board. The file is checked before anything is erased; then the tool of
the board's kind writes it: espressif.py, pico.py, stm32.py. The models of boot loaders are in girouette.loader."""

import fnmatch
import re
from dataclasses import dataclass
from pathlib import Path

from .. import ports
from ..boards import BoardInfo
from ..errors import Refused
from ..paths import shown
from ..steps import Steps
from . import dfu, esp, espressif, fetch, files, pico, stm32, uf2

_NAMED = re.compile(r"([A-Z0-9_]+)-(?:[A-Z0-9_]+-)?\d{8}-v")  # as micropython.org names its files


@dataclass(frozen=True)
class Wanted:
    """What to flash, and how: a file, or the version of one to fetch."""

    firmware: Path | None = None
    version: str | None = None
    baud: int = espressif.BAUD
    volume: Path | None = None


def flash(board: BoardInfo, port: str | None, wanted: Wanted, steps: Steps):
    """Put MicroPython on the board. Raises Refused before anything is changed, Failure after."""
    path = _file(board, port, wanted, steps)
    about = board.firmware
    steps.facts |= {"board": board.id, "port": port, "firmware": str(path)}
    if path is None:  # a dry run, which fetches nothing
        path = Path(about.pattern.replace("*", f"*-v{wanted.version}", 1))
        data, kind = b"", files.DFU
    else:
        data = files.read(path)
        with steps.step("checking the file") as step:
            kind = _check(board, path, data)
            step.note(f"{shown(path)}, {len(data):,} bytes")
        _note_other_name(board, path, steps)
    if about.method == "esptool":
        if not (port and steps.dry_run):
            port = ports.choose(port)
        espressif.flash(board, port, path, len(data), wanted.baud, steps)
    elif about.method == "uf2":
        pico.flash(board, port, path, data, wanted.volume, steps)
    else:
        stm32.flash(board, port, path, kind, len(data), steps)


def _file(board: BoardInfo, port: str | None, wanted: Wanted, steps: Steps) -> Path | None:
    if wanted.firmware:
        return wanted.firmware
    if wanted.version:
        return fetch.fetch(board, port, wanted.version, steps)
    raise Refused(
        f"what is to be flashed? --firmware FILE, a file {board.firmware.pattern} from {board.firmware.url};"
        " or --version 1.29.0, which fetches it"
    )


def _check(board: BoardInfo, path: Path, data: bytes) -> str:
    """The kind of file. Raises Refused if it must not go to this board."""
    about = board.firmware
    if about.method == "esptool":
        esp.check(path, data, board.chip, about.offset)
    elif about.method == "uf2":
        uf2.check(path, data, about.family)
    else:
        return dfu.check(path, data, board.chip, about.address)
    return files.kind(data)


def _note_other_name(board: BoardInfo, path: Path, steps: Steps):
    """The chip is right, or it would have been refused; the board may still be another, with other pins."""
    named = _NAMED.match(path.name)
    if named and named[1] != board.micropython and not fnmatch.fnmatch(path.name, board.firmware.pattern):
        steps.say(f"note: {path.name} was made for {named[1]}; for this board there is {board.firmware.pattern}")
