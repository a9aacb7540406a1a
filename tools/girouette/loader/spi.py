"""The SPI controller through which a host reads the flash chip by registers: a "user command" is put together in USR,
USR1, USR2 and ADDR, started by bit 18 of CMD, and answered in W0. And the few commands of the flash chip sent so.

Sources: ESP32, ESP32-S3, ESP32-C3 Technical Reference Manuals (SPI controller); JEDEC JESD216 (SFDP); W25Q data sheet.
"""

from dataclasses import dataclass

from .nor import Nor

_START = 1 << 18  # SPI_CMD_REG.SPI_USR
_MISO = 1 << 28  # SPI_USER_REG.SPI_USR_MISO
_ADDRESS = 1 << 30  # SPI_USER_REG.SPI_USR_ADDR
_RDID, _RDSFDP, _RDSR = 0x9F, 0x5A, 0x05
_SFDP = b"SFDP\x06\x01\x00\xff" + bytes(8)


@dataclass(frozen=True)
class Layout:
    """Where the registers are; an address that is not 32 bits long stands at the top of ADDR or at its bottom."""

    base: int
    usr: int
    usr1: int
    usr2: int
    miso_dlen: int
    w0: int
    address_at_top: bool


# The original chip, and those since.
ESP32 = Layout(0x3FF42000, 0x1C, 0x20, 0x24, 0x2C, 0x80, True)
ESP32S3 = ESP32C3 = Layout(0x60002000, 0x18, 0x1C, 0x20, 0x28, 0x58, False)
ESP32C6 = Layout(0x60003000, 0x18, 0x1C, 0x20, 0x28, 0x58, False)


class Spi:
    """Watches writes of registers, and acts when a command is started. `attached`: the pins lead to the flash chip."""

    def __init__(self, layout: Layout, nor: Nor):
        self._at, self._nor = layout, nor
        self.attached = False

    def written(self, registers: dict[int, int], address: int):
        """A register was written."""
        at = self._at
        if address != at.base or not registers[address] & _START:
            return
        usr = registers.get(at.base + at.usr, 0)
        bits = registers.get(at.base + at.miso_dlen, 0) + 1
        reply = self._transfer(registers.get(at.base + at.usr2, 0) & 0xFF, self._address(registers, usr))
        if usr & _MISO:
            registers[at.base + at.w0] = int.from_bytes(reply[: (bits + 7) // 8].ljust(4, b"\0")[:4], "little")
        registers[address] = 0  # the hardware clears the bit when it is done

    def _address(self, registers: dict[int, int], usr: int) -> int:
        if not usr & _ADDRESS:
            return 0
        value = registers.get(self._at.base + 4, 0)
        length = (registers.get(self._at.base + self._at.usr1, 0) >> 26) + 1
        return value >> (32 - length) if self._at.address_at_top else value

    def _transfer(self, command: int, address: int) -> bytes:
        if not self.attached:
            return b"\xff" * 4  # nobody drives the line
        if command == _RDID:
            return self._nor.jedec.to_bytes(3, "little")
        if command == _RDSFDP:
            return _SFDP[address : address + 4].ljust(4, b"\xff")
        if command == _RDSR:
            return b"\0"
        return b"\0" * 4
