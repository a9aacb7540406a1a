"""Text files of a user: read whole, with an error that says what is wrong, and written for the user's eyes only. What
they mean is not known here."""

import os
from pathlib import Path

from .errors import Failure


def read(path: Path) -> str:
    """The text of the file. Raises Failure."""
    try:
        return path.read_bytes().decode()
    except OSError as e:
        raise Failure(f"cannot read {path}: {e.strerror}") from None
    except UnicodeDecodeError as e:
        raise Failure(f"{path} is not UTF-8 text: byte {e.start} is {e.object[e.start]:#x}. Save it as UTF-8") from None


def write_private(path: Path, text: str):
    """There may be passwords in it. A file that is there already keeps the rights it has. Raises OSError."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
