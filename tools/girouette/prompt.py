"""Brings a board on a serial port to its prompt, as a person does with Ctrl-C, before a tool is let loose on it.

A node that runs goes there by a reset (docs/health.md), for which the tools have no patience: mpremote asks once, waits ten
seconds and gives up. What is done at the prompt is not known here.
"""

import time

import serial

_PATIENCE = 12.0  # seconds: a reset, and a file system to be mounted
_QUIET = 2.5  # nothing came for so long: perhaps it is at the prompt of a program
_PROMPT = b">>> "
_BANNER = b"MicroPython v"


def reach(port: str) -> bool:
    """Whether the board restarted on the way: a node ran. Says nothing of a port that cannot be used: the tool will."""
    deadline = time.monotonic() + _PATIENCE
    seen = b""
    while time.monotonic() < deadline:
        try:
            with serial.serial_for_url(port.removeprefix("port:"), 115200, timeout=0.1) as line:
                seen = _until_prompt(line, seen, deadline)
        except (OSError, ValueError) as e:  # a board with USB of its own takes its port along into the reset
            if not seen or isinstance(e, ValueError):
                return False
            time.sleep(0.2)
            continue
        break
    return _BANNER in seen


def _until_prompt(line, seen: bytes, deadline: float) -> bytes:
    line.write(b"\r\x03")
    quiet = time.monotonic() + _QUIET
    while time.monotonic() < deadline:
        more = line.read(max(1, line.in_waiting))
        seen += more
        if more:
            quiet = time.monotonic() + _QUIET
        if seen.endswith(_PROMPT):
            break
        if time.monotonic() > quiet:
            line.write(b"\r\x03\x02")  # Ctrl-B: out of the raw prompt
            return seen + line.read(100).replace(_BANNER, b"")
    return seen
