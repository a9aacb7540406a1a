"""The firmware as it goes to a board: firmware/ and lib/ compiled, laid out as the board's flash.

The board checks config.json itself, along tables that tables.py makes of the schemas; they are compiled beside the code
that reads them.
"""

import json
import tempfile
from pathlib import Path

from . import boards, schema, tables
from . import parts as choose
from .mpy import compile_file, compile_tree
from .paths import FIRMWARE, LIB, shown

SOURCES = ("boot.py", "main.py")  # MicroPython starts these two only as sources
SKIPPED = ("manifest.py", "leanmqtt/host.py")  # for whoever freezes the firmware; for CPython


def build(flash: Path, lib: Path = LIB, parts: list[str] | None = None) -> Path:
    """Fill the folder `flash` with everything but config.json, and return it.

    parts: the drivers to take, with what they need; without it, all.
    """
    compile_tree(FIRMWARE, flash, keep=SOURCES, skip=SKIPPED)
    compile_tree(lib, flash / "lib", skip=(*SKIPPED, *_left_out(lib / "drivers", parts)))
    write_keys(lib / "drivers", flash, parts)
    return flash


def write_keys(drivers: Path, flash: Path, wanted: list[str] | None = None):
    """Write the compiled tables of the node, and of each part below `drivers` that has a schema (and is wanted)."""
    source = schema.source()
    parts = {path.parent.name: json.loads(path.read_text()) for path in sorted(drivers.glob("*/schema.json"))}
    _compile(tables.node(source, parts, boards.ids()), flash / "node" / "keys.mpy", "node/keys.py")
    for part, about in parts.items():
        if wanted is not None and part not in wanted:
            continue
        text = tables.driver(about, source["$defs"], shown(drivers / part / "schema.json"))
        _compile(text, flash / "lib" / "drivers" / part / "keys.mpy", f"drivers/{part}/keys.py")
        _compile(tables.about(about), flash / "lib" / "drivers" / part / "about.mpy", f"drivers/{part}/about.py")


def _left_out(drivers: Path, parts: list[str] | None) -> list[str]:
    """The files and folders below lib/ that no part of these needs."""
    if parts is None:
        return []
    needed = choose.modules(parts, drivers)
    return [f"drivers/{path.name}" for path in sorted(drivers.iterdir()) if path.stem not in needed]


def _compile(text: str, target: Path, name: str):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "keys.py"
        path.write_text(text)
        compile_file(path, target, name)
