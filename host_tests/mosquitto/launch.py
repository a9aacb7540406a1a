"""Starts actor.py, a client that does what a script says, on CPython or on a MicroPython."""

import json
from pathlib import Path

from peers import Process
from support.anywhere import KINDS, popen

__all__ = ("KINDS", "launch")

ACTOR = Path(__file__).with_name("actor.py")


def launch(kind: str, lib_mpy: Path, folder: Path, script: dict) -> Process:
    """kind: one of KINDS; the script is written to a file of its own in folder."""
    path = folder / f"script{len(list(folder.glob('script*.json')))}.json"
    path.write_text(json.dumps(script, default=str, ensure_ascii=False), encoding="utf-8")
    return Process(popen(kind, lib_mpy, ACTOR, path))
