"""A program on CPython, or on a MicroPython with the client compiled as for a board: the same file, one call."""

import os
import subprocess
import sys
from pathlib import Path

from girouette.paths import LIB

from .mp import Mp

KINDS = ("cpython", "mp64", "mp32")


def popen(kind: str, lib_mpy: Path, path: Path, *args, beside=(), options=(), cwd=None, heap="512k"):
    """Start it; the caller ends it. Its output is a pipe, with that of stderr in it.

    kind: one of KINDS; beside: more folders to import from; options: of CPython.
    """
    if kind != "cpython":
        return Mp(int(kind[2:])).popen(path, args=args, path=(lib_mpy, *beside), heap=heap, cwd=cwd)
    return subprocess.Popen(
        [sys.executable, "-u", *options, path, *map(str, args)],
        env={**os.environ, "PYTHONPATH": ":".join(map(str, (LIB, *beside)))},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=cwd,
    )


def run(kind: str, lib_mpy: Path, path: Path, *args, timeout=120, **more) -> str:
    """What it printed; it must end well. The rest as for popen."""
    process = popen(kind, lib_mpy, path, *args, **more)
    try:
        out, _ = process.communicate(timeout=timeout)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0, out
    return out
