"""Single key presses from a terminal, without waiting; nothing where there is no terminal."""

import contextlib
import os
import select
import sys
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def keyboard() -> Iterator[Callable[[float], str]]:
    """Gives a function: the key pressed within so many seconds, or an empty text. Restores the terminal afterwards."""
    if not sys.stdin.isatty():
        yield _nothing
        return
    import termios
    import tty

    fd = sys.stdin.fileno()
    before = termios.tcgetattr(fd)
    try:
        tty.setcbreak(fd)  # Ctrl-C keeps its meaning
        yield lambda seconds: _key(fd, seconds)
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, before)


def _key(fd: int, seconds: float) -> str:
    ready, _, _ = select.select([fd], [], [], seconds)
    return os.read(fd, 64).decode(errors="replace")[:1] if ready else ""


def _nothing(seconds: float) -> str:
    select.select([], [], [], seconds)
    return ""
