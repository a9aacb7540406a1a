"""What a board cannot do, whatever the pins: a fault; or only with a system that is new enough: a note."""

from collections.abc import Iterator

from girouette.boards import BoardInfo

from .config import Config
from .fault import Fault, dotted

# What a driver asks the machine module for, by the kind of its bus, and what that is called there.
_NEEDED = {"pwm": "machine.PWM"}


def faults(config: Config, board: BoardInfo | None) -> Iterator[Fault]:
    if board and board.sleep == "none" and isinstance(config.found.get("sleep"), dict):
        yield Fault(("sleep",), f"a board that can sleep deeply, which {board.id} cannot", "deep sleep", at_key=True)


def notes(config: Config, board: BoardInfo) -> list[str]:
    told = []
    seconds, most = config.found.get("watchdog"), board.watchdog_ms // 1000
    if isinstance(seconds, int) and seconds > most:
        told.append(f"watchdog: {board.id} waits {most} s at most, and so will the node")
    for entry in config.entries:
        since = board.since.get(entry.driver.get("bus"))
        if since:
            needed = f"{_NEEDED[entry.driver['bus']]}, which {board.id} has since MicroPython {since}"
            told.append(f"{dotted(entry.path)}: a {entry.part} needs {needed}")
    return told
