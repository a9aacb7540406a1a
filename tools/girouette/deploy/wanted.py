"""What a build holds beside what its manifest names, and what of it must never be shown. Reads the build only."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from .plan import LAST, File

_SHORTEST = 4  # of a secret: hiding each "a" would hide everything else too
_QUIET = ("warn", "error", "off")
SECRET_KEYS = ("password", "key", "psk", "seal")


def files(built) -> dict[str, File]:
    """Each file of the build, with manifest.json, config.json and secrets.json."""
    made = {path: File(built.sizes[path], digest) for path, digest in built.files.items()}
    for path in LAST:
        if (built.folder / path).is_file():
            data = (built.folder / path).read_bytes()
            made[path] = File(len(data), hashlib.sha256(data).hexdigest())
    return made


def secrets(folder: Path) -> list[str]:
    """All texts of secrets.json, and passwords and headers in config.json; the longest first."""
    found = [*_texts(_loaded(folder / "secrets.json")), *_passwords(_loaded(folder / "config.json"))]
    return sorted({text for text in found if len(text) >= _SHORTEST}, key=len, reverse=True)


def speaks(folder: Path) -> bool | None:
    """Whether a node with this configuration tells on its console when it is connected; None: there is none here."""
    log = [_loaded(folder / name).get("log", {}) for name in ("config.json", "secrets.json")]
    if not (folder / "config.json").is_file():
        return None
    return all(table.get("level") not in _QUIET for table in log if isinstance(table, dict))


def tells(level: str | None) -> bool:
    """The same for a log.level."""
    return level not in _QUIET


def _loaded(path: Path) -> dict:
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _texts(found) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    for below in _below(found):
        yield from _texts(below)


def _passwords(found) -> Iterator[str]:
    if isinstance(found, dict):
        yield from (value for key, value in found.items() if key in SECRET_KEYS and isinstance(value, str))
        yield from _texts(found.get("headers"))
    for below in _below(found):
        yield from _passwords(below)


def _below(found):
    return found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
