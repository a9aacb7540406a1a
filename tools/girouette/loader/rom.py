"""The boot loader in the chip's ROM: what esptool finds after a reset, and works with under --no-stub."""

import hashlib
import struct

from .protocol import Command, Protocol

_SLOW_READ = 64  # bytes that READ_FLASH_SLOW always gives


class Rom(Protocol):
    # "Status bytes" of the Serial Protocol page; the ROM of ESP32 and later sends two more, which mean nothing.
    OK = b"\0\0\0\0"
    ERRORS = {
        key: bytes([1, code, 0, 0])
        for key, code in
        {"length": 5, "command": 5, "act": 6, "mode": 6, "checksum": 7, "write": 8, "inflate": 0x0B}.items()
    }  # fmt: skip
    SYNC_VALUE = 0x20120707

    def _unknown(self, command: int) -> list[bytes]:
        # It says so several times, under no command's number: by this esptool tells an ESP32 from its successors.
        return [self._response(0, status=self.ERRORS["command"])] * 8

    def _get_security_info(self, data: bytes) -> list[bytes]:
        if not self.chip.has_security_info:
            return self._unknown(Command.GET_SECURITY_INFO)
        # Flags, flash_crypt_cnt, key_purposes, chip_id, eco_version: a chip without any security set.
        info = struct.pack("<IB7sII", 0, 0, bytes(7), self.chip.image_id, 0)
        return [self._response(Command.GET_SECURITY_INFO, data=info)]

    def _flash_end(self, data: bytes) -> list[bytes]:
        # Whatever the flag says, the ROM leaves its boot loader.
        self.then = self.start_app
        return [self._response(Command.FLASH_END)]

    def _spi_flash_md5(self, data: bytes) -> list[bytes]:
        start, length, _, _ = struct.unpack("<IIII", data)
        digest = hashlib.md5(self._range(start, length)).hexdigest().encode()
        return [self._response(Command.SPI_FLASH_MD5, data=digest)]

    def _read_flash_slow(self, data: bytes) -> list[bytes]:
        start, length = struct.unpack("<II", data)
        found = self._range(start, min(length, _SLOW_READ)).ljust(_SLOW_READ, b"\0")
        return [self._response(Command.READ_FLASH_SLOW, data=found)]
