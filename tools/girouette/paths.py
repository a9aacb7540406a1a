"""Where things are in the checkout. Nothing is made here."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIB = ROOT / "lib"
FIRMWARE = ROOT / "firmware"
BOARDS = ROOT / "boards"
TOOLS = ROOT / ".tools"  # downloaded tools, kept
BUILD = ROOT / "build"  # generated, removed by `make clean`


def shown(path) -> str:
    """The path as a person in the checkout would type it."""
    path = Path(path).absolute()
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
