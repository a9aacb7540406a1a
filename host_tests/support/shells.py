"""zsh and fish, in which the completion is tried by `make test-full`: found, or installed by `make setup-full`."""

import shutil

from girouette import debian
from girouette.errors import ToolMissing


def find(shell: str) -> str:
    """The path of a shell, or ToolMissing with the cure."""
    found = shutil.which(shell)
    if not found:
        raise ToolMissing(f"{shell} is missing. Run: make setup-full (or: sudo apt-get install {shell})")
    return found


def setup():
    """Install what is missing."""
    missing = [shell for shell in ("zsh", "fish") if not shutil.which(shell)]
    if missing:
        debian.install(*missing)
