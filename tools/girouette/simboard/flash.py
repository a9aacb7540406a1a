"""`Flash`: a NOR flash chip with a file system on it, for a board that is to have more than a folder.

Bits are only cleared by programming and only set by erasing a block; the power can be cut in the middle of either. What
is on it is made and read by MicroPython's own file systems, in a process beside the board's. Who asks for blocks is
device/_flash.py.
"""

import os
import subprocess
import tempfile
import threading
from pathlib import Path

from .. import toolchain
from .sizes import size_in_bytes

BLOCK = 4096
ENOSPC = 28
_SYSTEMS = ("littlefs", "fat")
_COPIER = Path(__file__).parent / "copier.py"


class PowerCut(Exception):
    """The chip has no power any more; there is no answer."""


class Flash:
    """A flash chip, blank at first; the board that gets it puts its firmware folder on it.

    size    "512k", "2m": what the file system has
    image   a file that holds its content, read if it is there and kept up to date; None: only in memory
    system  "littlefs", with ESP32 settings, or "fat", as STM32's stock firmware has
    """

    def __init__(self, size: str | int = "512k", image: Path | None = None, system: str = "littlefs"):
        if system not in _SYSTEMS:
            raise ValueError(f"no file system {system!r}; there are {' and '.join(_SYSTEMS)}")
        self.system = system
        self.blocks = size_in_bytes(size) // BLOCK
        self.wear = [0] * self.blocks  # erasures of each block
        self.writes = 0  # programmings and erasures so far
        self._data = bytearray(b"\xff" * (self.blocks * BLOCK))
        self._image = image and Path(image)
        self._full = False
        self._left: int | None = None
        self._cutting, self._cut = False, threading.Event()
        self.on_cut = lambda: None
        if self._image and self._image.exists():
            self._load(self._image.read_bytes())
        if self._image:
            self._file = self._image.open("r+b" if self._image.exists() else "w+b", buffering=0)
        else:
            self._file = tempfile.NamedTemporaryFile(prefix="girouette-flash-", buffering=0)  # noqa: SIM115 (it lives as long)
        self._keep(0, self._data)

    @property
    def path(self) -> str:
        """The file where the board reads its content by itself."""
        return os.path.realpath(self._file.name)

    # What a test does

    @property
    def blank(self) -> bool:
        return not any(byte != 0xFF for byte in self._data[: 2 * BLOCK])

    def pack(self, folder: Path):
        """Format it, and put a folder's content on it."""
        self._data[:] = b"\xff" * len(self._data)
        self._copied("pack", folder)

    def unpack(self, folder: Path):
        """Write what is on it to a folder. Not while a board uses it: what it has not yet written is missing."""
        self._copied("unpack", folder)

    def full(self, yes: bool):
        """Nothing more can be written (ENOSPC), or again."""
        self._full = yes

    def cut_at(self, writes: int):
        """The power of the board goes in the middle of the programming or erasure that comes after so many others."""
        self._cut.clear()
        self._left = writes

    @property
    def armed(self) -> bool:
        """Whether a cut is still to come."""
        return self._left is not None

    def wait_cut(self, timeout: float = 20):
        """Until the power has gone."""
        if not self._cut.wait(timeout):
            raise TimeoutError(f"no power cut within {timeout:g} s: {self._left} more writes until it comes")

    def read(self, block: int, offset: int, n: int) -> bytes:
        at = block * BLOCK + offset
        return bytes(self._data[at : at + n])

    # What the board does, but for reading; answers are 0 or an errno

    def program(self, block: int, offset: int, data: bytes) -> int:
        return self._change(block * BLOCK + offset, data, program=True)

    def erase(self, block: int) -> int:
        if not self._full:
            self.wear[block] += 1
        return self._change(block * BLOCK, b"\xff" * BLOCK, program=False)

    def _change(self, at: int, data: bytes, program: bool) -> int:
        if self._full:
            return ENOSPC
        self.writes += 1
        cut = self._left == 0
        if self._left is not None:
            self._left -= 1
        if cut:
            data = data[: len(data) // 2]
            self._left = None
        if program:
            data = bytes(old & new for old, new in zip(self._data[at : at + len(data)], data, strict=True))
        self._data[at : at + len(data)] = data
        self._keep(at, data)
        if cut:
            self._cutting = True
            self.on_cut()
            raise PowerCut
        return 0

    def power_lost(self):
        """The board tells that it is off."""
        if self._cutting:
            self._cutting = False
            self._cut.set()

    # Inside

    def _keep(self, at: int, data: bytes):
        self._file.seek(at)
        self._file.write(data)

    def _load(self, data: bytes):
        if len(data) != len(self._data):
            raise ValueError(f"the image has {len(data)} bytes, the flash {len(self._data)}")
        self._data[:] = data

    def _copied(self, how: str, folder: Path):
        with tempfile.TemporaryDirectory(prefix="girouette-flash-") as work:
            image = Path(work, "image")
            image.write_bytes(self._data)
            words = [how, self.system, str(image), str(Path(folder).resolve())]
            command = [toolchain.micropython(64), str(_COPIER), *words]
            done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "TZ": "UTC"})
            if done.returncode:
                raise OSError(f"cannot {how} the flash: {(done.stdout + done.stderr).strip()}")
            self._load(image.read_bytes())
        self._keep(0, self._data)
