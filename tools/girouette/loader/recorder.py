"""Programs that stand for dfu-util, st-flash and the like in a test or a trial: put first on the PATH they note how
they were called, check the file as the real one does, and say what it says. No device is behind them."""

import json
import stat
import sys
from pathlib import Path

_FOUND = 'Found DFU: [0483:df11] ver=2200, devnum=12, cfg=1, intf=0, alt=0, name="@Internal Flash  /0x08000000/..."'
_PROGRAM = """\
#!{python}
import sys
sys.path[:0] = [{tools!r}]
from girouette.loader.recorder import main
sys.exit(main({name!r}, {log!r}, {state!r}, sys.argv[1:]))
"""


class Recorder:
    """Makes the programs in `folder`. `attached`: a device is there; `fails`: they end as when the cable is pulled."""

    def __init__(self, folder: Path, *names: str):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._log, self._state = self.folder / "calls.jsonl", self.folder / "state.json"
        self.set()
        for name in names:
            program = self.folder / name
            tools = str(Path(__file__).parents[2])
            program.write_text(_PROGRAM.format(python=sys.executable, tools=tools, name=name, log=str(self._log),
                                               state=str(self._state)))  # fmt: skip
            program.chmod(program.stat().st_mode | stat.S_IXUSR)

    def set(self, attached: bool = True, fails: bool = False):
        self._state.write_text(json.dumps({"attached": attached, "fails": fails}))

    @property
    def calls(self) -> list[list[str]]:
        """The program and its arguments, for each call."""
        return [json.loads(line) for line in self._log.read_text().splitlines()] if self._log.exists() else []


def main(name: str, log: str, state: str, argv: list[str]) -> int:
    """What one of the programs does; its exit status."""
    with Path(log).open("a") as file:
        file.write(json.dumps([name, *argv]) + "\n")
    if argv == ["--version"]:
        print({"dfu-util": "dfu-util 0.11", "st-flash": "v1.7.0"}[name])
        return 0
    now = json.loads(Path(state).read_text())
    return {"dfu-util": _dfu_util, "st-flash": _st_flash}[name](argv, now)


def _dfu_util(argv: list[str], now: dict) -> int:
    if "-l" in argv:
        print(_FOUND if now["attached"] else "")
        return 0
    data = Path(argv[argv.index("-D") + 1]).read_bytes()
    if data[-8:-5] != b"UFD":
        print("dfu-util: Warning: Invalid DFU suffix signature", file=sys.stderr)
        return 65  # EX_DATAERR
    if not now["attached"]:
        print("dfu-util: No DFU capable USB device available", file=sys.stderr)
        return 74  # EX_IOERR
    for percent in (0, 50, 100):
        print(f"Download\t[{'=' * (percent // 4):25}] {percent:3}%  {len(data) * percent // 100} bytes", end="\r")
    print("\nDownload done." if not now["fails"] else "\ndfu-util: Error during download get_status")
    print("" if now["fails"] else "File downloaded successfully")
    return 74 if now["fails"] else 0


def _st_flash(argv: list[str], now: dict) -> int:
    words = [word for word in argv if not word.startswith("--") and word != "ihex"]
    if not now["attached"]:
        print("Couldn't find any ST-Link devices", file=sys.stderr)
        return 255
    size = Path(words[1]).stat().st_size
    print(f"Attempting to write {size} ({size:#x}) bytes to stm32 address: {words[2] if len(words) > 2 else 'its own'}")
    print("Flash memory write failed" if now["fails"] else "Flash written and verified! jolly good!")
    return 255 if now["fails"] else 0
