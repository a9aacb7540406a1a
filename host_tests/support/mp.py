"""MicroPython as a process: code or a file in, what it printed out."""

import os
import subprocess
from pathlib import Path

from girouette import toolchain


class Mp:
    """MicroPython with objects of `bits` bits (32: the layout of the chips; 64: the host's)."""

    def __init__(self, bits: int):
        self.bits = bits
        self.command = toolchain.micropython(bits)

    def _argv(self, code_or_path, args, heap) -> list[str]:
        what = [str(code_or_path)] if isinstance(code_or_path, Path) else ["-c", code_or_path]
        return [self.command, "-X", f"heapsize={heap}", *what, *map(str, args)]

    def environment(self, path, env=None) -> dict:
        """The environment in which it imports from `path` (and what is frozen in it, asyncio) and nowhere else."""
        # MICROPYPATH takes the place of the whole default path, frozen modules (asyncio) included.
        return {**os.environ, "MICROPYPATH": ":".join([*map(str, path), ".frozen"]), **(env or {})}

    def run(
        self, code_or_path, args=(), path=(), heap="256k", timeout=60, env=None, cwd=None
    ) -> subprocess.CompletedProcess:
        """Run to the end. A str is code, a Path is a file. `path`: folders to import from."""
        return subprocess.run(
            self._argv(code_or_path, args, heap),
            env=self.environment(path, env),
            text=True,
            capture_output=True,
            timeout=timeout,
            cwd=cwd,
        )

    def popen(self, code_or_path, args=(), path=(), heap="256k", env=None, **kwargs) -> subprocess.Popen:
        """Start it; the caller ends it. Its output is a pipe, stderr in stdout, unless told otherwise."""
        return subprocess.Popen(
            self._argv(code_or_path, args, heap),
            env=self.environment(path, env),
            text=True,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, **kwargs},
        )
