"""The real esptool, with its defaults, does to the models what it does to chips."""

import images
import pytest

pytestmark = pytest.mark.timeout(120)
CHIPS = {
    "esp32": "ESP32-D0WD-V3",
    "esp32s3": "ESP32-S3 (QFN56)",
    "esp32c3": "ESP32-C3 (QFN32)",
    "esp32c6": "ESP32-C6 (QFN40)",
}


def sampled(chips, sample: str) -> list:
    """All of them in `make test-full`, one in `make test`: each esptool takes a second to start."""
    return [pytest.param(chip, marks=[] if chip == sample else pytest.mark.full) for chip in chips]


@pytest.mark.parametrize("chip", ["esp32", "esp32s3", "esp32c3", pytest.param("esp32c6", marks=pytest.mark.full)])
def test_esptool_with_its_defaults_erases_writes_and_verifies_an_image(chip, loader, esptool, firmware):
    model, path, offset = loader(chip), firmware(chip), images.CHIPS[chip][1]
    model.nor.program(0x200000, b"left from before")
    status, text = esptool(model, "write-flash", "--erase-all", hex(offset), path)
    assert status == 0, text
    assert "Stub flasher" in text and "compressed" in text and "Hash of data verified" in text
    assert CHIPS[chip] in text and "24:6f:28:a1:b2:c3" in text and "Crystal frequency:  40MHz" in text
    assert set(model.nor.read(0x200000, 64)) == {0xFF}
    assert model.nor.read(offset, path.stat().st_size) == path.read_bytes()
    assert model.nor.clashes == 0
    status, text = esptool(model, "verify-flash", hex(offset), path)
    assert status == 0 and "digest matched" in text, text


@pytest.mark.parametrize("chip", sampled(CHIPS, "esp32c6"))
def test_esptool_finds_out_the_chip_and_its_flash(chip, loader, esptool):
    status, text = esptool(loader(chip, size=8 << 20), "flash-id")
    assert status == 0, text
    assert CHIPS[chip] in text and "8MB" in text and "24:6f:28" in text
    assert "Crystal frequency:  40MHz" in text


@pytest.mark.parametrize("chip", sampled(["esp32", "esp32s3", "esp32c3"], "esp32"))
def test_without_the_stub_the_rom_does_it(chip, loader, esptool, firmware):
    model, path, offset = loader(chip), firmware(images.text(9000)), 0x10000
    status, text = esptool(model, "--no-stub", "write-flash", hex(offset), path)
    assert status == 0 and "Hash of data verified" in text, text
    assert model.nor.read(offset, 9000) == path.read_bytes()
    assert model.machine.mode == "rom"
    assert model.nor.clashes == 0
    status, text = esptool(model, "--no-stub", "read-flash", hex(offset), 640, path.with_name("back.bin"))
    assert status == 0, text
    assert path.with_name("back.bin").read_bytes() == path.read_bytes()[:640]


def test_the_flash_is_read_back_and_a_part_of_it_erased(loader, esptool, firmware):
    model, path = loader("esp32"), firmware(images.text(20_000))
    assert esptool(model, "write-flash", "0x3000", path)[0] == 0
    assert esptool(model, "erase-region", "0x4000", "0x1000")[0] == 0
    status, text = esptool(model, "read-flash", "0x3000", "0x2800", path.with_name("back.bin"))
    assert status == 0, text
    data = path.read_bytes()
    assert path.with_name("back.bin").read_bytes() == data[:0x1000] + b"\xff" * 0x1000 + data[0x2000:0x2800]


def test_the_whole_flash_is_erased(loader, esptool):
    model = loader("esp32c3")
    model.nor.program(0x200000, b"left from before")
    status, text = esptool(model, "erase-flash")
    assert status == 0 and set(model.nor.read(0, model.nor.size)) == {0xFF}, text


def test_what_differs_from_the_file_is_found(loader, esptool, firmware):
    model, path = loader("esp32s3"), firmware(images.text(20_000))
    assert esptool(model, "write-flash", "0x0", path)[0] == 0
    at = next(at for at, byte in enumerate(path.read_bytes()) if byte)
    model.nor.program(at, b"\0")
    status, text = esptool(model, "verify-flash", "0x0", path)
    assert status != 0 and "digest mismatch" in text


@pytest.mark.parametrize("chip", sampled(images.CHIPS, "esp32c3"))
def test_esptool_finds_the_tests_images_sound(chip, esptool, firmware, loader):
    status, text = esptool(loader("esp32"), "--chip", chip, "image-info", firmware(chip))
    assert status == 0, text
    assert "(valid)" in text and "invalid" not in text


def test_the_lines_bring_the_chip_into_its_boot_loader_and_out_again(loader, esptool):
    model = loader("esp32c3", plain=False)
    assert model.machine.mode == "app"
    status, text = esptool(model, "--no-stub", "chip-id")
    assert status == 0 and "ESP32-C3" in text, text
    assert model.machine.starts == ["app", "rom", "app"]


def test_a_board_whose_lines_only_reset_it_stays_in_its_program(loader, esptool):
    model = loader("esp32", plain=False)
    model.machine.lines.has_auto_reset = False
    status, text = esptool(model, "chip-id")
    assert status != 0 and "Wrong boot mode detected (0x13)" in text, text
    assert "rom" not in model.machine.starts


@pytest.mark.full
@pytest.mark.parametrize("chip", ["esp32", "esp32s3", "esp32c3"])
def test_over_the_lines_and_at_a_higher_rate_an_image_arrives_whole(chip, loader, esptool, firmware):
    model, path, offset = loader(chip, plain=False), firmware(chip), images.CHIPS[chip][1]
    status, text = esptool(model, "--baud", "460800", "write-flash", "--erase-all", hex(offset), path)
    assert status == 0 and "Changed." in text and "Hash of data verified" in text, text
    assert model.nor.read(offset, path.stat().st_size) == path.read_bytes()
    assert model.machine.mode == "app"
