"""MicroPython is asked to start its chip's boot loader: what RP2 and STM32 boards have in common."""

from pathlib import Path

from ..errors import Failure, Refused
from ..steps import Steps


def bootloader(port: str, button: str, steps: Steps):
    """By the real mpremote. Raises Refused with the way that needs no MicroPython: `button`."""
    if port.startswith("/") and not Path(port).exists() and not steps.dry_run:
        raise Refused(f"there is no port {port}: is the board plugged in? Without MicroPython on it: {button}")
    try:
        steps.run(["mpremote", "connect", port, "bootloader"])
    except Failure as e:
        raise Refused(f"{e}\nWithout MicroPython on it, or if it does not answer: {button}") from None
