"""A fresh copy of this checkout, in which everything is installed already: what `make setup` finds the second time."""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from girouette.paths import ROOT, TOOLS

_MADE = shutil.ignore_patterns("__pycache__", ".*_cache", "*.egg-info")
_MADE_HERE = {".git", ".venv", ".tools", ".hypothesis", "build"}  # in the checkout itself


def fresh(target: Path):
    """Its .venv has the packages of this one, and `girouette` of the copy; its tools are those of this one."""
    shutil.copytree(ROOT, target, ignore=_left_out)
    (target / ".tools").symlink_to(TOOLS)
    venv = target / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    (site,) = venv.glob("lib/python*/site-packages")
    # A path named here is only a path: the .pth files in it, of which one leads to this checkout, are not read.
    (site / "installed.pth").write_text(f"{target / 'tools'}\n{sysconfig.get_path('purelib')}\n")
    for script in Path(sys.executable).parent.iterdir():
        _own(script, venv)
    (venv / ".installed").touch()


def _left_out(folder: str, names: list[str]) -> set[str]:
    return set(_MADE(folder, names)) | (_MADE_HERE if Path(folder) == ROOT else set())


def _own(script: Path, venv: Path):
    """A script of this environment, for the Python of that one."""
    if (venv / "bin" / script.name).exists() or not script.is_file() or script.read_bytes()[:2] != b"#!":
        return
    first, _, rest = script.read_text().partition("\n")
    if "python" in first:
        made = venv / "bin" / script.name
        made.write_text(f"#!{venv / 'bin' / 'python'}\n{rest}")
        made.chmod(0o755)
