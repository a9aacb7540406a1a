"""A file that is not this board's firmware, or not all of it, is refused, and the words say what it is."""

import struct
from pathlib import Path

import images
import pytest
from girouette.errors import Refused
from girouette.flash import dfu, esp, files, uf2

ESP = images.esp("esp32")
BOOT = images.esp_image("esp32", [(0x3FFF0030, images.text(3000))])
F767 = images.stm32()


def changed(data: bytes, at: int, byte: int | None = None) -> bytes:
    """The data with another byte there."""
    return data[:at] + bytes([data[at] ^ 0x55 if byte is None else byte]) + data[at + 1 :]


def refused(check, data: bytes, *about) -> str:
    with pytest.raises(Refused) as error:
        check(Path("firmware.bin"), data, *about)
    assert "Nothing was" in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("chip", images.CHIPS)
def test_micropythons_image_is_taken_for_its_chip(chip):
    esp.check(Path("f"), images.esp(chip), chip, images.CHIPS[chip][1])


@pytest.mark.parametrize(
    ("data", "words"),
    {
        "another chip's": (images.esp("esp32s3"), "for esp32s3, and this board has an esp32"),
        "another chip's application": (ESP[:0xF000] + images.esp_app("esp32c3", 9000), "for esp32c3"),
        "for an update only": (images.esp_app("esp32", 9000), ".app-bin"),
        "cut off in the application": (ESP[:-5000], "cut off"),
        "cut off before its digest": (ESP[:-32], "SHA-256"),
        "cut off before the application": (ESP[:0xE000], "cut off"),
        "cut off before the table": (ESP[:0x6000], "partition table"),
        "cut off in the boot loader": (ESP[:2000], "cut off"),
        "cut off in its first bytes": (ESP[:20], "cut off"),
        "a damaged boot loader": (changed(ESP, 5000), "checksum of the boot loader"),
        "a damaged application": (changed(ESP, 0xF000 + 30_000), "checksum of the application"),
        "a damaged entry point": (changed(ESP, 5), "SHA-256 of the boot loader"),
        "a damaged table": (changed(ESP, 0x7000 + 45), "MD5 of the partition table"),
        "no application": (changed(ESP, 0xF000, 0), "where the application should be"),
        "a boot loader alone": (BOOT.ljust(0x9000, b"\xff"), "partition table"),
        "a web page": (b"\n<!DOCTYPE html><html>", "a web page"),
        "a UF2 file": (images.uf2(), "a UF2 file"),
        "a ZIP archive": (b"PK\x03\x04....", "a ZIP archive"),
        "compressed": (b"\x1f\x8b\x08....", "gunzip"),
        "an ELF file": (b"\x7fELF....", "an ELF file"),
        "a DFU file": (images.dfu(F767), "a DFU file"),
        "blank": (b"\xff" * 4096, "nothing but bytes 0xff"),
    }.values(),
)  # fmt: skip
def test_what_is_not_for_an_esp32_is_refused(data, words):
    assert words in refused(esp.check, data, "esp32", 0x1000)


def test_an_image_cut_off_anywhere_is_refused():
    for length in range(1, len(ESP), 997):
        refused(esp.check, ESP[:length], "esp32", 0x1000)


def test_any_changed_byte_of_boot_loader_table_and_application_is_found():
    for at in [*range(0, len(BOOT), 211), *range(0xF000, len(ESP), 1999)]:
        refused(esp.check, changed(ESP, at), "esp32", 0x1000)


def test_an_image_without_a_digest_is_judged_by_its_checksum():
    def made(data: bytes) -> bytes:
        return data.ljust(0x7000, b"\xff") + images.partitions().ljust(0x8000, b"\xff") + images.esp_app("esp32", 5000)

    boot = images.esp_image("esp32", [(0x3FFF0030, images.text(3000))], digest=False)
    esp.check(Path("f"), made(boot), "esp32", 0x1000)
    assert "checksum" in refused(esp.check, made(changed(boot, 1000)), "esp32", 0x1000)


@pytest.mark.parametrize("family", [images.RP2040, images.RP2350])
def test_a_whole_uf2_file_of_the_family_is_taken(family):
    assert uf2.check(Path("f"), images.uf2(family, 40_000), family) == 157


def _uf2_without(number: int) -> bytes:
    data = images.uf2()
    return data[: number * 512] + data[(number + 1) * 512 :]


@pytest.mark.parametrize(
    ("data", "words"),
    {
        "another family": (images.uf2(images.RP2350), "for RP2350 (Arm), and this board has an RP2040"),
        "an unknown family": (images.uf2(0x12345678), "family 0x12345678"),
        "cut off within a block": (images.uf2()[:-100], "cut off"),
        "cut off between blocks": (images.uf2()[:-512], "156 of 157 blocks"),
        "a block missing": (_uf2_without(50), "156 of 157 blocks"),
        "a block twice": (images.uf2() + images.uf2()[512:1024], "damaged"),
        "a damaged magic": (changed(images.uf2(), 512 * 3 + 1), "block 3 is not one of UF2"),
        "a damaged end": (changed(images.uf2(), 512 * 3 + 510), "block 3 is not one of UF2"),
        "other payloads": (images.uf2_block(images.RP2040, 0, 1, 0x10000000, b"x" * 128), "128 bytes"),
        "no family": (images.uf2_block(0, 0, 1, 0x10000000, b"x" * 256, flags=0), "which chip"),
        "nothing for the flash": (images.uf2_block(images.RP2040, 0, 1, 0, b"x" * 256, flags=0x2001), "0 of"),
        "an ESP32's": (ESP, "an image for Espressif chips"),
        "a web page": (b"<html>", "a web page"),
    }.values(),
)  # fmt: skip
def test_what_is_not_for_an_rp2040_is_refused(data, words):
    assert words in refused(uf2.check, data, images.RP2040)


@pytest.mark.parametrize(
    ("data", "kind"),
    [(images.dfu(F767), files.DFU), (images.hex_file(F767), files.HEX), (F767, files.STM32)],
    ids=["dfu", "hex", "bin"],
)
def test_a_whole_file_for_the_stm32_is_taken(data, kind):
    assert dfu.check(Path("f"), data, "stm32f767", 0x08000000) == kind


OTHER = images.stm32(machine="NUCLEO-H743ZI with STM32H743")
PYBD = images.stm32(0x08008000, "PYBD-SF2W with STM32F722IEK")
DFU, HEX = images.dfu(F767), images.hex_file(F767)


@pytest.mark.parametrize(
    ("data", "words"),
    {
        "another chip's": (images.dfu(OTHER), "for STM32H743, and this board has an STM32F767"),
        "another chip's HEX": (images.hex_file(OTHER), "for STM32H743"),
        "another chip's binary": (OTHER, "for STM32H743"),
        "for another address": (images.dfu(PYBD, 0x08008000), "0x08008000, and this board's begins at 0x08000000"),
        "for another device": (images.dfu(F767, vendor=0x2341, product=0x0035), "USB device 2341:0035"),
        "cut off": (DFU[:5000] + DFU[-16:], "cut off"),
        "damaged": (changed(DFU, 9000), "CRC"),
        "without its suffix": (DFU[:-16], "cut off"),
        "HEX damaged": (changed(HEX, 2000, HEX[2000] ^ 1), "damaged"),
        "HEX cut off": (HEX[: HEX.rindex(b"\n:")], "cut off"),
        "no program": (images.text(5000), "does not begin as a program"),
        "an ESP32's": (ESP, "an image for Espressif chips"),
        "a UF2 file": (images.uf2(), "a UF2 file"),
        "a web page": (b"<!doctype html>", "a web page"),
    }.values(),
)  # fmt: skip
def test_what_is_not_for_an_stm32f767_is_refused(data, words):
    assert words in refused(dfu.check, data, "stm32f767", 0x08000000)


def test_a_board_without_a_known_address_takes_what_says_where_it_goes():
    code = images.stm32(0x08008000, "PYBD-SF2W with STM32F722IEK")
    dfu.check(Path("f"), images.dfu(code, 0x08008000), "stm32f722", None)
    assert "take the .dfu file" in refused(dfu.check, code, "stm32f722", None)


def test_a_dfu_file_of_another_layout_is_refused_and_not_believed():
    body = DFU[:10] + b"\x02" + DFU[11:-4]  # two targets announced, one there
    import zlib

    data = body + struct.pack("<I", ~zlib.crc32(body) & 0xFFFFFFFF)
    assert "a target is missing" in refused(dfu.check, data, "stm32f767", 0x08000000)


def test_an_empty_or_missing_file_is_told(tmp_path):
    (tmp_path / "empty.bin").touch()
    for name, words in (("empty.bin", "is empty"), ("none.bin", "No such file")):
        with pytest.raises(Refused, match=words):
            files.read(tmp_path / name)
