"""An Espressif chip, by the real esptool: look at the chip, then erase, write and verify in one connection.

One connection, since a chip with an empty flash restarts over and over, and one with a USB port of its own takes the
port away with it each time. And esptool's own comparison of MD5 sums, not a later verify-flash: MicroPython's first
start writes its settings (NVS) into the range of the image.
"""

import contextlib
import re
from pathlib import Path

from .. import boards
from ..boards import BoardInfo
from ..errors import Failure, Refused
from ..steps import Step, Steps
from . import words

BAUD = 460800
_VERIFIED = "Hash of data verified"
_PERCENT = re.compile(r"^Writing at .*?([\d.]+)%")
# What esptool says when the next part of its work begins, and our name for it.
_PARTS = (
    (re.compile(r"^Erasing flash"), "erasing the flash"),
    (re.compile(r"^(Compressed|Writing at) "), "writing"),
    (re.compile(r"^Verifying written"), "verifying"),
)


def flash(board: BoardInfo, port: str, path: Path, size: int, baud: int, steps: Steps):
    """Write the file, which was checked. Raises Refused before anything is erased, Failure after."""
    with steps.step("looking at the chip") as step:
        try:
            text = steps.run(["esptool", "--port", port, "flash-id"])
        except Failure as e:
            raise Refused(str(e)) from None
        if not steps.dry_run:
            step.note(_look(board, text, steps.facts))
    command = ["esptool", "--chip", board.chip, "--port", port, "--baud", baud, "write-flash", "--erase-all"]
    with _Parts(steps, size) as parts:
        try:
            text = steps.run([*command, hex(board.firmware.offset), path], parts.line)
        except Failure as e:
            raise Failure(f"{e}\n{words.HALF_WRITTEN}") if parts.begun else Refused(str(e)) from None
        if _VERIFIED not in text and not steps.dry_run:
            raise Failure(f"esptool did not say that the flash holds what was written. {words.HALF_WRITTEN}")


def _look(board: BoardInfo, text: str, facts: dict) -> str:
    """The chip that is there, in words. Raises Refused if the board has another."""
    found = _said(text, r"^Connected to (\S+) on")
    facts["chip"] = found
    facts["mac"] = _said(text, r"^MAC:\s+(\S+)")
    facts["flash"] = _said(text, r"^Detected flash size:\s+(\S+)")
    if found.lower().replace("-", "") != board.chip:
        others = [name for name in boards.ids() if boards.load(name).chip == found.lower().replace("-", "")]
        raise Refused(
            f"the chip at this port is an {found}, and {board.id} has an {board.chip}. Nothing was erased."
            + (f" Boards with an {found}: {', '.join(others)}" if others else "")
        )
    kind = _said(text, r"^Chip type:\s+(.+)")
    return f"{kind}, {facts['flash']} of flash, {facts['mac']}"


def _said(text: str, pattern: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    return found[1].strip() if found else "unknown"


class _Parts:
    """Steps that begin as esptool comes to them."""

    def __init__(self, steps: Steps, size: int):
        self._steps, self._size = steps, size
        self._stack = contextlib.ExitStack()
        self._title = ""
        self._step: Step | None = None
        self.begun = False  # the flash is no longer what it was

    def __enter__(self) -> "_Parts":
        self._begin("loading esptool's helper into RAM")
        return self

    def __exit__(self, *exc):
        return self._stack.__exit__(*exc)

    def line(self, line: str):
        """A line of esptool's."""
        for pattern, title in _PARTS:
            if pattern.match(line) and title != self._title:
                self.begun = True
                self._begin(title)
        if percent := _PERCENT.match(line):
            self._step.at(self._size * float(percent[1]) / 100)
        elif line.startswith("Wrote "):
            self._step.note(line.removeprefix("Wrote ").rstrip("."))

    def _begin(self, title: str):
        self._stack.pop_all().close()  # the step before has its tick
        self._title = title
        self._step = self._stack.enter_context(self._steps.step(title, self._size if title == "writing" else None))
