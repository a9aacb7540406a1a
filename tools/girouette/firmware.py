"""The firmware as it goes to a board: firmware/ and lib/ compiled, laid out as the board's flash.

The board checks config.json itself, along tables that tables.py makes of the schemas; they are compiled beside the code
that reads them.
"""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from . import boards, schema, tables
from . import parts as choose
from .mpy import compile_file, compile_tree
from .paths import FIRMWARE, LIB, shown

SOURCES = ("boot.py", "main.py")  # MicroPython starts these two only as sources
SKIPPED = ("manifest.py", *(f"leanmqtt/{name}.py" for name in ("host", "tlshost", "aiohost")))  # freezing; PCs
# MQTT 5, which only a node with `broker.version` needs: a flash of 1 MB is soon full.
_FIVE = ("", "cold", "config", "down", "end", "inbox", "kept", "outbox", "session", "subs", "words")
FIVE = ("leanmqtt/properties.py", *(f"leanmqtt/v5{name}.py" for name in _FIVE))
# For programs of one's own: the node loads none of them.
_APART = ("v5ack", "v5alias", "request", "umqtt", "nolocal", "aio", "aiodrive", "aiowait")
APART = tuple(f"leanmqtt/{name}.py" for name in _APART)
PAGES = "*.html"  # what the node serves, read piece by piece


def build(flash: Path, lib: Path = LIB, parts: list[str] | None = None, five: bool = True) -> Path:
    """Fill the folder `flash` with everything but config.json, and return it.

    parts: the drivers to take, with what they need; without it, all. five: with MQTT 5.
    """
    compile_tree(FIRMWARE, flash, keep=SOURCES, skip=SKIPPED)
    for page in FIRMWARE.rglob(PAGES):
        (flash / page.relative_to(FIRMWARE)).write_bytes(page.read_bytes())
    left = (*SKIPPED, *APART, *_left_out(lib / "drivers", parts))
    compile_tree(lib, flash / "lib", skip=left if five else (*left, *FIVE))
    write_keys(lib / "drivers", flash, parts)
    return flash


def write_keys(drivers: Path, flash: Path, wanted: list[str] | None = None):
    """Write the compiled tables of the node, and of each part below `drivers` that has a schema (and is wanted)."""
    for name, text in key_tables(drivers, wanted):
        folder = flash / "lib" if name.startswith("drivers/") else flash
        # The name in a traceback takes memory for good, so all tables of a kind have the same.
        _compile(text, (folder / name).with_suffix(".mpy"), Path(name).stem)


def write_frozen(folder: Path):
    """The same tables as sources, for firmware/manifest.py to freeze with the rest."""
    for name, text in key_tables(LIB / "drivers"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def key_tables(drivers: Path, wanted: list[str] | None = None) -> Iterator[tuple[str, str]]:
    """The name of each table's module, as a device imports it, and its text."""
    source = schema.source()
    parts = {path.parent.name: json.loads(path.read_text()) for path in sorted(drivers.glob("*/schema.json"))}
    yield "node/keys.py", tables.node(source, parts, boards.ids())
    for name in tables.LATER:
        yield f"node/keys_{name}.py", tables.later(source, name)
    yield "node/about_derived.py", tables.derived()
    for part, about in parts.items():
        if wanted is None or part in wanted:
            shown_as = shown(drivers / part / "schema.json")
            yield f"drivers/{part}/keys.py", tables.driver(about, source["$defs"], shown_as)
            yield f"drivers/{part}/about.py", tables.about(about)


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
