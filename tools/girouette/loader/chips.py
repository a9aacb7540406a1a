"""What differs between the chips, as data: identification, eFuses, registers, where the boot loader lies in the flash.

Sources: the chips' Technical Reference Manuals (eFuse controller, SPI, UART), Espressif's Serial Protocol page
(GET_SECURITY_INFO), the messages of its boot mode selection pages. How commands work is in rom.py and stub.py.
"""

from dataclasses import dataclass, field

from . import spi

MAC = 0x246F28_A1B2C3  # Espressif's prefix, and a number


@dataclass(frozen=True)
class Chip:
    """One of Espressif's chips; `registers` are those that do not read 0 after reset."""

    id: str  # as esptool's --chip
    name: str
    image_id: int  # chip_id of an image's header, and of GET_SECURITY_INFO
    has_security_info: bool
    loads_from: int  # where in the flash its second-stage boot loader begins
    spi: spi.Layout
    registers: dict[int, int] = field(repr=False)
    app_boot: str = "boot:0x13 (SPI_FAST_FLASH_BOOT)"
    download_boot: str = "boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))"

    def banner(self, download: bool) -> str:
        """What its ROM prints when it starts."""
        mode = self.download_boot + "\r\nwaiting for download" if download else self.app_boot
        return f"rst:0x1 (POWERON_RESET),{mode}\r\n"


_ROM_MAGIC = 0x40001000  # an address in ROM whose content tells the first generations apart
_UART_DIVIDER = 347  # 40 MHz / 115200 Bd


def _esp32() -> dict[int, int]:
    efuse = 0x3FF5A000
    return {
        _ROM_MAGIC: 0x00F01D83,
        efuse + 4: MAC & 0xFFFFFFFF,
        efuse + 8: MAC >> 32,
        efuse + 12: 1 << 15 | 1 << 9,  # revision bit 0; package 1: D0WD
        efuse + 16: 128,  # CK8M_FREQ
        efuse + 20: 1 << 20,  # revision bit 1
        0x3FF6607C: 1 << 31,  # SYSCON_DATE, revision bit 2: v3
        0x3FF5F06C: 800 << 7,  # RTC_CALI_VALUE: with CK8M_FREQ above, a crystal of 40 MHz
        0x3FF40014: _UART_DIVIDER,
    }


def _later(efuse: int) -> dict[int, int]:
    block1 = efuse + 0x44
    return {
        block1: MAC & 0xFFFFFFFF,
        block1 + 4: MAC >> 32 | 0xFFFE << 16,  # and MAC_EXT, which some have
        block1 + 12: 1 << 18,  # minor version 1
        0x60000014: _UART_DIVIDER,
    }


CHIPS = {
    chip.id: chip
    for chip in (
        Chip("esp32", "ESP32", 0, False, 0x1000, spi.ESP32, _esp32()),
        Chip("esp32s3", "ESP32-S3", 9, True, 0, spi.ESP32S3, _later(0x60007000),
             "boot:0x8 (SPI_FAST_FLASH_BOOT)", "boot:0x0 (DOWNLOAD(USB/UART0))"),
        Chip("esp32c3", "ESP32-C3", 5, True, 0, spi.ESP32C3, _later(0x60008800),
             "boot:0xc (SPI_FAST_FLASH_BOOT)", "boot:0x4 (DOWNLOAD(USB/UART0/1))"),
        Chip("esp32c6", "ESP32-C6", 13, True, 0, spi.ESP32C6, _later(0x600B0800),
             "boot:0xc (SPI_FAST_FLASH_BOOT)", "boot:0x4 (DOWNLOAD(USB/UART0/SDIO_REI_FEO))"),
    )
}  # fmt: skip
