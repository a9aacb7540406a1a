"""`girouette build`: a folder exactly as it will lie on a device, and a manifest of what is in it.

`make` is the whole of it. ram.py knows what a module takes on a device, romfs.py makes one image of the folder. How the
files get to a device is not known here.
"""

import hashlib
import json
import runpy
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from girouette import boards, firmware, mpyfile, textfile
from girouette import parts as choose
from girouette.check import Report, check
from girouette.check.show import plain
from girouette.errors import Failure
from girouette.paths import FIRMWARE, shown

from . import ram

MANIFEST = "manifest.json"
CONFIG, SECRETS = "config.json", "secrets.json"  # copied last, to here and to a device; no manifest names them


class Faulty(Failure):
    """The configuration has faults, which `report` holds; nothing was built."""

    def __init__(self, name: str, report: Report):
        self.report = report
        count = len(report.faults)
        lines = [plain(fault) for fault in report.faults]
        super().__init__("\n".join([f"{name} has {count} fault{'s' * (count > 1)}: nothing was built", *lines]))


@dataclass(frozen=True)
class Built:
    """What was built in `folder`. files: the SHA-256 in hexadecimal of each path, in the order of the paths; sizes: the
    bytes of each; parts: the drivers that are in; configured: whether a config.json is there too."""

    board: str
    folder: Path
    parts: list[str]
    configured: bool = False
    files: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def ram(self) -> dict[str, int]:
        """The bytes of heap each module is expected to take while it is loaded."""
        return {path: ram.estimate(size) for path, size in self.sizes.items() if path.endswith(".mpy")}

    @property
    def manifest(self) -> dict:
        return {"girouette": version(), "board": self.board, "mpy": mpyfile.FORMAT, "files": self.files}


def version() -> str:
    """That of the firmware."""
    return runpy.run_path(str(FIRMWARE / "node" / "__init__.py"))["VERSION"]


def checked(board_id: str, config: Path, strapping: bool = False) -> tuple[Report, dict]:
    """The report on a configuration and its secrets.json for this board, and the configuration. Raises Faulty."""
    secrets = config.parent / SECRETS
    text, beside = textfile.read(config), textfile.read(secrets) if secrets.is_file() else None
    _refuse_other_board(board_id, config, text)
    names = (shown(config), shown(secrets) if beside is not None else "")
    report = check(text, beside, board_id, strapping, names)
    if report.faults:
        raise Faulty(shown(config), report)
    return report, json.loads(text)


def make(
    board_id: str, target: Path, config: Path | None = None, everything: bool = False, strapping: bool = False
) -> Built:
    """Build for a board into the folder `target`, which then holds nothing else.

    config: the configuration that decides which drivers are needed, and whether MQTT 5; it is checked first, and it and
    the secrets.json beside it are copied. Without one, or with `everything`, all are in. Raises Failure and leaves
    `target` as it was.
    """
    boards.load(board_id)
    parts, five = list(choose.all_parts()), True
    if config:
        report, found = checked(board_id, config, strapping)
        if not everything:
            parts, five = choose.parts(found), report.five
    _refuse_another(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
        draft = Path(folder, "draft")
        firmware.build(draft, parts=parts, five=five)
        built = _described(Built(board_id, draft, parts, bool(config)))
        (draft / MANIFEST).write_text(json.dumps(built.manifest, indent=1) + "\n")
        if config:
            _copy(config, draft)
        if target.exists():
            target.rename(Path(folder, "old"))
        draft.rename(target)
    return Built(board_id, target, parts, bool(config), built.files, built.sizes)


def maker(board_id: str, strapping: bool = False) -> Callable[[Path | None, Path], Built]:
    """`make` for a deployment, which has the configuration and the folder."""
    return lambda config, target: make(board_id, target, config, strapping=strapping)


def _described(built: Built) -> Built:
    paths = sorted(path for path in built.folder.rglob("*") if path.is_file())
    for name, path in sorted((path.relative_to(built.folder).as_posix(), path) for path in paths):
        data = path.read_bytes()
        if path.suffix == ".mpy":
            mpyfile.header(data)  # portable, or it raises
        built.files[name], built.sizes[name] = hashlib.sha256(data).hexdigest(), len(data)
    return built


def _copy(config: Path, target: Path):
    if (config.parent / SECRETS).is_file():
        shutil.copyfile(config.parent / SECRETS, target / SECRETS)
        (target / SECRETS).chmod(0o600)
    shutil.copyfile(config, target / CONFIG)


def _refuse_other_board(board_id: str, config: Path, text: str):
    """Before the check, which would tell of each pin that the other board has and this one has not."""
    try:
        named = json.loads(text).get("board", board_id)
    except (ValueError, AttributeError):
        return  # the check tells what is wrong with the text
    if named != board_id and named in boards.ids():
        cure = f"build {named}, or change its key `board`"
        raise Failure(f"{shown(config)} is made for the board {named}, not for {board_id}: {cure}")


def _refuse_another(target: Path):
    """Only what an earlier build has made is replaced."""
    if target.exists() and not target.is_dir():
        raise Failure(f"{shown(target)} is a file: name a folder with --output")
    if target.is_dir() and any(target.iterdir()) and not (target / MANIFEST).is_file():
        raise Failure(f"{shown(target)} holds something else than a build: name another folder, or empty it")
