"""Small firmware files for the tests, made byte by byte along the published formats, without girouette.flash.

Sources: esptool's "Firmware Image Format", ESP-IDF's "Partition Tables", microsoft/uf2, ST's UM0391 (DfuSe), Intel HEX.
"""

import hashlib
import struct
import zlib
from functools import reduce
from operator import xor

CHIPS = {"esp32": (0, 0x1000), "esp32s3": (9, 0), "esp32c3": (5, 0), "esp32c6": (13, 0)}
RP2040, RP2350, ABSOLUTE = 0xE48BFF56, 0xE48BFF59, 0xE48BFF57


def text(size: int, seed: bytes = b"girouette") -> bytes:
    """Bytes that compress as code does, a half of them random."""
    out = bytearray()
    while len(out) < size:
        seed = hashlib.sha256(seed).digest()
        out += seed + bytes(32)
    return bytes(out[:size])


def esp_image(chip: str, segments: list[tuple[int, bytes]], digest: bool = True) -> bytes:
    """One image: header, segments, checksum, SHA-256."""
    header = struct.pack("<BBBBI", 0xE9, len(segments), 2, 0x20, 0x40080400)  # DIO, 4 MB, 40 MHz
    header += struct.pack("<BBBBHBHH4xB", 0xEE, 0, 0, 0, CHIPS[chip][0], 0, 0, 0xFFFF, digest)
    body = header + b"".join(struct.pack("<II", at, len(data)) + data for at, data in segments)
    body += bytes(15 - len(body) % 16)
    body += bytes([reduce(xor, b"".join(data for _, data in segments), 0xEF)])
    return body + hashlib.sha256(body).digest() if digest else body


def esp_app(chip: str, size: int) -> bytes:
    """An application: its first segment begins with the descriptor."""
    about = struct.pack("<II8x32s32s", 0xABCD5432, 0, b"v1.29.0", b"micropython").ljust(256, b"\0")
    return esp_image(chip, [(0x3F400020, about + text(size)), (0x3FFB0000, text(512))])


def partitions() -> bytes:
    """MicroPython's table: settings, radio, application; and its MD5."""
    rows = b""
    for kind, sub, at, size, name in ((1, 2, 0x9000, 0x6000, b"nvs"), (1, 1, 0xF000, 0x1000, b"phy_init"),
                                      (0, 0, 0x10000, 0x1F0000, b"factory")):  # fmt: skip
        rows += struct.pack("<2sBBII16sI", b"\xaa\x50", kind, sub, at, size, name, 0)
    return rows + b"\xeb\xeb" + b"\xff" * 14 + hashlib.md5(rows).digest()


def esp(chip: str, size: int = 60_000) -> bytes:
    """The whole .bin of micropython.org: boot loader, partition table, application, 0xFF between."""
    offset = CHIPS[chip][1]
    about = struct.pack("<B3xI32s24s16x", 0x50, 1, b"v5.5.1", b"Jan  1 2026 00:00:00")
    whole = esp_image(chip, [(0x3FFF0030, about + text(3000, b"boot")), (0x40078000, text(8000, b"loader"))])
    whole = whole.ljust(0x8000 - offset, b"\xff") + partitions()
    return whole.ljust(0x10000 - offset, b"\xff") + esp_app(chip, size)


def uf2_block(family: int, number: int, count: int, at: int, data: bytes, flags: int = 0x2000) -> bytes:
    head = struct.pack("<8I", 0x0A324655, 0x9E5D5157, flags, at, len(data), number, count, family)
    return (head + data).ljust(508, b"\0") + struct.pack("<I", 0x0AB16F30)


def uf2(family: int = RP2040, size: int = 40_000) -> bytes:
    """A UF2 file; one for the RP2350 begins with the block against erratum E10, as picotool makes it."""
    code = text(size).ljust(-(-size // 256) * 256, b"\0")
    count = len(code) // 256
    blocks = [uf2_block(ABSOLUTE, 0, 2, 0x10FFFF00, b"\xef" * 256)] if family == RP2350 else []
    for number in range(count):
        blocks.append(uf2_block(family, number, count, 0x10000000 + 256 * number, code[256 * number :][:256]))
    return b"".join(blocks)


def stm32(address: int = 0x08000000, machine: str = "NUCLEO-F767ZI with STM32F767", size: int = 20_000) -> bytes:
    """A program: vector table, code, and the text that MicroPython shows at its prompt."""
    vectors = struct.pack("<II", 0x20080000, address + 0x201)
    return vectors + text(size) + machine.encode() + b"\0"


def dfu(code: bytes, address: int = 0x08000000, vendor: int = 0x0483, product: int = 0xDF11) -> bytes:
    """A DfuSe file with one target of one element."""
    element = struct.pack("<II", address, len(code)) + code
    target = struct.pack("<6sBI255sII", b"Target", 0, 1, b"ST...", len(element), 1) + element
    body = struct.pack("<5sBIB", b"DfuSe", 1, 11 + len(target), 1) + target
    body += struct.pack("<HHHH3sB", 0, product, vendor, 0x011A, b"UFD", 16)
    return body + struct.pack("<I", ~zlib.crc32(body) & 0xFFFFFFFF)


def hex_file(code: bytes, address: int = 0x08000000) -> bytes:
    """Intel HEX."""

    def record(kind: int, at: int, data: bytes) -> str:
        raw = bytes([len(data), at >> 8 & 0xFF, at & 0xFF, kind]) + data
        return ":" + (raw + bytes([-sum(raw) & 0xFF])).hex().upper()

    lines, high = [], None
    for at in range(address, address + len(code), 16):
        if at >> 16 != high:
            high = at >> 16
            lines.append(record(4, 0, struct.pack(">H", high)))
        lines.append(record(0, at & 0xFFFF, code[at - address : at - address + 16]))
    return ("\n".join([*lines, record(1, 0, b"")]) + "\n").encode()
