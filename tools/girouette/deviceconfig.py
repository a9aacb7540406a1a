"""The config.json of a node at a serial port: pulled, pushed, edited. A file with a fault does not get there, and it
replaces the one before in a single move, so that a pulled cable leaves the old or the new.

The way into maintenance and out is maintenance.py's, what makes a file sound is check's.
"""

import contextlib
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .check import check, show
from .deploy.wanted import SECRET_KEYS
from .errors import Failure
from .maintenance import maintenance, mpremote
from .steps import Steps

CONFIG, SECRETS = "config.json", "secrets.json"
_TEXT = r'"(?:\\.|[^"\\])*"'
_NAMES = "|".join(SECRET_KEYS)
_PASSWORD = re.compile(rf'("(?:{_NAMES})"\s*:\s*){_TEXT}')
_HEADERS = re.compile(rf'"headers"\s*:\s*\{{(?:{_TEXT}|[^"}}])*')
_HEADER = re.compile(rf'(:\s*){_TEXT}')
_EDITORS = ("nano", "vi")


def masked(text: str) -> str:
    """A config.json that may be shown."""
    text = _HEADERS.sub(lambda headers: _HEADER.sub(r'\1"***"', headers[0]), text)
    return _PASSWORD.sub(r'\1"***"', text)


def pull(port: str, steps: Steps) -> tuple[str, str | None]:
    """What is in config.json, and in secrets.json if the node has one."""
    with _at_work(port, steps) as folder, steps.step(f"reading {CONFIG}"):
        text, secrets = _read(port, steps, CONFIG, folder), _read(port, steps, SECRETS, folder)
        if text is None:
            raise Failure(f"there is no {CONFIG} on the board at {port}")
        return text, secrets


def push(port: str, steps: Steps, files: dict[str, bytes], judge=None):
    """Put config.json, and secrets.json, there; then the node starts with them. `judge` is called before with what is
    in the board's secrets.json, and may raise Failure."""
    with _at_work(port, steps) as folder:
        if judge:
            with steps.step(f"checking with the {SECRETS} of the board"):
                judge(_read(port, steps, SECRETS, folder))
        for name, data in files.items():
            with steps.step(f"writing {name}") as step:
                _write(port, steps, name, data, folder)
                step.note(f"{len(data)} bytes")


def checked(text: str, secrets: str | None, board: str | None, names: tuple[str, str]):
    """Raises Failure with every fault."""
    faults = check(text, secrets, board, names=names).faults
    if faults:
        lines = "\n".join(f"  {show.plain(fault)}" for fault in faults)
        count = "a fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise Failure(f"nothing was changed on the board: {names[0]} has {count}:\n{lines}")


def readable(text: str) -> bool:
    """Whether it is JSON at all."""
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def edited(text: str) -> Path:
    """A file with what an editor makes of the text; nobody else may read it."""
    handle, name = tempfile.mkstemp(prefix="girouette-config-", suffix=".json")
    with os.fdopen(handle, "w") as file:
        file.write(text)
    command = [*_editor(), name]
    status = subprocess.run(command).returncode
    if status:
        raise Failure(f"`{shlex.join(command)}` ended with status {status}; nothing was changed on the board")
    return Path(name)


def _editor() -> list[str]:
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if chosen:
        return shlex.split(chosen)
    for editor in _EDITORS:
        if shutil.which(editor):
            return [editor]
    raise Failure("no editor: say which in $EDITOR, e.g. EDITOR=nano")


@contextlib.contextmanager
def _at_work(port: str, steps: Steps) -> Iterator[Path]:
    """The board in maintenance, and a folder that only this user may read."""
    with maintenance(port, steps, always_leave=True), tempfile.TemporaryDirectory(prefix="girouette-") as folder:
        yield Path(folder)


def _read(port: str, steps: Steps, name: str, folder: Path) -> str | None:
    """The text of a file on the board; None: it is not there."""
    if steps.dry_run:
        steps.run(mpremote(port, "fs", "cp", f":{name}", folder / name))
        return ""
    try:
        steps.run(mpremote(port, "fs", "cp", f":{name}", folder / name))
        return (folder / name).read_bytes().decode()
    except UnicodeDecodeError as fault:
        raise Failure(f"{name} on the board is not UTF-8 text: byte {fault.start}") from None
    except Failure as fault:
        if "No such file or directory" in str(fault):
            return None
        raise


def _write(port: str, steps: Steps, name: str, data: bytes, folder: Path):
    new = f"{name}.new"
    (folder / new).write_bytes(data)
    said = steps.run(mpremote(port, "fs", "cp", folder / new, f":{new}", "+", "fs", "sha256sum", f":{new}"))
    if not steps.dry_run and hashlib.sha256(data).hexdigest() not in said:
        raise Failure(f"{name} did not arrive as it was sent; the old one is still there. Try again")
    steps.run(mpremote(port, "exec", f"import os; os.rename('{new}', '{name}')"))
