"""Starts actor.py, a client that does what a script says, on CPython or on a MicroPython."""

import json
import os
import subprocess
import sys
from pathlib import Path

from peers import Process
from support.mp import Mp

ACTOR = Path(__file__).with_name("actor.py")
LIB = Path(__file__).parents[2] / "lib"
KINDS = ("cpython", "mp64", "mp32")


def launch(kind: str, lib_mpy: Path, path: Path, script: dict) -> Process:
    """kind: one of KINDS; the script is written to path."""
    path.write_text(json.dumps(script, default=str, ensure_ascii=False), encoding="utf-8")
    return Process(_popen(kind, lib_mpy, path))


def _popen(kind: str, lib_mpy: Path, path: Path) -> subprocess.Popen:
    if kind == "cpython":
        env = {**os.environ, "PYTHONPATH": str(LIB)}
        command = [sys.executable, ACTOR, path]
        return subprocess.Popen(command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return Mp(int(kind[2:])).popen(ACTOR, args=(path,), path=(lib_mpy,), heap="512k")
