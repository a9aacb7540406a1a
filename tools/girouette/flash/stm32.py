"""An STM32: by dfu-util over its own USB (a .dfu file), or by st-flash over an ST-LINK (a .hex or .bin file)."""

import re
import shutil
import time
from pathlib import Path

from .. import external
from ..boards import BoardInfo
from ..errors import Failure, Refused
from ..steps import Steps
from . import ask, dfu, files, words

_DEVICE = f"{dfu.VENDOR:04x}:{dfu.PRODUCT:04x}"
_INSTALL = {"dfu-util": "dfu-util", "st-flash": "stlink-tools"}  # Debian's packages
_PERCENT = re.compile(r"(\d+)%")
_APPEARS = 10.0  # seconds from MicroPython's machine.bootloader() to the USB device


def flash(board: BoardInfo, port: str | None, path: Path, kind: str, size: int, steps: Steps):
    """Write the file, which was checked and is of this kind."""
    if kind == files.DFU:
        _have("dfu-util", "st-flash", "the .hex file", steps)
        with steps.step("waiting for the boot loader"):
            _enter(port, steps)
        command = ["dfu-util", "--device", _DEVICE, "--alt", "0", "-D", path]
    elif kind == files.HEX:
        _have("st-flash", "dfu-util", "the .dfu file", steps)
        command = ["st-flash", "--reset", "--format", "ihex", "write", path]
    else:
        _have("st-flash", "dfu-util", "the .dfu file", steps)
        command = ["st-flash", "--reset", "write", path, f"{board.firmware.address:#010x}"]
    with steps.step("erasing and writing", size) as step:
        try:
            steps.run(command, lambda line: _progress(line, size, step))
        except Failure as e:
            raise Failure(f"{e}\n{words.HALF_WRITTEN}") from None
    if kind == files.DFU:
        steps.say("Take BOOT0 off 3.3 V again if you connected it, and press reset: MicroPython starts.")


def _progress(line: str, size: int, step):
    if percent := _PERCENT.search(line):
        step.at(size * int(percent[1]) / 100)


def _have(tool: str, other: str, file: str, steps: Steps):
    """Raises Refused if the tool is missing, with the other way if that is open."""
    if steps.dry_run or shutil.which(tool):
        return
    way = f", or take {file} and {other}" if shutil.which(other) else ""
    raise Refused(f"{tool} is not installed: sudo apt-get install {_INSTALL[tool]}{way}. Nothing was erased")


def _enter(port: str | None, steps: Steps):
    """Until dfu-util sees the boot loader."""
    if steps.dry_run:
        if port:
            ask.bootloader(port, words.BOOT0, steps)
        return
    if _listed():
        return
    if not port:
        raise Refused(
            f"no STM32 is in its boot loader ({_DEVICE}), and without --port MicroPython cannot be asked: {words.BOOT0}"
        )
    ask.bootloader(port, words.BOOT0, steps)
    deadline = time.monotonic() + _APPEARS
    while not _listed():
        if time.monotonic() > deadline:
            raise Refused(f"the boot loader ({_DEVICE}) did not appear within {_APPEARS:.0f} s: {words.BOOT0}")
        time.sleep(0.2)


def _listed() -> bool:
    return f"[{_DEVICE}]" in external.run(["dfu-util", "-l"])
