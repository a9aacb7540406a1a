"""Whether this build may go to this board: the right one, a system new enough, room enough. Said before anything is
changed there. Pure."""

import re

from .. import mpyfile
from ..boards import BoardInfo
from ..errors import Failure
from ..toolchain import OLDEST
from .plan import Found, Plan


def board(asked: BoardInfo, there: Found, any_board: bool):
    """Raises Failure when the board that answers is not the one that was asked for, or its system is too old."""
    _chip(asked, there)
    build = there.about["build"].split("-")[0]  # what is behind the hyphen is a variant, e.g. SPIRAM
    if build and build != asked.micropython and not any_board:
        raise Failure(
            f"the board at this port has MicroPython for {build}, not for {asked.micropython}: is it the right board,"
            f" at the right port? `girouette flash {asked.id}` puts the right one on it; --any-board goes on without"
        )
    _system(there)


def _chip(asked: BoardInfo, there: Found):
    wanted, machine = _letters(asked.chip), there.about["machine"]
    told = _letters(machine.rpartition(" with ")[2])
    rest = told.removeprefix(wanted)
    if rest == told or re.match(r"(S|C|H|P)\d", rest) and wanted == "ESP32":  # ESP32-S3 is another chip than ESP32
        raise Failure(f"the board at this port is another one: {asked.id} has a {asked.chip}, this is a {machine}")


def _letters(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", name.upper())


def _system(there: Found):
    if mpyfile.refusal(there.about["mpy"], tuple(there.about["version"])):
        raise Failure(
            f"{there.system} is too old for these .mpy files: Girouette needs {'.'.join(map(str, OLDEST))} or later."
            " `girouette flash` puts a new one on the board"
        )


def space(there: Found, what: Plan):
    """Raises Failure when the file system has no room for what is to be written."""
    free = there.about["free"]
    if what.needed > free:
        raise Failure(
            f"the copy needs {what.needed:,} bytes of flash, and {free:,} of {there.about['total']:,} are free: remove"
            " files of yours from the board (`mpremote fs ls`, `mpremote fs rm :FILE`). Nothing was changed"
        )
