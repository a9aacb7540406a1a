"""The package.json files by which `mpremote mip install` brings leanmqtt, or a driver, to a board of someone who wants
neither the node nor this command line. They are made of the files that are there, and a test says when they are old.

    package.json                 leanmqtt, without its optional parts
    lib/<part>.json              an optional part of it, alone
    lib/drivers/<part>.json      one driver, with the modules and drivers it needs

A package lists its sources relative to itself, and none lies above it: not every server resolves `..`.
"""

import json
from pathlib import Path

from . import build, parts
from .firmware import SKIPPED
from .paths import LIB, ROOT

DRIVERS = LIB / "drivers"

# The optional parts of the client, by the names of their pages: patterns of their modules.
OPTIONAL = {
    "asyncio": ("aio*",),
    "journal": ("journal", "kept", "records", "store"),
    "mqtt5": ("v5*", "properties", "request"),
    "nolocal": ("nolocal",),
    "seal": ("seal",),
    "tls": ("tls*",),
    "umqtt": ("umqtt",),
    "websocket": ("websocket", "ws*"),
}


def packages() -> dict[Path, str]:
    """The text of each file, by its path."""
    client = {path for path in (LIB / "leanmqtt").glob("*.py") if f"leanmqtt/{path.name}" not in SKIPPED}
    made = {}
    for name, patterns in OPTIONAL.items():
        part = {path for path in client if any(path.match(f"{pattern}.py") for pattern in patterns)}
        made[LIB / f"{name}.json"] = _text([(path, LIB, LIB) for path in sorted(part)])
        client -= part
    made[ROOT / "package.json"] = _text([(path, LIB, ROOT) for path in sorted(client)])
    for part in parts.all_parts():
        sources = [path for name in sorted(parts.modules([part])) for path in _sources(name)]
        made[DRIVERS / f"{part}.json"] = _text([(path, LIB, DRIVERS) for path in sources])
    return made


def write() -> list[Path]:
    """Write those that are not as they should be, and remove those of parts that are no more; all there are."""
    made = packages()
    for path, text in made.items():
        if not path.is_file() or path.read_text() != text:
            path.write_text(text)
    for path in {*LIB.glob("*.json"), *DRIVERS.glob("*.json")} - set(made):
        path.unlink()
    return list(made)


def _sources(name: str) -> list[Path]:
    """Those of a module or a package in the folder of drivers."""
    folder = DRIVERS / name
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]


def _text(files: list[tuple[Path, Path, Path]]) -> str:
    urls = [[path.relative_to(lib).as_posix(), path.relative_to(base).as_posix()] for path, lib, base in files]
    lines = ",\n".join("    " + json.dumps(url) for url in urls)
    return f'{{\n  "version": "{build.version()}",\n  "deps": [],\n  "urls": [\n{lines}\n  ]\n}}\n'
