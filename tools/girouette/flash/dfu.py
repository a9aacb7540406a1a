"""Whether a file for an STM32 is whole and for this chip: DFU (ST's UM0391, with DfuSe), Intel HEX, or plain binary.

None of the three names the chip. MicroPython does: it carries the text "NUCLEO-F767ZI with STM32F767" for its prompt.
"""

import io
import re
import struct
import zlib
from pathlib import Path

from intelhex import HexReaderError, IntelHex

from ..errors import Refused
from . import files

VENDOR, PRODUCT = 0x0483, 0xDF11
_KEPT = "Nothing was erased"
_AGAIN = f"download it again. {_KEPT}"
_SUFFIX = 16
_TARGET = 274
_RAM = (0x10, 0x20, 0x24, 0x30)  # CCM, SRAM, and an H7's AXI and AHB SRAM
_MACHINE = re.compile(rb" with (STM32[A-Z0-9]+)")


def check(path: Path, data: bytes, chip: str, address: int | None) -> str:
    """The kind of file, of files.py. `address`: where the board's firmware begins; None: wherever the file says.

    Raises Refused if it must not be written to this chip."""
    files.expect(path, data, files.DFU, files.HEX, files.STM32)
    kind = files.kind(data)
    if kind == files.DFU:
        parts = _dfu(path, data)
    elif kind == files.HEX:
        parts = _hex(path, data)
    elif address is None:
        raise Refused(f"{path} is a plain binary, which does not say where it goes: take the .dfu file. {_KEPT}")
    else:
        parts = [(address, data)]
    begin = min(at for at, _ in parts)
    if address not in (None, begin):
        raise Refused(f"{path} is for address {begin:#010x}, and this board's begins at {address:#010x}; {_OTHER}")
    _starts(path, next(part for at, part in parts if at == begin), begin)
    _same_chip(path, b"".join(part for _, part in parts), chip)
    return kind


_OTHER = "it is another board's. Nothing was erased"


def _starts(path: Path, code: bytes, address: int):
    """A program begins with its vector table: the stack pointer, in RAM, and where it starts, odd (Thumb)."""
    stack, reset = struct.unpack("<II", code[:8].ljust(8, b"\0"))
    if stack >> 24 not in _RAM or not reset & 1 or reset >> 24 != address >> 24:
        raise Refused(f"{path} does not begin as a program for an STM32 does: it is not MicroPython. {_KEPT}")


def _same_chip(path: Path, code: bytes, chip: str):
    names = {name.decode().lower() for name in _MACHINE.findall(code)}
    # "stm32f767" is also what a file for an STM32F767ZI is for.
    if names and not any(name.startswith(chip) or chip.startswith(name) for name in names):
        found = ", ".join(sorted(names)).upper()
        raise Refused(f"{path} is for {found}, and this board has an {chip.upper()}; {_OTHER}")


def _dfu(path: Path, data: bytes) -> list[tuple[int, bytes]]:
    """(address, bytes) of each element."""
    if not data.startswith(b"DfuSe") or len(data) < 11 + _TARGET + _SUFFIX:
        raise Refused(f"{path} is a DFU file, but not of ST's kind (DfuSe); {_AGAIN}")
    (length,) = struct.unpack_from("<I", data, 6)
    product, vendor, _version, signature, _size, crc = struct.unpack("<HHH3sBI", data[-14:])
    if length + _SUFFIX != len(data) or signature != b"UFD":
        raise Refused(f"{path} is cut off: it says it has {length + _SUFFIX} bytes and has {len(data)}; {_AGAIN}")
    if ~zlib.crc32(data[:-4]) & 0xFFFFFFFF != crc:
        raise Refused(f"{path} is damaged: its CRC is another; {_AGAIN}")
    if (vendor, product) != (VENDOR, PRODUCT):
        raise Refused(
            f"{path} is for the USB device {vendor:04x}:{product:04x}, and an STM32 is {VENDOR:04x}:{PRODUCT:04x};"
            f" {_OTHER}"
        )
    return _elements(path, data)


def _elements(path: Path, data: bytes) -> list[tuple[int, bytes]]:
    at, found = 11, []
    for _ in range(data[10]):
        if data[at : at + 6] != b"Target":
            raise Refused(f"{path} is damaged: a target is missing at {at:#x}; {_AGAIN}")
        (count,) = struct.unpack_from("<I", data, at + 270)
        at += _TARGET
        for _ in range(count):
            address, size = struct.unpack_from("<II", data, at)
            found.append((address, data[at + 8 : at + 8 + size]))
            at += 8 + size
    if not found or at != len(data) - _SUFFIX:
        raise Refused(f"{path} is damaged: its elements do not add up to its size; {_AGAIN}")
    return found


def _hex(path: Path, data: bytes) -> list[tuple[int, bytes]]:
    try:
        file = IntelHex()
        file.loadhex(io.StringIO(data.decode("ascii")))
    except (HexReaderError, UnicodeDecodeError) as e:
        raise Refused(f"{path} is damaged: {e}; {_AGAIN}") from None
    if not data.rstrip().upper().endswith(b":00000001FF"):
        raise Refused(f"{path} is cut off: its last line is not the end record; {_AGAIN}")
    return [(begin, file.tobinstr(begin, end - 1)) for begin, end in file.segments()]
