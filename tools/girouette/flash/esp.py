"""Whether a file is MicroPython's whole image for an Espressif chip: boot loader, partition table and application, each
in its place and complete.

Formats: "Firmware Image Format" of esptool's documentation (header, segments, checksum, SHA-256), "Partition Tables"
and "App Image Format" (application descriptor) of ESP-IDF's. Nothing is written here.
"""

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path

from ..errors import Refused
from . import files

CHIP_IDS = {
    0: "esp32", 2: "esp32s2", 5: "esp32c3", 9: "esp32s3", 12: "esp32c2", 13: "esp32c6", 16: "esp32h2", 18: "esp32p4",
    20: "esp32c61", 23: "esp32c5",
}  # fmt: skip
_MAGIC = 0xE9
_HEADER = 24
_APP_DESCRIPTOR = struct.pack("<I", 0xABCD5432)
_PARTITION, _PARTITION_MD5, _PARTITION_END = b"\xaa\x50", b"\xeb\xeb", b"\xff\xff"
_TABLE_AT = 0x8000  # in the flash, on all chips as MicroPython is built
_APP, _FACTORY, _OTA_0 = 0, 0x00, 0x10


@dataclass(frozen=True)
class Image:
    """One image in the file: where it ends, and whether it is an application."""

    end: int
    is_app: bool


def check(path: Path, data: bytes, chip: str, offset: int):
    """Raises Refused if this must not be written at `offset` of this chip's flash."""
    files.expect(path, data, files.ESP)
    boot = _image(path, data, 0, chip, "the boot loader")
    if boot.is_app:
        raise Refused(
            f"{path} is an application alone (.app-bin), for updates of a running board. Take the .bin of the same"
            f" version, which begins with the boot loader. Nothing was erased"
        )
    applications = [at for kind, subtype, at in _partitions(path, data, offset) if kind == _APP]
    if not applications:
        raise Refused(f"{path}: its partition table has no application; {_AGAIN}")
    _image(path, data, min(applications) - offset, chip, "the application")


_AGAIN = "download it again. Nothing was erased"


def _image(path: Path, data: bytes, at: int, chip: str, what: str) -> Image:
    """The image at this place of the file, checked."""
    if at < 0 or at + _HEADER > len(data):
        raise Refused(f"{path} is cut off: it ends after {len(data)} bytes, and {what} begins at {at}; {_AGAIN}")
    if data[at] != _MAGIC:
        raise Refused(f"{path}: at {at:#x}, where {what} should be, there is none; {_AGAIN}")
    (found,) = struct.unpack_from("<H", data, at + 12)
    if CHIP_IDS.get(found) != chip:
        other = CHIP_IDS.get(found, f"a chip with the number {found}")
        raise Refused(f"{path} is for {other}, and this board has an {chip}. Nothing was erased")
    return _segments(path, data, at, what)


def _segments(path: Path, data: bytes, at: int, what: str) -> Image:
    position, checksum = at + _HEADER, 0xEF
    is_app = data[position + 8 : position + 12] == _APP_DESCRIPTOR
    for _ in range(data[at + 1]):
        if position + 8 > len(data):
            raise _cut_off(path, data, what)
        (length,) = struct.unpack_from("<I", data, position + 4)
        segment = data[position + 8 : position + 8 + length]
        position += 8 + length
        for byte in segment if position <= len(data) else b"":
            checksum ^= byte
    end = at + ((position - at) // 16 + 1) * 16  # the checksum is the last byte of 16
    if end > len(data):
        raise _cut_off(path, data, what)
    if data[end - 1] != checksum:
        raise Refused(f"{path} is damaged: the checksum of {what} does not fit; {_AGAIN}")
    if data[at + 23]:  # a SHA-256 of all this follows
        if hashlib.sha256(data[at:end]).digest() != data[end : end + 32]:
            raise Refused(f"{path} is damaged: the SHA-256 of {what} is another; {_AGAIN}")
        end += 32
    return Image(end, is_app)


def _cut_off(path: Path, data: bytes, what: str) -> Refused:
    return Refused(f"{path} is cut off: it ends after {len(data)} bytes, within {what}; {_AGAIN}")


def _partitions(path: Path, data: bytes, offset: int):
    """(type, subtype, place in the flash) of each partition."""
    at = _TABLE_AT - offset
    if data[at : at + 2] != _PARTITION:
        raise Refused(f"{path}: at {at:#x}, where the partition table should be, there is none; {_AGAIN}")
    begin = at
    while (magic := data[at : at + 2]) == _PARTITION:
        kind, subtype, place = struct.unpack_from("<BBI", data, at + 2)
        yield kind, subtype, place
        at += 32
    if magic == _PARTITION_MD5 and hashlib.md5(data[begin:at]).digest() != data[at + 16 : at + 32]:
        raise Refused(f"{path} is damaged: the MD5 of the partition table is another; {_AGAIN}")
