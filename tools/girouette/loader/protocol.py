"""What the boot loader in ROM and the stub have in common: packets, registers, RAM, writing to the flash.

A request is 0x00, command, size (16 bits), checksum (32 bits), data; a response 0x01, command, size, value (32 bits),
data, status (Espressif's Serial Protocol page). The model checks what it gets; where ROM and stub differ is in rom.py
and stub.py. Lines and sockets are not known here.
"""

import struct
import zlib
from collections.abc import Callable
from enum import IntEnum

from .chips import Chip
from .faults import Faults
from .nor import Nor
from .spi import Spi


class Command(IntEnum):
    FLASH_BEGIN = 0x02
    FLASH_DATA = 0x03
    FLASH_END = 0x04
    MEM_BEGIN = 0x05
    MEM_END = 0x06
    MEM_DATA = 0x07
    SYNC = 0x08
    WRITE_REG = 0x09
    READ_REG = 0x0A
    SPI_SET_PARAMS = 0x0B
    SPI_ATTACH = 0x0D
    READ_FLASH_SLOW = 0x0E
    CHANGE_BAUDRATE = 0x0F
    FLASH_DEFL_BEGIN = 0x10
    FLASH_DEFL_DATA = 0x11
    FLASH_DEFL_END = 0x12
    SPI_FLASH_MD5 = 0x13
    GET_SECURITY_INFO = 0x14
    ERASE_FLASH = 0xD0
    ERASE_REGION = 0xD1
    READ_FLASH = 0xD2
    RUN_USER_CODE = 0xD3


_SYNC = b"\x07\x07\x12\x20" + b"\x55" * 32
_SYNC_REPLIES = 8


class Refused(Exception):
    """The command is answered by an error; the argument is a key of `ERRORS`."""


class Protocol:
    """Commands of one of the two programs; `then` is what the chip does once its answers are sent."""

    ERRORS: dict[str, bytes]  # "length", "command", "act", "checksum", "write", "inflate", "mode": the status bytes
    OK: bytes
    SYNC_VALUE: int

    def __init__(self, chip: Chip, registers: dict[int, int], spi: Spi, nor: Nor, faults: Faults):
        self.chip, self.registers, self.spi, self.nor, self.faults = chip, registers, spi, nor, faults
        self.then: Callable[[], None] | None = None
        self.start_app = self.start_stub = lambda: None  # set by the machine
        self.change_baud = lambda baud: None
        self._ram: dict[int, bytearray] = {}
        self._loading: bytearray | None = None
        self._address = self._end = 0
        self._inflate = None
        self._writing = False

    def answers(self, packet: bytes) -> list[bytes]:
        """The packets that answer this one."""
        if len(packet) < 8 or packet[0] != 0:
            return []
        command, size, checksum = struct.unpack("<BHI", packet[1:8])
        data = packet[8:]
        handler = getattr(self, f"_{Command(command).name.lower()}", None) if command in set(Command) else None
        if handler is None:
            return self._unknown(command)
        try:
            if size != len(data):
                raise Refused("length")
            if self.faults.refused(command):
                raise Refused("act")
            if command in (Command.FLASH_DATA, Command.FLASH_DEFL_DATA, Command.MEM_DATA):
                data = self._block(data, checksum)
            return handler(data)
        except Refused as e:
            return [self._response(command, status=self.ERRORS[str(e)])]
        except struct.error:
            return [self._response(command, status=self.ERRORS["length"])]

    def _response(self, command: int, value: int = 0, data: bytes = b"", status: bytes | None = None) -> bytes:
        data += self.OK if status is None else status
        return struct.pack("<BBHI", 1, command, len(data), value) + data

    def _unknown(self, command: int) -> list[bytes]:
        return [self._response(command, status=self.ERRORS["command"])]

    @staticmethod
    def _block(data: bytes, checksum: int) -> bytes:
        """The payload of a data command: its length, a sequence number nobody looks at, two words; then the bytes."""
        (length,) = struct.unpack("<I", data[:4])
        payload = data[16:]
        if length != len(payload):
            raise Refused("length")
        found = 0xEF
        for byte in payload:
            found ^= byte
        if found != checksum & 0xFF:
            raise Refused("checksum")
        return payload

    def _sync(self, data: bytes) -> list[bytes]:
        if data != _SYNC:
            raise Refused("length")
        return [self._response(Command.SYNC, self.SYNC_VALUE)] * _SYNC_REPLIES

    # Registers

    def _read_reg(self, data: bytes) -> list[bytes]:
        (address,) = struct.unpack("<I", data)
        return [self._response(Command.READ_REG, self.registers.get(address, 0))]

    def _write_reg(self, data: bytes) -> list[bytes]:
        for address, value, mask, _delay in struct.iter_unpack("<IIII", data):
            before = self.registers.get(address, 0)
            self.registers[address] = before & ~mask | value & mask
            self.spi.written(self.registers, address)
        return [self._response(Command.WRITE_REG)]

    # RAM

    def _mem_begin(self, data: bytes) -> list[bytes]:
        _size, _blocks, _block_size, address = struct.unpack("<IIII", data)
        self._loading = self._ram[address] = bytearray()
        return [self._response(Command.MEM_BEGIN)]

    def _mem_data(self, payload: bytes) -> list[bytes]:
        if self._loading is None:
            raise Refused("mode")
        self._loading += payload
        return [self._response(Command.MEM_DATA)]

    def _mem_end(self, data: bytes) -> list[bytes]:
        stay, entry = struct.unpack("<II", data)
        self._loading = None
        # What was loaded is taken for esptool's stub; a jump to where nothing was loaded crashes, and nobody answers.
        if not stay and any(at <= entry < at + len(code) for at, code in self._ram.items()):
            self.then = self.start_stub
        return [self._response(Command.MEM_END)]

    # The flash

    def _flash_begin(self, data: bytes) -> list[bytes]:
        erase, blocks, block_size, address = struct.unpack("<IIII", data[:16])
        return self._begin(Command.FLASH_BEGIN, erase, address, max(erase, blocks * block_size), None)

    def _flash_defl_begin(self, data: bytes) -> list[bytes]:
        size, _blocks, _block_size, address = struct.unpack("<IIII", data[:16])
        return self._begin(Command.FLASH_DEFL_BEGIN, size, address, size, zlib.decompressobj())

    def _begin(self, command: Command, erase: int, address: int, room: int, inflate) -> list[bytes]:
        if erase:
            self._acted(lambda: self.nor.erase(address, erase))
        self._address, self._end, self._inflate, self._writing = address, address + room, inflate, True
        return [self._response(command)]

    def _flash_data(self, payload: bytes) -> list[bytes]:
        self._write(payload)
        return [self._response(Command.FLASH_DATA)]

    def _flash_defl_data(self, payload: bytes) -> list[bytes]:
        if self._inflate is None:
            raise Refused("mode")
        try:
            self._write(self._inflate.decompress(payload))
        except zlib.error:
            raise Refused("inflate") from None
        return [self._response(Command.FLASH_DEFL_DATA)]

    def _write(self, data: bytes):
        if not self._writing:
            raise Refused("mode")
        data = data[: self._end - self._address]
        self._acted(lambda: self.nor.program(self._address, data))
        self._address += len(data)

    def _acted(self, what: Callable[[], None]):
        """Do it to the flash chip, if there is a way to it."""
        if not self.spi.attached:
            raise Refused("write")
        try:
            what()
        except ValueError:
            raise Refused("write") from None

    def _flash_end(self, data: bytes) -> list[bytes]:
        return self._finished(Command.FLASH_END, data)

    def _flash_defl_end(self, data: bytes) -> list[bytes]:
        return self._finished(Command.FLASH_DEFL_END, data)

    def _finished(self, command: Command, data: bytes) -> list[bytes]:
        (stay,) = struct.unpack("<I", data)
        self._writing = False
        if not stay:
            self.then = self.start_app
        return [self._response(command)]

    def _spi_attach(self, data: bytes) -> list[bytes]:
        self.spi.attached = True
        return [self._response(Command.SPI_ATTACH)]

    def _spi_set_params(self, data: bytes) -> list[bytes]:
        struct.unpack("<IIIIII", data)
        return [self._response(Command.SPI_SET_PARAMS)]

    def _change_baudrate(self, data: bytes) -> list[bytes]:
        baud, _before = struct.unpack("<II", data)
        self.then = lambda: self.change_baud(baud)
        return [self._response(Command.CHANGE_BAUDRATE)]

    def _range(self, start: int, length: int) -> bytes:
        try:
            return self.nor.read(start, length)
        except ValueError:
            raise Refused("act") from None
