"""Ctrl-C for a running firmware, at a moment that does it no harm.

MicroPython for the PC raises KeyboardInterrupt out of the signal's handler, at any instruction: in the middle of a
garbage collection too, which a chip never does. So the signal is sent only to a program that waits in the kernel; one
that talks to its hardware is told by the answer to its next question; and only one that does neither for a while, an
endless loop, gets the signal as it runs.
"""

import asyncio
import contextlib
import os
import platform
import signal
from pathlib import Path

_LOOK_S = 0.005
_LOOKS = 60  # a program that neither asked nor waited for so long is in a loop of its own
# Kernel calls that wait: sleeps, polls and reads, by their numbers.
_READS = {("x86_64", 64): {0, 45}, ("x86_64", 32): {3, 102, 371}, ("aarch64", 64): {63, 207}}
_WAITS = {
    ("x86_64", 64): {7, 23, 35, 230, 270, 271},
    ("x86_64", 32): {82, 142, 162, 168, 267, 308, 309, 407, 413, 414},
    ("aarch64", 64): {72, 73, 101, 115},
}


async def interrupt(pid: int, wire, bits: int, wire_fd: int):
    """Interrupt the program of a process; returns when that is on its way. `wire_fd`: its end of the wire."""
    if wire.asked == "prompt":
        return  # no program is running
    wire.interrupting = True
    with contextlib.suppress(ProcessLookupError):
        for _ in range(_LOOKS):
            await asyncio.sleep(_LOOK_S)
            if not wire.interrupting or _caught_waiting(pid, bits, wire_fd):
                break
        else:
            os.kill(pid, signal.SIGINT)
    wire.interrupting = False


def _caught_waiting(pid: int, bits: int, wire_fd: int) -> bool:
    """Send the signal if the process waits in the kernel for anything but the wire. It is held while one looks."""
    os.kill(pid, signal.SIGSTOP)
    try:
        if not _waits(pid, (platform.machine(), bits), wire_fd):
            return False
        os.kill(pid, signal.SIGINT)
        return True
    finally:
        os.kill(pid, signal.SIGCONT)


def _waits(pid: int, kind: tuple, wire_fd: int) -> bool:
    try:
        call = Path(f"/proc/{pid}/syscall").read_text().split()
    except OSError:
        return False
    if not call[0].isdigit():
        return False  # running
    number, first = int(call[0]), int(call[1], 16)
    return number in _WAITS.get(kind, ()) or (number in _READS.get(kind, ()) and first != wire_fd)
