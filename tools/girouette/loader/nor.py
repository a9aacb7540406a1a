"""A NOR flash chip kept in a file: erasing sets all bits of a sector, programming only clears bits.

What is programmed over something that was not erased is wrong afterwards, as on the chip, and counted in `clashes`.
Whoever reads and writes it is not known here.
"""

import mmap
from pathlib import Path

SECTOR = 4096
BLANK = 0xFF
# JEDEC identification (RDID, 9Fh): Winbond W25Q; the third byte is the exponent of the size.
MANUFACTURER, TYPE = 0xEF, 0x40


class Nor:
    """`size` bytes (a power of two) in the file; a new file is blank. `worn`: addresses whose bits no longer clear."""

    def __init__(self, path: Path, size: int = 4 << 20):
        self.path, self.size = Path(path), size
        self.clashes = 0
        self.erased = 0  # sectors erased since power-on
        self.worn: set[int] = set()
        if not self.path.exists() or self.path.stat().st_size != size:
            self.path.write_bytes(bytes([BLANK]) * size)
        with self.path.open("r+b") as file:
            self._cells = mmap.mmap(file.fileno(), size)

    @property
    def jedec(self) -> int:
        """Manufacturer, type and size as one number, the manufacturer lowest."""
        return MANUFACTURER | TYPE << 8 | (self.size.bit_length() - 1) << 16

    def read(self, start: int, length: int) -> bytes:
        """What is there. Raises ValueError beyond the end."""
        self._within(start, length)
        return self._cells[start : start + length]

    def erase(self, start: int = 0, length: int | None = None):
        """Erase every sector that the range touches."""
        length = self.size - start if length is None else length
        self._within(start, length)
        first, end = start // SECTOR * SECTOR, -(-(start + length) // SECTOR) * SECTOR
        self._cells[first:end] = bytes([BLANK]) * (end - first)
        self.erased += (end - first) // SECTOR

    def program(self, start: int, data: bytes):
        """Clear the bits that are 0 in `data`; no bit is ever set."""
        self._within(start, len(data))
        before = self._cells[start : start + len(data)]
        after = (int.from_bytes(before, "big") & int.from_bytes(data, "big")).to_bytes(len(data), "big")
        if after != data:
            self.clashes += 1
        self._cells[start : start + len(data)] = after
        for address in self.worn:
            if start <= address < start + len(data):
                self._cells[address] = before[address - start]

    def close(self):
        self._cells.close()

    def _within(self, start: int, length: int):
        if start < 0 or length < 0 or start + length > self.size:
            raise ValueError(f"{start:#x} + {length:#x} is beyond the {self.size:#x} bytes of the flash")
