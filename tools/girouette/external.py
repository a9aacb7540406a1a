"""The tools of others (esptool, mpremote, ampy, ...): run, and their errors said again with the cure.

`EXPLAINED` is the one list of what their messages mean. Which tool is called for what is not known here.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from .errors import Failure, ToolMissing

# What a tool says, and what to do about it.
EXPLAINED = (
    (
        # 36, "name too long", is what LittleFS says when a file cannot be created for want of room.
        r"ENOSPC|No space left on device|Errno 28\b|OSError: (28|36)\b|ENAMETOOLONG",
        "the flash of the board is full: `mpremote connect PORT fs tree -s` shows what is on it",
    ),
    (
        r"Input/output error|returned no data|[Dd]evice disconnected|Errno 5\b|Errno 6\b",
        "the connection to the board was lost: a pulled cable, or a board that reset. Plug it in and run the command"
        " again",
    ),
    (
        r"[Pp]ermission denied.*?(/dev/\S+?)?['\"]?:?$|Errno 13",
        "no permission for the serial port: join its group and log in again: sudo usermod -aG dialout $USER",
    ),
    (
        r"could not enter raw repl",
        "the board does not answer at its prompt. Does another program hold the port (`fuser PORT` tells: a monitor,"
        " an editor)? Close it. Else press the board's reset button and try again",
    ),
    (
        r"[Dd]evice or resource busy|Could not exclusively lock port|failed to access .* \(it may be in use",
        "another program holds the port (`fuser PORT` tells which: a monitor, an editor): close it",
    ),
    (
        r"No such file or directory: ['\"]?/dev/|could not open port",
        "there is no such port: is the board plugged in, with a cable that carries data? `girouette doctor` lists the"
        " ports",
    ),
)


def find(tool: str) -> str:
    """The path of a tool: beside this Python, or on the PATH. Raises ToolMissing."""
    beside = Path(sys.executable).parent / tool
    found = str(beside) if beside.exists() else shutil.which(tool)
    if not found:
        raise ToolMissing(f"{tool} is not installed: `make setup` installs what Girouette needs")
    return found


def run(
    argv: list[str], on_line=None, timeout: float | None = None, env: dict | None = None, silence: float | None = None
) -> str:
    """All that a tool prints; `on_line` gets each line as it comes; one that is silent for `silence` seconds is ended.
    Raises Failure with the cure where it is known."""
    process = subprocess.Popen(
        [find(argv[0]), *argv[1:]], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", env=os.environ | (env or {}),
    )  # fmt: skip
    lines, patience = [], _Patience(process, silence)
    try:
        for line in _lines(process.stdout):
            patience.renew()
            lines.append(line)
            if on_line:
                on_line(line)
        status = process.wait(timeout)
    except BaseException:
        process.kill()
        process.wait()
        raise
    finally:
        patience.end()
    text = "\n".join(lines)
    if patience.lost:
        told = f"{argv[0]} said nothing for {silence:g} s and was ended: does the board hang? Reset it"
        raise Failure(f"{told}\n{text[-400:]}")
    if status:
        raise Failure(explained(argv, text, status))
    return text


class _Patience:
    """Ends a process that says nothing for so long; None: never."""

    def __init__(self, process: subprocess.Popen, seconds: float | None):
        self._process, self._seconds = process, seconds
        self._timer: threading.Timer | None = None
        self.lost = False
        self.renew()

    def renew(self):
        self.end()
        if self._seconds is not None:
            self._timer = threading.Timer(self._seconds, self._lose)
            self._timer.daemon = True
            self._timer.start()

    def end(self):
        if self._timer:
            self._timer.cancel()

    def _lose(self):
        self.lost = True
        self._process.kill()


def explained(argv: list[str], text: str, status: int) -> str:
    """What went wrong, for a person: the cure where it is known, and the tool's own last words."""
    last = "\n".join(line for line in text.strip().splitlines()[-6:])
    for pattern, cure in EXPLAINED:
        if re.search(pattern, text, re.MULTILINE):
            return f"{cure}.\n{argv[0]} said: {last}"
    return f"`{shlex.join(argv)}` failed with status {status}:\n{last}"


def _lines(stream):
    """Lines as they come; a progress display that goes back with a carriage return is one for each of its states."""
    text = ""
    while piece := stream.read(1):
        if piece in "\r\n":
            if text:
                yield text
            text = ""
        else:
            text += piece
    if text:
        yield text
