"""The firmware as it goes to a board: firmware/ and lib/ compiled, laid out as the board's flash.

The board checks config.json itself, along tables that tables.py makes of the schemas; they are compiled beside the code
that reads them.
"""

import json
import tempfile
from pathlib import Path

from . import boards, schema, tables
from .mpy import compile_file, compile_tree
from .paths import FIRMWARE, LIB, shown

SOURCES = ("boot.py", "main.py")  # MicroPython starts these two only as sources
PAGES = "*.html"  # what the node serves, read piece by piece


def build(flash: Path, lib: Path = LIB) -> Path:
    """Fill the folder `flash` with everything but config.json, and return it."""
    compile_tree(FIRMWARE, flash, keep=SOURCES)
    for page in FIRMWARE.rglob(PAGES):
        (flash / page.relative_to(FIRMWARE)).write_bytes(page.read_bytes())
    compile_tree(lib, flash / "lib")
    write_keys(lib / "drivers", flash)
    return flash


def write_keys(drivers: Path, flash: Path):
    """Write the compiled tables of the node, and of each part below `drivers` that has a schema."""
    source = schema.source()
    parts = {path.parent.name: json.loads(path.read_text()) for path in sorted(drivers.glob("*/schema.json"))}
    _compile(tables.node(source, parts, boards.ids()), flash / "node" / "keys.mpy", "node/keys.py")
    for part, about in parts.items():
        text = tables.driver(about, source["$defs"], shown(drivers / part / "schema.json"))
        _compile(text, flash / "lib" / "drivers" / part / "keys.mpy", f"drivers/{part}/keys.py")
        _compile(tables.about(about), flash / "lib" / "drivers" / part / "about.mpy", f"drivers/{part}/about.py")


def _compile(text: str, target: Path, name: str):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "keys.py"
        path.write_text(text)
        compile_file(path, target, name)
