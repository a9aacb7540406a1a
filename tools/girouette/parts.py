"""Which drivers go to a device: those a configuration names, with the modules they share and the drivers they build on.

What a driver needs is read from its imports, so a new driver needs no entry anywhere.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from . import schema


def all_parts(folder: Path = schema.DRIVERS) -> dict[str, dict]:
    """Every part there is a driver for, and its schema."""
    return schema.drivers(folder)


def parts(config: dict) -> list[str]:
    """The parts a sound configuration names, in order, each once."""
    return sorted({entry["type"] for section in schema.sections() for entry in config.get(section, ())})


def modules(parts: list[str], folder: Path = schema.DRIVERS) -> set[str]:
    """What of the folder of drivers these parts need: names of its files and folders, without .py."""
    wanted, found = list(parts), {"__init__"}
    while wanted:
        name = wanted.pop()
        if name not in found:
            found.add(name)
            wanted += _imported(name, folder)
    return found


def _imported(name: str, folder: Path) -> list[str]:
    """What a module or package of the drivers' folder imports from that folder."""
    at = folder / name
    sources = sorted(at.rglob("*.py")) if at.is_dir() else [at.with_suffix(".py")]
    return [other for source in sources for other in _names(ast.parse(source.read_text())) if _is_there(folder, other)]


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[1] for alias in node.names if alias.name.startswith("drivers."))
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module == "drivers":
            yield from (alias.name for alias in node.names)  # a name of drivers/__init__.py, or a module
        elif isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").startswith("drivers."):
            yield node.module.split(".")[1]


def _is_there(folder: Path, name: str) -> bool:
    return (folder / name).is_dir() or (folder / name).with_suffix(".py").is_file()
