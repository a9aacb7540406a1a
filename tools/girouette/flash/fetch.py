"""The firmware file of a version: from an earlier time, or by mpflash, which knows where it is."""

import re
import sys
from pathlib import Path

from .. import external
from ..boards import BoardInfo
from ..errors import Failure, Refused, ToolMissing
from ..paths import TOOLS, shown
from ..steps import Steps

FOLDER = TOOLS / "micropython"


def fetch(board: BoardInfo, port: str | None, version: str, steps: Steps, folder: Path = FOLDER) -> Path | None:
    """The file of this version, fetched if it is not there; None in a dry run that would fetch it."""
    version = version.removeprefix("v")
    if path := _there(board, version, folder):
        return path
    hand = _by_hand(board, port, version)
    try:
        external.find("mpflash")
    except ToolMissing:
        raise Refused(f"mpflash, which fetches versions, is not installed: {_install()}. {hand}") from None
    with steps.step(f"fetching MicroPython {version}") as step:
        text = _run(board, version, folder, steps, hand)
        if steps.dry_run:
            return None
        path = _there(board, version, folder)
        if not path:
            last = "\n".join(text.strip().splitlines()[-4:])
            raise Refused(f"mpflash fetched nothing. {hand}\nmpflash said: {last}")
        step.note(shown(path))
    return path


def _run(board: BoardInfo, version: str, folder: Path, steps: Steps, hand: str) -> str:
    command = ["mpflash", "-x", "--dir", folder, "download", "--board", board.micropython, "--version", version]
    if not steps.dry_run:
        folder.mkdir(parents=True, exist_ok=True)
    try:
        return steps.run(command)
    except Failure as e:
        raise Refused(f"mpflash could not fetch it: is there a way to micropython.org? {hand}\n{e}") from None


def _there(board: BoardInfo, version: str, folder: Path) -> Path | None:
    """The file, as micropython.org calls it or without the day, as mpflash does; no variant (SPIRAM, OTA)."""
    suffix = re.escape(Path(board.firmware.pattern).suffix)
    name = re.compile(rf"{board.micropython}(-\d{{8}})?-v{re.escape(version)}{suffix}")
    return max((path for path in folder.rglob("*") if name.fullmatch(path.name)), default=None)


def _install() -> str:
    return f"{Path(sys.executable).parent}/pip install 'mpflash>=1.29,<2'"


def _by_hand(board: BoardInfo, port: str | None, version: str) -> str:
    at = f" --port {port}" if port else ""
    name = board.firmware.pattern.replace("*", f"*-v{version}", 1)
    return (
        f"By hand: get {name} from {board.firmware.url} on a computer that reaches it; then"
        f" girouette flash {board.id}{at} --firmware FILE"
    )
