"""The board on a port, asked by the real mpremote: what it is, and whether a node can live on it.

A node that runs is stopped by the question: it goes into maintenance by a reset, since its watchdog cannot be stopped
(docs/health.md). Then it is started again; one that was in maintenance before is left there.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from girouette import external, maintenance, mpyfile
from girouette.console import Console
from girouette.errors import Failure
from girouette.toolchain import OLDEST

from . import filesystem
from .verdict import Verdict, bad, warn, well

_PROBE = Path(__file__).parent / "device" / "probe.py"
_ROOM = 200_000  # bytes of flash for the node with all its parts, and room to exchange a file


class Board:
    """A board that has answered. `about`: what probe.py says; `stopped`: a node ran until it was asked."""

    def __init__(self, port: str):
        self.port, self.stopped = port, False
        self.about = self._ask()

    def _ask(self) -> dict:
        with Console(self.port):
            pass  # a port that another program holds is told at once
        ran = maintenance.interrupt(self.port)
        said = external.run(asking(self.port), silence=60)
        about = told(said)
        if about is None:
            raise Failure(f"the board on {self.port} answers something else than was asked: {said[-200:]!r}")
        self.stopped = ran and about["maintenance"] is not None
        return about

    def leave(self):
        """Start the node again, unless it was in maintenance before."""
        if self.stopped:
            remove = f"import os; os.remove('{maintenance.MARKER}')"
            external.run(maintenance.mpremote(self.port, "exec", remove, "+", "reset"), silence=60)
        elif self.about["node"] and self.about["maintenance"] is None:
            external.run(maintenance.mpremote(self.port, "reset"), silence=60)


def asking(port: str) -> list[str]:
    """The command line that asks a board at its prompt what it is."""
    return maintenance.mpremote(port, "run", _PROBE)


def told(said: str) -> dict | None:
    """The board's answer, in what the command has printed."""
    found = re.search(r"^GIROUETTE (\{.*\})\s*$", said, re.MULTILINE)
    return json.loads(found[1]) if found else None


def examine(about: dict, port: str, stopped: bool, needed: int = 0) -> Iterator[Verdict]:
    """What there is to say of a board; `needed`: bytes of flash that the configuration asks for."""
    yield from _micropython(about)
    yield from _filesystem(about, port)
    yield from _space(about, needed)
    yield from _node(about, port, stopped)


def _micropython(about: dict) -> Iterator[Verdict]:
    version = tuple(about["version"])
    words = f"MicroPython {'.'.join(map(str, version))} on {about['machine']}"
    oldest = ".".join(map(str, OLDEST))
    cure = "girouette flash BOARD --port PORT brings a newer one; it erases the board"
    if about["mpy"] & 0xFF != mpyfile.FORMAT:
        yield bad("MicroPython", f"{words}: it cannot load Girouette's .mpy files (format {mpyfile.FORMAT})", cure)
    elif version[:2] < OLDEST:
        yield bad("MicroPython", f"{words} is too old: {oldest} or newer is needed", cure)
    else:
        yield well("MicroPython", words)


def _filesystem(about: dict, port: str) -> Iterator[Verdict]:
    if about["filesystem"] == "fat":
        words = f"the flash is FAT: {filesystem.MEANS}"
        yield warn("file system", words, filesystem.reformat(about["platform"], port))
    elif about["filesystem"]:
        yield well("file system", "LittleFS, which lives through power cuts")
    else:
        yield warn("file system", "unknown: the board has no file yet", "girouette deploy, then ask again")


def _space(about: dict, needed: int) -> Iterator[Verdict]:
    free, size = about["free"], about["size"]
    words = f"{free // 1024} of {size // 1024} KB free"
    needed += 0 if about["node"] else _ROOM
    if free < needed:
        cure = "remove what is not needed (mpremote fs tree, fs rm), or choose a smaller store_size"
        yield bad("free space", f"{words}; about {needed // 1024} KB are needed", cure)
    else:
        yield well("free space", f"{words}; heap {about['heap'] // 1024} KB free at the prompt")


def _node(about: dict, port: str, stopped: bool) -> Iterator[Verdict]:
    release = f" {about['girouette']}" if about["girouette"] else ""
    if not about["node"]:
        yield warn("node", "Girouette is not on this board", f"girouette deploy BOARD --port {port} --config FILE")
    elif not about["config"]:
        yield bad("node", f"Girouette{release} is there, but no config.json", "girouette config push")
    elif maintenance.BROKEN_OFF in (about["maintenance"] or ""):
        cure = f"girouette deploy BOARD --port {port} --config FILE completes it"
        yield bad("node", "a copy to this board was broken off: it is a mixture of two firmwares", cure)
    elif about["maintenance"] is not None and not stopped:
        cure = f"mpremote connect {port} rm :maintenance + reset"
        yield warn("node", f"Girouette{release} is in maintenance and does not start", cure)
    else:
        was = "was running, was stopped for these questions" if stopped else "is there"
        yield well("node", f"Girouette{release} {was} and is started again")
