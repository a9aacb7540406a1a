"""What kind of file a person gave, known by its bytes: so that a web page, an archive or another chip's format is
called by its name. What is inside an image is checked in esp.py, uf2.py and dfu.py."""

from pathlib import Path

from ..errors import Refused

_ZIP, _GZIP, _ELF = b"PK\x03\x04", b"\x1f\x8b", b"\x7fELF"
ESP, UF2, DFU, HEX, STM32 = "an image for Espressif chips", "a UF2 file", "a DFU file", "an Intel HEX file", "a binary"
_OTHERS = {
    _ZIP: "a ZIP archive: unpack it, and give the file in it",
    _GZIP: "compressed (gzip): unpack it with gunzip, and give the file in it",
    _ELF: "an ELF file, which is for debuggers",
}


def read(path: Path) -> bytes:
    """The file's bytes. Raises Refused."""
    try:
        data = path.read_bytes()
    except OSError as e:
        raise Refused(f"cannot read {path}: {e.strerror}") from None
    if not data:
        raise Refused(f"{path} is empty: download it again")
    return data


def kind(data: bytes) -> str:
    """What it is, in words; one of the constants above for what a board can take."""
    begin = data[:512].lstrip().lower()
    if begin.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "a web page, not the file it offers: download the file itself, by its own link"
    for magic, words in _OTHERS.items():
        if data.startswith(magic):
            return words
    if data.startswith(b"UF2\n"):
        return UF2
    if data.startswith(b"DfuSe") or data[-8:-5] == b"UFD":
        return DFU
    if data.startswith(b":") and data[:9].strip(b":0123456789ABCDEFabcdef") == b"":
        return HEX
    if data[0] == 0xE9:
        return ESP
    return "a binary" if any(byte != data[0] for byte in data) else f"nothing but bytes {data[0]:#04x}"


def expect(path: Path, data: bytes, *kinds: str):
    """Raises Refused if the file is none of these kinds."""
    found = kind(data)
    if found not in kinds:
        raise Refused(f"{path} is {found}. Expected {' or '.join(kinds)}. Nothing was erased")
