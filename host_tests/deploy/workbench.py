"""`Bench`: a build, flashes that have it or an older one, and deployments to boards with them by the real tools."""

import hashlib
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from girouette import boards, build
from girouette.deploy import Deployment, Wish, wanted
from girouette.simboard.serial import SerialBoard
from girouette.steps import Steps
from support import wait_for

ID = "ESP32_GENERIC"
# Files that the node of these tests never loads, so that an older firmware runs although they are not real.
UNUSED = ("lib/leanmqtt/qos2.mpy", "node/homie.mpy", "node/wired.mpy")
STALE = ("node/gone.mpy", "lib/drivers/gone/__init__.mpy")
THEIRS = {"notes.txt": "a person's own", "outbox.log": "readings", "lib/mine.py": "x = 1\n"}


@dataclass
class Bench:
    """Where the node's broker is, and a folder of the test's own."""

    folder: Path
    made: build.Built
    host: str = "127.0.0.1"
    port: int = 1883

    def config(self, name: str = "config.json", secrets: dict | None = None, **changes) -> Path:
        """A config.json in a folder of its own, with a secrets.json beside it."""
        about = {
            "name": "roof",
            "network": [{"ssid": "home", "password": "sesame"}],
            "broker": {"host": self.host, "port": self.port, "keepalive": 2},
            "sensors": [{"type": "bme280", "scl": 22, "sda": 21, "interval": 1}],
            "watchdog": 2,
        } | changes
        path = self.folder / f"configs{len(list(self.folder.iterdir()))}" / name
        path.parent.mkdir()
        path.write_text(json.dumps(about))
        if secrets is not None:
            (path.parent / "secrets.json").write_text(json.dumps(secrets))
        return path

    def build(self, config: Path | None, target: Path) -> build.Built:
        """As girouette.build, without compiling again."""
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.made.folder, target)
        for name in ("config.json", "secrets.json"):
            (target / name).unlink(missing_ok=True)
            if config and (config.parent / name).is_file():
                shutil.copy(config.parent / name, target / name)
        return replace(self.made, folder=target, configured=bool(config))

    def flash(self, config: Path | None = None) -> Path:
        """A folder that is a board's flash, with this build on it, and files of a person and of the node."""
        flash = self.folder / f"flash{len(list(self.folder.iterdir()))}"
        self.build(config, flash)
        for path, text in THEIRS.items():
            (flash / path).write_text(text)
        return flash

    def aged(self, config: Path | None = None) -> Path:
        """The same with an older firmware, which runs, and has files that this one has not."""
        flash = self.flash(config)
        for path in UNUSED:
            (flash / path).write_text("old")
        for path in STALE:
            (flash / path).parent.mkdir(exist_ok=True)
            (flash / path).write_text("old")
        for path in ("boot.py", "main.py"):
            (flash / path).write_text("# an older one\n" + (flash / path).read_text())
        (flash / "manifest.json").write_text(json.dumps({"files": dict.fromkeys([*STALE, "old.mpy"], "")}))
        (flash / "old.mpy").write_text("old")
        return flash

    def differs(self, flash: Path, config: Path) -> list[str]:
        """Files of the node that are not on a flash as they are in the build, and those that should not be there."""
        built = self.build(config, self.folder / "compared")
        files = wanted.files(built)
        wrong = [path for path, file in files.items() if digest(flash / path) != file.digest]
        return wrong + [path for path in (*STALE, "old.mpy", "maintenance", "main.py.new") if (flash / path).exists()]

    def deploy(self, cable: SerialBoard, config: Path | None, **options):
        """(verdict, facts) of one deployment. Raises Failure, or Unproven."""
        steps = Steps("deploy", as_json=True)
        work = self.folder / "work"
        options = {"wait": 0} | options
        info = options.pop("board", None) or boards.load(ID)
        verdict = Deployment(Wish(info, cable.port, self.build, config, work, **options), steps).run()
        if not options["wait"] and not cable.board.flash:
            wait_for(lambda: not (cable.board.firmware / "maintenance").exists(), "the end of maintenance")
        return verdict, steps.facts


def digest(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
