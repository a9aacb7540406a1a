"""MicroPython as WebAssembly: the builds of several years that npm has, and how a program runs on one.

They have the object size of the chips and no sockets. Which ones: versions/package.json, each file's hash beside it.
What must not live here: what is run on them.
"""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from girouette.errors import ToolMissing
from girouette.paths import TOOLS, shown

from . import nodejs

LISTED = Path(__file__).parents[1] / "versions"
_FOLDER = TOOLS / "micropython-wasm"
_LISTS = ("package.json", "package-lock.json")


class Build(NamedTuple):
    """A package of npm, the version that the build in it says it is, and whether it loads .mpy files."""

    package: str
    version: str
    mpy: bool = True


# npm numbers a build from between two releases after the older one, MicroPython after the one to come.
BUILDS = (
    Build("1.21.0-279", "1.22.0-preview.278", mpy=False),
    Build("1.22.0-224", "1.23.0-preview.223", mpy=False),
    Build("1.23.0", "1.23.0"),
    Build("1.24.1", "1.24.1"),
    Build("1.25.0", "1.25.0"),
    Build("1.26.0", "1.26.0"),
    Build("1.27.0", "1.27.0"),
    Build("1.28.0-6", "1.28.0"),
    Build("1.29.0-6", "1.29.0"),
)
NEWEST = BUILDS[-1]


def _installed() -> bool:
    """Whether what lies there, put in place whole, is what is listed now."""
    there = [_FOLDER / name for name in _LISTS]
    return all(path.exists() and path.read_bytes() == (LISTED / path.name).read_bytes() for path in there)


def _install(node: nodejs.NodeJs):
    draft = _FOLDER.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name in _LISTS:
        shutil.copy(LISTED / name, draft)
    environment = {**os.environ, "PATH": nodejs.folder_of(node) + os.pathsep + os.environ.get("PATH", "")}
    command = [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=draft, env=environment, text=True, capture_output=True, timeout=300)
    if done.returncode != 0:
        raise ToolMissing(
            f"the WebAssembly builds of MicroPython could not be fetched from npm:\n{done.stderr.strip()[-500:]}\n"
            "Is the network up? A mirror is set by: npm config set registry. Then run it again."
        )
    shutil.rmtree(_FOLDER, ignore_errors=True)
    draft.rename(_FOLDER)


def setup() -> str:
    """Fetch what is missing; what there is, in words. Does nothing, in a blink, the second time."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / ".lock-wasm").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of several test processes the first one fetches
        node = nodejs.nodejs()
        if not _installed():
            _install(node)
    return f"MicroPython {BUILDS[0].version} to {NEWEST.version} as WebAssembly: {shown(_FOLDER)}, run by {node.node}"


class Wasm:
    """One of the builds."""

    def __init__(self, build: Build):
        self.build = build
        setup()

    def run(self, tree: Path, program: str, args=(), timeout=110) -> subprocess.CompletedProcess:
        """Run `program`, a path in `tree`, to the end; `tree` is all that the build sees of the disk."""
        package = _FOLDER / "node_modules" / f"micropython-{self.build.package}"
        return subprocess.run(
            [nodejs.nodejs().node, str(LISTED / "run.mjs"), str(package), str(tree), program, *args],
            text=True,
            capture_output=True,
            timeout=timeout,
        )


if __name__ == "__main__":
    print("setup: " + setup(), flush=True)
