"""Whether a UF2 file is whole and for this chip (github.com/microsoft/uf2, data sheets of RP2040 and RP2350)."""

import struct
from pathlib import Path

from ..errors import Refused
from . import files

BLOCK = 512
FAMILIES = {
    0xE48BFF56: "RP2040", 0xE48BFF59: "RP2350 (Arm)", 0xE48BFF5A: "RP2350 (RISC-V)",
    0x1C5F21B0: "ESP32", 0xBFDD4EEE: "ESP32-S2", 0xC47E5767: "ESP32-S3", 0x68ED2B88: "SAMD21", 0x55114460: "SAMD51",
    0x57755A57: "STM32F4", 0xADA52840: "nRF52840",
}  # fmt: skip
# Blocks of this family go to the address they name, whatever else the file holds: the tools for the RP2350 put one
# first, against erratum RP2350-E10.
_ABSOLUTE = 0xE48BFF57
_MAGIC0, _MAGIC1, _MAGIC_END = 0x0A324655, 0x9E5D5157, 0x0AB16F30
_HAS_FAMILY, _NOT_FLASH = 0x2000, 0x0001
_PAYLOAD = 256  # the only size that the boot ROM takes
_AGAIN = "download it again. Nothing was written"


def check(path: Path, data: bytes, family: int) -> int:
    """The number of blocks. Raises Refused if the boot ROM would not take the file, or not all of it."""
    files.expect(path, data, files.UF2)
    if len(data) % BLOCK:
        raise Refused(f"{path} is cut off: its last block has {len(data) % BLOCK} bytes of {BLOCK}; {_AGAIN}")
    numbers, total = set(), None
    for index in range(len(data) // BLOCK):
        found, number, count = _block(path, index, data[index * BLOCK : (index + 1) * BLOCK])
        if found in (None, _ABSOLUTE):
            continue
        if found != family:
            raise Refused(
                f"{path} is for {_name(found)}, and this board has an {_name(family)}: its boot loader would ignore the"
                " file. Nothing was written"
            )
        if total not in (None, count) or number in numbers or number >= count:
            raise Refused(f"{path} is damaged: block {index} says it is number {number} of {count}; {_AGAIN}")
        numbers.add(number)
        total = count
    if total is None or len(numbers) != total:
        raise Refused(f"{path} is cut off: {len(numbers)} of {total or 'its'} blocks are there; {_AGAIN}")
    return total


def _block(path: Path, index: int, block: bytes) -> tuple[int | None, int, int]:
    """(family, number, count) of a block; the family is None where it is not for the flash."""
    magic0, magic1, flags, _at, size, number, count, family = struct.unpack_from("<8I", block)
    if (magic0, magic1, struct.unpack_from("<I", block, BLOCK - 4)[0]) != (_MAGIC0, _MAGIC1, _MAGIC_END):
        raise Refused(f"{path} is damaged: block {index} is not one of UF2; {_AGAIN}")
    if flags & _NOT_FLASH:
        return None, number, count
    if not flags & _HAS_FAMILY:
        raise Refused(f"{path}: block {index} does not say which chip it is for. Nothing was written")
    if size != _PAYLOAD:
        raise Refused(
            f"{path}: block {index} holds {size} bytes, not the {_PAYLOAD} a boot ROM takes. Nothing was written"
        )
    return family, number, count


def _name(family: int) -> str:
    return FAMILIES.get(family, f"family {family:#010x}")
