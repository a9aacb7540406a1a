"""The firmware as it goes to a board: firmware/ and lib/ compiled, laid out as the board's flash.

The board checks config.json itself, and for the keys of a part it asks the driver's schema.json: `keys_source` turns
that into a table of the node's own form (firmware/node/keys.py), which is compiled beside the driver.
"""

import json
import tempfile
from pathlib import Path

from .errors import Failure
from .mpy import compile_file, compile_tree
from .paths import FIRMWARE, LIB, shown

SOURCES = ("boot.py", "main.py")  # MicroPython starts these two only as sources
_PINS = {"i2c": ("scl", "sda")}


def build(flash: Path, lib: Path = LIB) -> Path:
    """Fill the folder `flash` with everything but config.json, and return it."""
    compile_tree(FIRMWARE, flash, keep=SOURCES)
    compile_tree(lib, flash / "lib")
    write_keys(lib / "drivers", flash / "lib" / "drivers")
    return flash


def write_keys(drivers: Path, target: Path, compiled: bool = True):
    """Write `<part>/keys` below `target` for each part that has a schema."""
    for schema in sorted(drivers.glob("*/schema.json")):
        part = target / schema.parent.name
        source = keys_source(json.loads(schema.read_text()), shown(schema))
        part.mkdir(parents=True, exist_ok=True)
        if not compiled:
            (part / "keys.py").write_text(source)
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "keys.py"
            path.write_text(source)
            compile_file(path, part / "keys.mpy", f"drivers/{part.name}/keys.py")


def keys_source(schema: dict, where: str) -> str:
    """A driver's schema as the Python the node reads: BUS, QUANTITIES, OPTIONS and KEYS."""
    required = set(schema.get("required", ()))
    keys = {key: _entry(key, about, schema, required, where) for key, about in schema["properties"].items()}
    lines = [f"# Made from {where} when the firmware is built."]
    lines.append(f"BUS = {schema['bus']!r}")
    lines.append(f"QUANTITIES = {tuple(quantity['name'] for quantity in schema['quantities'])!r}")
    lines.append(f"OPTIONS = {tuple(schema.get('options', ()))!r}")
    lines.append("KEYS = {" + ", ".join(f"{key!r}: {entry}" for key, entry in keys.items()) + "}")
    return "\n".join(lines) + "\n"


def _entry(key: str, about: dict, schema: dict, required: set, where: str) -> str:
    default = "..." if key in required else repr(about.get("default"))
    if key in _PINS.get(schema["bus"], ()):
        return f"('pin', {default})"
    if "enum" in about:
        return f"('choice', {default}, {tuple(about['enum'])!r})"
    if about.get("type") == "integer" and {"minimum", "maximum"} <= about.keys():
        return f"('whole', {default}, {about['minimum']}, {about['maximum']})"
    if about.get("type") == "boolean":
        return f"('flag', {default})"
    raise Failure(f"{where}: the node has no kind of key for {key}: {json.dumps(about)}")
