"""The stub: the program that esptool loads into RAM, which then speaks in the ROM's place. The model does what the
stub's commands do; the code that was uploaded is not run."""

import hashlib
import struct

from .protocol import Command, Protocol, Refused

GREETING = b"OHAI"


class Stub(Protocol):
    OK = b"\0\0"
    # "Status bytes" of the Serial Protocol page: the stub's own.
    ERRORS = {
        key: bytes([code, 0])
        for key, code in
        {"length": 0xC0, "checksum": 0xC1, "command": 0xC3, "act": 0xC4, "write": 0xC4, "mode": 0xC6,
         "inflate": 0xC7}.items()
    }  # fmt: skip
    SYNC_VALUE = 0  # by which esptool knows that it is the stub

    def __init__(self, *parts):
        super().__init__(*parts)
        self.spi.attached = True  # the stub sees to it when it starts
        self._frames: list[bytes] = []
        self._acknowledged = self._unsent = self._block_size = self._inflight = 0
        self._sent = 0

    def answers(self, packet: bytes) -> list[bytes]:
        if self._frames:
            return self._more(packet)
        return super().answers(packet)

    def _get_security_info(self, data: bytes) -> list[bytes]:
        if not self.chip.has_security_info:
            raise Refused("command")
        info = struct.pack("<IB7sII", 0, 0, bytes(7), self.chip.image_id, 0)
        return [self._response(Command.GET_SECURITY_INFO, data=info)]

    def _spi_flash_md5(self, data: bytes) -> list[bytes]:
        start, length, _, _ = struct.unpack("<IIII", data)
        digest = hashlib.md5(self._range(start, length)).digest()
        return [self._response(Command.SPI_FLASH_MD5, data=digest)]

    def _erase_flash(self, data: bytes) -> list[bytes]:
        self._acted(self.nor.erase)
        return [self._response(Command.ERASE_FLASH)]

    def _erase_region(self, data: bytes) -> list[bytes]:
        start, length = struct.unpack("<II", data)
        self._acted(lambda: self.nor.erase(start, length))
        return [self._response(Command.ERASE_REGION)]

    def _run_user_code(self, data: bytes) -> list[bytes]:
        self.then = self.start_app
        return []

    def _read_flash(self, data: bytes) -> list[bytes]:
        start, length, block_size, self._inflight = struct.unpack("<IIII", data)
        if not block_size or not self._inflight:
            raise Refused("length")
        found = self._range(start, length)
        self._frames = [found[at : at + block_size] for at in range(0, length, block_size)]
        self._frames.append(hashlib.md5(found).digest())
        self._sent, self._block_size = 0, block_size
        return [self._response(Command.READ_FLASH), *self._window(0)]

    def _more(self, packet: bytes) -> list[bytes]:
        """The host has taken so many bytes: there may be room for more."""
        if len(packet) != 4:  # it has lost its patience and begins anew
            self._frames = []
            return super().answers(packet)
        return self._window(-(-struct.unpack("<I", packet)[0] // self._block_size))

    def _window(self, taken: int) -> list[bytes]:
        """Frames up to so many beyond those taken; the digest follows when all are."""
        blocks = len(self._frames) - 1
        upto = min(taken + self._inflight, blocks)
        frames = self._frames[self._sent : upto]
        self._sent = upto
        if taken >= blocks:
            frames.append(self._frames[-1])
            self._frames = []
        return frames
