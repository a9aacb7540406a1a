"""`Console`: what a board says at its serial port, and keys pressed there, for what waits for words of a board.

Files and programs go by mpremote; nothing of any one command lives here.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import serial

from .errors import Failure

try:
    from termios import error as _Going  # pyserial lets it through where a port goes away as it is opened
except ImportError:  # Windows
    _Going = OSError

CTRL_B, CTRL_C = b"\x02", b"\x03"
PROMPT = ">>>"
_LONGEST = 4096  # a line that never ends is cut there
_RESTART = 1.0  # seconds after which the port of a chip with its own USB is there again

# As firmware/node/log.py writes it: seconds since the start, level, part, text.
_EVENT = re.compile(r" *(\d+\.\d{3}) (debug|info|warn|error) +(\w+): (.*)")


class Lost(Exception):
    """The port is gone: the cable was pulled, or the chip with its USB starts anew."""


@dataclass(frozen=True)
class Event:
    """A line of the node's log."""

    uptime: float
    level: str
    part: str
    text: str


def event(line: str) -> Event | None:
    """What a console line says, if it is one of the node's log."""
    match = _EVENT.fullmatch(line.rstrip())
    return match and Event(float(match[1]), *match.groups()[1:])


class Console:
    """One port, opened so that the board does not notice; read by lines or by bytes.

    DTR and RTS stay as the system sets them on opening, both on: with one of them on and the other off the circuit of
    an ESP32 board resets it, and with both off a chip with USB of its own believes that nobody listens.
    """

    def __init__(self, port: str, baud: int = 115200):
        self.port = port
        self._baud = baud
        self._serial: serial.SerialBase | None = None
        self._rest = b""

    def __enter__(self) -> "Console":
        self.open()
        return self

    def __exit__(self, *exc):
        self.close()

    def open(self):
        """Raises Failure in plain words where another program has it, or it is not there."""
        try:
            self._serial = self._opened()
        except (OSError, ValueError, _Going) as fault:
            raise Failure(_why(self.port, str(fault))) from None
        self._rest = b""

    def _opened(self) -> serial.SerialBase:
        # A board that has just been reset may take its port away while it is opened.
        end = time.monotonic() + _RESTART
        while True:
            try:
                return serial.serial_for_url(self.port, self._baud, timeout=0.05, exclusive=True)
            except _Going:
                if _Going is OSError or time.monotonic() > end:
                    raise
            time.sleep(0.1)

    def close(self):
        if self._serial:
            self._serial.close()
        self._serial = None

    def reset(self):
        """Restart an ESP32 by its reset line (RTS; DTR would choose the boot loader)."""
        try:
            self._serial.dtr = False
            self._serial.rts = True
            time.sleep(0.1)
            self._serial.rts = False
        except OSError:
            raise Failure(f"{self.port} has no reset line: press the board's button instead") from None

    def send(self, data: bytes):
        try:
            self._serial.write(data)
        except (OSError, serial.SerialException) as fault:
            raise Lost(str(fault)) from None

    def read(self) -> bytes:
        """What has come, after at most a twentieth of a second. Raises Lost."""
        try:
            return self._serial.read(max(1, self._serial.in_waiting))
        except (OSError, TypeError, serial.SerialException) as fault:  # TypeError: closed by another thread
            raise Lost(str(fault)) from None

    def lines(self) -> Iterator[str]:
        """The whole lines of one `read`; what has no end yet is `rest`."""
        *whole, self._rest = (self._rest + self.read()).split(b"\n")
        if len(self._rest) > _LONGEST:
            whole, self._rest = [*whole, self._rest], b""
        for line in whole:
            yield line.decode("utf-8", "replace").rstrip("\r")

    @property
    def rest(self) -> str:
        """The beginning of a line, as a prompt is."""
        return self._rest.decode("utf-8", "replace")

    def at_prompt(self) -> bool:
        return self.rest.startswith(PROMPT)


def _why(port: str, fault: str) -> str:
    if "lock" in fault or "busy" in fault:
        return f"another program holds {port} (`fuser {port}` tells which: a monitor, an editor): close it"
    if "No such file" in fault:
        return f"there is no port {port}: is the board plugged in?"
    return f"cannot open {port}: {fault}"
