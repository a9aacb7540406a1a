"""What a board has, what it shall have, and so what changes. Pure: nothing is read from a board or written here."""

import json
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from ..errors import Failure

FOLDERS = ("node", "lib/leanmqtt", "lib/drivers")  # where everything is the firmware's
STARTERS = ("boot.py", "main.py")  # MicroPython's own way into a program: replaced in one step, before all else
LAST = ("manifest.json", "config.json", "secrets.json")
CONFIG = ("config.json", "secrets.json")
TRIAL = ("config.trial", "config.new")  # a configuration on trial, which a new one ends


@dataclass(frozen=True)
class File:
    size: int
    digest: str


@dataclass
class Found:
    """A board as survey.py tells it: what it is, and by path the files and folders that may be the node's."""

    about: dict
    files: dict[str, File]
    folders: list[str]

    @property
    def marked(self) -> bool:
        """Whether it is in maintenance."""
        return self.about["marker"]

    @property
    def system(self) -> str:
        return f"MicroPython {'.'.join(map(str, self.about['version']))} on {self.about['machine']}"


def found(text: str) -> Found:
    """What survey.py printed. Raises Failure when some of it was lost on the way."""
    made, counted = Found({}, {}, []), None
    for line in text.splitlines():
        sign, _, rest = line.strip().partition(" ")
        try:
            if sign == "@board":
                made.about = json.loads(rest)
            elif sign == "@folder":
                made.folders.append(json.loads(rest))
            elif sign == "@file":
                path, size, digest = json.loads(rest)
                made.files[path] = File(size, digest)
            elif sign == "@end":
                counted = int(rest)
        except ValueError:
            continue  # counted below
    if not made.about or counted != len(made.files):
        last = "\n".join(line for line in text.splitlines() if not line.startswith("@"))[-400:]
        raise Failure(
            f"the board's answer is not whole: is the cable sound, and long enough to be the cause? Try again\n{last}"
        )
    return made


@dataclass
class Plan:
    """What is to be done. swap, copy, last: paths and sizes, in their order; stale, empty: what to remove."""

    swap: dict[str, int] = field(default_factory=dict)
    copy: dict[str, int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    stale: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)  # main.py or boot.py of somebody else's program
    bytes: int = 0
    needed: int = 0  # bytes of flash, at the most

    @property
    def count(self) -> int:
        return len(self.swap) + len(self.copy) + len(self.last)

    @property
    def changes(self) -> bool:
        return bool(self.count or self.stale)


def plan(there: Found, wanted: dict[str, File], configured: bool) -> Plan:
    """What changes on the board so that it has just these files. configured: a config.json is among them."""
    made = Plan()
    changed = {path: file.size for path, file in wanted.items() if there.files.get(path) != file}
    made.swap = {path: changed[path] for path in STARTERS if path in changed}
    made.last = {path: changed[path] for path in LAST if path in changed}
    made.copy = {path: size for path, size in sorted(changed.items()) if path not in (*STARTERS, *LAST)}
    made.stale = _stale(there, wanted, configured)
    made.folders = _parents(made.copy)
    kept = {str(parent) for path in wanted for parent in PurePosixPath(path).parents}
    made.empty = sorted((path for path in there.folders if path not in kept), reverse=True)
    ours = "manifest.json" in there.files or "node/app.mpy" in there.files
    made.aside = [path for path in made.swap if not ours and path in there.files and there.files[path].size]
    made.bytes = sum(changed.values())
    made.needed = _needed(there, changed, made)
    return made


def _stale(there: Found, wanted: dict, configured: bool) -> list[str]:
    """Files of an earlier firmware; of an earlier configuration where there is a new one. Never anybody else's."""
    kept = set(wanted) | ({"secrets.json"} if not configured else set()) | {"config.json", "main.py", "boot.py"}
    mine = [path for path in there.files if path not in kept and not path.endswith(".new") and path not in TRIAL]
    drafts = [f"{path}.new" for path in STARTERS if f"{path}.new" in there.files]
    trial = [path for path in TRIAL if path in there.files] if configured else []
    return sorted(mine) + drafts + trial


def _parents(paths) -> list[str]:
    """The folders of these files, each before those inside it."""
    found = {str(parent) for path in paths for parent in PurePosixPath(path).parents if str(parent) != "."}
    return sorted(found)


def _needed(there: Found, changed: dict[str, int], made: Plan) -> int:
    """Free bytes this takes at the worst moment: it goes by blocks, and an old file is freed after the new one."""
    block = there.about["block"]

    def blocks(size: int) -> int:
        return -(-max(size, 1) // block) * block

    new = sum(blocks(size) for size in changed.values())
    freed = sum(blocks(there.files[path].size) for path in [*changed, *made.stale] if path in there.files)
    slack = max((blocks(size) for size in changed.values()), default=0)
    folders = [path for path in made.folders if path not in there.folders]
    return max(0, new - freed) + slack + 2 * block * (len(folders) + 1)
