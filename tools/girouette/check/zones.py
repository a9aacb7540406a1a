"""A zone as POSIX writes it, of the name by which people know it: this machine's own tables have both."""

import re
import zoneinfo
from importlib import resources
from pathlib import Path


def posix(name) -> str | None:
    """Europe/Berlin: CET-1CEST,M3.5.0,M10.5.0/3; None where this machine does not know the name."""
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*", name):
        return None
    for folder in zoneinfo.TZPATH:
        found = _footer(Path(folder) / name)
        if found:
            return found
    try:
        return _footer(resources.files("tzdata") / "zoneinfo" / name)
    except ModuleNotFoundError:
        return None


def _footer(file) -> str | None:
    """The last line of a file of RFC 8536, version 2 or later."""
    if not file.is_file():
        return None
    whole = file.read_bytes()
    lines = whole.rsplit(b"\n", 2)
    return lines[1].decode("ascii") or None if whole.startswith(b"TZif") and len(lines) == 3 else None
