"""Text files of a user, read whole, with an error that says what is wrong. What they mean is not known here."""

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
