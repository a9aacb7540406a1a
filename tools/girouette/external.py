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
        # 36, "name too long", is what LittleFS says when a file cannot be created for want of room.
        r"ENOSPC|No space left on device|Errno 28\b|OSError: (28|36)\b|ENAMETOOLONG",
        "the flash of the board is full: `mpremote connect PORT fs tree -s` shows what is on it; remove files of yours"
        " (outbox.log is the node's store of readings) and run the command again",
    ),
    (
        r"No such file or directory: ['\"]?/dev/|could not open port",
        "there is no such port: is the board plugged in, with a cable that carries data? `girouette doctor` lists the"
        " ports",
    ),
    (
        r"Wrong boot mode detected",
        "the chip starts its program instead of its boot loader: hold the board's BOOT button (IO0, or FLASH),"
        " press and let go of RESET (EN), let go of BOOT, and run the same command again",
    ),
    (
        r"Failed to connect to .*(No serial data received|no sync reply)",
        "nothing answers as an Espressif chip does. Is it the right port, and a cable that carries data? If so:"
        " hold the board's BOOT button (IO0), press and let go of RESET (EN), let go of BOOT, and run this again",
    ),
    (
        r"Invalid head of packet|Invalid SLIP escape|noise or corruption|Response doesn't match request"
        r"|No more data to read|Bad data checksum|Checksum error|Inflate error",
        "what arrives is garbled: try --baud 115200, a shorter cable, a port without a hub; and close what else reads"
        " the port",
    ),
    (
        r"This chip is \S+, not \S+ Wrong chip argument",
        "the chip at this port is not the one of this board; `girouette boards` tells which board has which chip",
    ),
    (
        r"MD5 of file does not match|Verification failed",
        "the flash does not hold what was written: try again with --baud 115200; if that fails too, the flash chip is"
        " worn or its supply weak",
    ),
    (
        r"will not fit in \d+ bytes of flash",
        "the firmware is larger than this board's flash: take the variant for less flash, if its page has one",
    ),
    (
        r"Input/output error|returned no data|[Dd]evice disconnected|socket disconnected|ClearCommError"
        r"|Connection reset by peer|Errno (5|6|19|104)\b|Broken pipe|connection failed",
        "the connection to the board was lost: a pulled cable, a weak hub, or a board that reset. Plug it in and run"
        " the command again",
    ),
    (
        r"Connection refused",
        "nobody listens there: a model of a board runs only as long as its `girouette loader`",
    ),
    (
        r"No DFU capable USB device",
        "no STM32 is in its boot loader: connect BOOT0 to 3.3 V and press reset, then run the same command again",
    ),
    (
        r"LIBUSB_ERROR_ACCESS|Cannot open DFU device|libusb couldn't open USB device",
        "no permission for the USB device: install the udev rules of dfu-util or stlink-tools, unplug the board, plug"
        " it in again; `girouette doctor` shows them",
    ),
    (
        r"Couldn't find any ST-Link devices",
        "no ST-LINK is plugged in: use the Nucleo's USB connector beside the ST-LINK, with a cable that carries data",
    ),
    (
        r"Error during download get_status|Flash memory write failed",
        "the writing broke off: is the cable in, and does it hold?",
    ),
)


def find(tool: str) -> str:
    """The path of a tool: beside this Python, or on the PATH. Raises ToolMissing."""
    beside = Path(sys.executable).parent / tool
    found = str(beside) if beside.exists() else shutil.which(tool)
    if not found:
        raise ToolMissing(f"{tool} is not installed: `make setup` installs what Girouette needs")
    return found


def run(argv: list[str], on_line=None, env: dict | None = None, silence: float | None = None) -> str:
    """All that a tool prints; `on_line` gets each line as it comes; one that is silent for `silence` seconds is ended.
    Raises Failure with the cure where it is known."""
    process = subprocess.Popen(
        [find(argv[0]), *map(str, argv[1:])],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", env=os.environ | (env or {}),
    )  # fmt: skip
    lines, patience = [], _Patience(process, silence)
    try:
        for line in _lines(process.stdout):
            patience.renew()
            lines.append(line)
            if on_line:
                on_line(line)
        status = process.wait()
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
    last = "\n".join(text.strip().splitlines()[-6:])
    for pattern, cure in EXPLAINED:
        if re.search(pattern, text, re.MULTILINE):
            return f"{cure}.\n{argv[0]} said: {last}"
    return f"`{shlex.join(map(str, argv))}` failed with status {status}:\n{last}"


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
