"""The USB drive of the RP2040's and RP2350's boot ROM, as a folder: INFO_UF2.TXT and INDEX.HTM; the blocks of a UF2
file copied into it go to the flash, and when the last has come the drive is gone and the board has started.

Sources: RP2040 data sheet 2.8.4 and RP2350 data sheet 5.5 (USB mass storage, UF2: blocks of another family are
ignored, a payload is 256 bytes, each 4 KB are erased before the first block in them is written).
"""

import shutil
import struct
import threading
from pathlib import Path

from .nor import SECTOR, Nor

_POLL = 0.01
_BLOCK = 512
_XIP = 0x10000000  # where the flash appears in memory
_INFO = "UF2 Bootloader v{version}\nModel: Raspberry Pi {model}\nBoard-ID: {label}\n"
_KINDS = {
    "RPI-RP2": ("3.0", "RP2", {0xE48BFF56}),
    "RP2350": ("1.0", "RP2350", {0xE48BFF59, 0xE48BFF5A, 0xE48BFF57}),
}


class Drive:
    """`folder` is the drive, whose name is that of the boot loader ("RPI-RP2", "RP2350"); plug() makes it appear.

    pull_at   after so many blocks the cable is out: the drive is gone, and the board does not start
    full      a file of this name finds no room on the drive
    """

    def __init__(self, folder: Path, flash: Path, size: int = 2 << 20, on_start=lambda: None):
        self.folder, self.nor = Path(folder), Nor(flash, size)
        self._version, self._model, self._families = _KINDS[self.folder.name]
        self._on_start = on_start
        self.pull_at: int | None = None
        self.full: str | None = None
        self.ignored = 0  # blocks
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def plug(self) -> "Drive":
        """The board is in its boot loader: the drive appears."""
        self.folder.mkdir(parents=True)
        info = _INFO.format(version=self._version, model=self._model, label=self.folder.name)
        (self.folder / "INFO_UF2.TXT").write_text(info)
        (self.folder / "INDEX.HTM").write_text("<html>Redirecting to raspberrypi.com</html>")
        if self.full:
            (self.folder / self.full).symlink_to("/dev/full")  # every write to it: ENOSPC
        self._thread = threading.Thread(target=self._watch, name="uf2 drive", daemon=True)
        self._thread.start()
        return self

    @property
    def is_there(self) -> bool:
        return self.folder.is_dir()

    def close(self):
        self._closing.set()
        if self._thread:
            self._thread.join(5)
        self._vanish()
        self.nor.close()

    def __enter__(self) -> "Drive":
        return self

    def __exit__(self, *exc):
        self.close()

    def _watch(self):
        taken: dict[str, int] = {}
        got: dict[int, set[int]] = {}
        count = 0
        while not self._closing.wait(_POLL):
            for path in self.folder.glob("*"):
                if not path.is_file() or path.is_symlink() or path.name in ("INFO_UF2.TXT", "INDEX.HTM"):
                    continue
                for block in self._new_blocks(path, taken):
                    count += 1
                    if count == self.pull_at:
                        self._vanish()
                        return
                    if self._take(block, got):
                        self._vanish()
                        self._on_start()
                        return

    def _vanish(self):
        while self.folder.exists():  # a writer may be putting something into it at this moment
            shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def _new_blocks(path: Path, taken: dict[str, int]):
        """Blocks of a file that have come since the last look at it."""
        with path.open("rb") as file:
            file.seek(taken.get(path.name, 0))
            while len(block := file.read(_BLOCK)) == _BLOCK:
                taken[path.name] = file.tell()
                yield block

    def _take(self, block: bytes, got: dict[int, set[int]]) -> bool:
        """Write a block to the flash; whether it was the last of its family's."""
        magic, _, flags, at, size, number, count, family = struct.unpack_from("<8I", block)
        inside = 0 <= at - _XIP <= self.nor.size - size
        if magic != 0x0A324655 or not flags & 0x2000 or family not in self._families or size != 256 or not inside:
            self.ignored += 1
            return False
        at -= _XIP
        sectors = got.setdefault(-1, set())
        if at // SECTOR not in sectors:
            sectors.add(at // SECTOR)
            self.nor.erase(at, size)
        self.nor.program(at, block[32 : 32 + size])
        got.setdefault(family, set()).add(number)
        return len(got[family]) == count and family != 0xE48BFF57
