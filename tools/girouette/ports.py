"""Which serial port a board is on: the one that was named, or the only one that can be a board.

Known are the USB ids of what boards have; a port of anything else is taken only when it is named. Opening it is
console.py's and the tools' business.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from serial.tools import list_ports

from .errors import Refused

# (vendor, product or None for all of it): what that is. From the makers' lists and the boards' own descriptors.
KNOWN = {
    (0x303A, None): "Espressif chip with USB of its own",
    (0x10C4, 0xEA60): "CP210x bridge, as on many ESP32 boards",
    (0x10C4, 0xEA70): "CP210x bridge with two ports",
    (0x1A86, 0x7523): "CH340 bridge, as on many ESP32 boards",
    (0x1A86, 0x7522): "CH340 bridge, as on many ESP32 boards",
    (0x1A86, 0x55D3): "CH343 bridge, as on many ESP32 boards",
    (0x1A86, 0x55D4): "CH9102 bridge, as on many ESP32 boards",
    (0x0403, 0x6001): "FTDI bridge",
    (0x0403, 0x6010): "FTDI bridge, as on ESP32 kits with a debugger",
    (0x0403, 0x6014): "FTDI bridge",
    (0x0403, 0x6015): "FTDI bridge",
    (0x067B, None): "PL2303 bridge",
    (0x2E8A, None): "Raspberry Pi Pico, RP2040 or RP2350",
    (0xF055, None): "board with MicroPython's own USB id, as a pyboard",
    (0x0483, 0x374B): "ST-LINK of a Nucleo board",
    (0x0483, 0x374E): "ST-LINK of a Nucleo board",
    (0x0483, 0x374F): "ST-LINK of a Nucleo board",
    (0x0483, 0x3752): "ST-LINK of a Nucleo board",
    (0x0483, 0x3753): "ST-LINK of a Nucleo board",
    (0x0483, 0x3754): "ST-LINK of a Nucleo board",
    (0x0483, 0x5740): "STM32 with USB of its own",
}
_NONE = (
    "no board found on a USB port. Is it plugged in, with a cable that carries data and not only power? A board that is"
    " connected otherwise has to be named: --port /dev/ttyUSB0"
)


@dataclass(frozen=True)
class Found:
    """A port that can be a board."""

    port: str
    what: str
    serial_number: str | None = None

    def __str__(self) -> str:
        number = f", serial number {self.serial_number}" if self.serial_number else ""
        return f"{self.port}: {self.what}{number}"


def add_argument(parser):
    """--port, the same for every command."""
    parser.add_argument(
        "--port", metavar="P", help="the board's serial port, or a pyserial URL (default: the only board plugged in)"
    )


def found() -> list[Found]:
    """The ports that can be a board, by their USB ids."""
    boards = []
    for info in list_ports.comports():
        what = KNOWN.get((info.vid, info.pid)) or KNOWN.get((info.vid, None))
        if what:
            boards.append(Found(info.device, what, info.serial_number))
    return sorted(boards, key=lambda board: board.port)


def choose(port: str | None) -> str:
    """The port that was named, once it is there and may be used; else that of the only board. Raises Refused."""
    if port is None:
        boards = found()
        if not boards:
            raise Refused(_NONE)
        if len(boards) > 1:
            raise Refused("several boards are plugged in; say which: --port P\n" + "\n".join(f"  {b}" for b in boards))
        port = boards[0].port
    if "://" not in port and os.name == "posix":
        _usable(Path(port))
    return port


def _usable(port: Path):
    if not port.exists():
        boards = "\n".join(f"  {board}" for board in found())
        raise Refused(f"there is no port {port}; " + (f"boards are at:\n{boards}" if boards else _NONE))
    if not port.is_char_device():
        raise Refused(f"{port} is no serial port")
    if not os.access(port, os.R_OK | os.W_OK):
        raise Refused(
            f"no permission for the serial port {port}: join its group and log in again:"
            f" sudo usermod -aG {_group(port)} $USER"
        )


def _group(port: Path) -> str:
    try:
        return port.group()
    except KeyError:
        return "dialout"
