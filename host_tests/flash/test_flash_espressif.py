"""`girouette flash` of an Espressif chip: the real esptool, in front of a model."""

import json

import images
import pytest
from girouette.loader import Faults
from girouette.loader.protocol import Command

pytestmark = pytest.mark.timeout(120)


def blank(model) -> bool:
    return set(model.nor.read(0, model.nor.size)) == {0xFF}


def test_an_esp32_is_erased_written_and_verified(loader, girouette, firmware):
    model, path = loader("esp32"), firmware("esp32")
    model.nor.program(0x200000, b"files of before")
    status, text = girouette("flash", "ESP32_GENERIC", "--port", model.url, "--firmware", path)
    assert status == 0, text
    assert model.nor.read(0x1000, path.stat().st_size) == path.read_bytes()
    assert set(model.nor.read(0x200000, 64)) == {0xFF} and model.nor.clashes == 0
    ticks = [line[2:].split("  ")[0] for line in text.splitlines() if line.startswith("✓")]
    assert ticks == [
        "checking the file", "looking at the chip", "loading esptool's helper into RAM", "erasing the flash", "writing",
        "verifying",
    ]  # fmt: skip
    assert "ESP32-D0WD-V3 (revision v3.0), 4MB of flash, 24:6f:28:a1:b2:c3" in text


def test_json_holds_the_steps_and_what_was_found(loader, girouette, firmware):
    model = loader("esp32", size=8 << 20)
    status, text = girouette("flash", "ESP32_GENERIC", "--port", model.url, "--firmware", firmware("esp32"), "--json")
    about = json.loads(girouette.out)
    assert status == 0 and about["ok"], text
    assert (about["chip"], about["flash"], about["board"]) == ("ESP32", "8MB", "ESP32_GENERIC")
    assert [step["step"] for step in about["steps"]][-3:] == ["erasing the flash", "writing", "verifying"]


def test_another_chip_stops_it_before_anything_is_written(loader, girouette, firmware):
    model, path = loader("esp32s3"), firmware("esp32")
    model.nor.program(0x200000, b"files")
    status, text = girouette("flash", "ESP32_GENERIC", "--port", model.url, "--firmware", path, "--json")
    about = json.loads(girouette.out)
    assert status == 3 and not about["ok"] and about["chip"] == "ESP32-S3", text
    assert "ESP32-S3, and ESP32_GENERIC has an esp32. Nothing was erased" in about["error"]
    assert model.nor.erased == 0 and model.nor.read(0x200000, 5) == b"files"


@pytest.mark.parametrize(
    ("data", "words"),
    [(images.esp("esp32c3"), "for esp32c3"), (images.esp("esp32")[:-9], "damaged"), (b"<html>", "a web page")],
    ids=["another chip's", "cut off", "web page"],
)
def test_a_wrong_file_is_refused_before_the_board_is_touched(data, words, loader, girouette, firmware):
    model = loader("esp32")
    status, text = girouette("flash", "ESP32_GENERIC", "--port", model.url, "--firmware", firmware(data))
    assert status == 3 and words in text
    assert model.faults.received == 0


def test_a_dry_run_shows_esptools_commands_and_runs_none(loader, girouette, firmware):
    model, path = loader("esp32"), firmware("esp32")
    status, text = girouette("flash", "ESP32_GENERIC", "--port", model.url, "--firmware", path, "--dry-run")
    assert status == 0 and model.faults.received == 0
    assert text.splitlines()[-2:] == [
        f"  esptool --port {model.url} flash-id",
        f"  esptool --chip esp32 --port {model.url} --baud 460800 write-flash --erase-all 0x1000 {path}",
    ]


def test_without_a_port_or_a_file_it_says_what_to_give(girouette, firmware):
    status, text = girouette("flash", "ESP32_GENERIC", "--firmware", firmware("esp32"))
    assert status == 3 and "--port" in text
    status, text = girouette("flash", "ESP32_GENERIC", "--port", "/dev/ttyUSB0")
    assert status == 3 and "ESP32_GENERIC-*.bin from https://micropython.org/download/ESP32_GENERIC/" in text
    status, text = girouette("flash", "ESP32", "--port", "/dev/ttyUSB0")
    assert status == 1 and "there is no board ESP32; there are" in text


def test_a_silent_chip_names_the_button(loader, girouette, firmware):
    model = loader("esp32", faults=Faults(silent=True))
    status, text = girouette("flash", "ESP32_GENERIC", "--port", model.url, "--firmware", firmware("esp32"))
    assert status == 3 and "hold the board's BOOT button" in text, text
    assert blank(model)


def test_a_board_that_starts_its_program_instead_names_the_button(loader, girouette, firmware):
    model = loader("esp32", plain=False)
    model.machine.lines.has_auto_reset = False
    status, text = girouette("flash", "ESP32_GENERIC", "--port", model.url, "--firmware", firmware("esp32"))
    assert status == 3 and "starts its program instead" in text and "BOOT button" in text, text
    assert "Wrong boot mode detected (0x13)" in text


def test_a_port_that_is_not_there_is_told(girouette, firmware, tmp_path):
    port = "/dev/ttyUSB" + "9" * 4
    status, text = girouette("flash", "ESP32_GENERIC", "--port", port, "--firmware", firmware("esp32"))
    assert status == 3 and f"there is no port {port}" in text, text


def test_a_cable_pulled_while_writing_is_told_and_the_same_command_completes_it(loader, girouette, firmware):
    model, path = loader("esp32"), firmware("esp32")
    ask = ("flash", "ESP32_GENERIC", "--port", model.url, "--firmware", path)
    model.faults.pull_at = 36_000  # in the second of its blocks
    status, text = girouette(*ask)
    assert status == 1 and "no whole firmware now" in text, text
    assert "✗ writing" in text
    model.machine.start(True)  # the cable is in again
    status, text = girouette(*ask)
    assert status == 0, text
    assert model.nor.read(0x1000, path.stat().st_size) == path.read_bytes()


@pytest.mark.full
def test_a_refused_block_is_told_in_plain_words(loader, girouette, firmware):
    model, path = loader("esp32"), firmware("esp32")
    model.faults.refuse[Command.FLASH_DEFL_DATA] = 3  # esptool tries a block three times
    status, text = girouette("flash", "ESP32_GENERIC", "--port", model.url, "--firmware", path)
    assert status == 1 and "Failed to write compressed data" in text and "no whole firmware now" in text, text


def test_a_worn_flash_is_found_and_told(loader, girouette, firmware):
    model, path = loader("esp32"), firmware("esp32")
    model.nor.worn = {0x1000 + len(path.read_bytes()) - 600}
    status, text = girouette("flash", "ESP32_GENERIC", "--port", model.url, "--firmware", path)
    assert status == 1 and "the flash does not hold what was written" in text, text


def test_a_firmware_larger_than_the_flash_is_told_before_the_erase(loader, girouette, firmware):
    model = loader("esp32", size=1 << 20)
    path = firmware(images.esp("esp32", size=1 << 20))
    status, text = girouette("flash", "ESP32_GENERIC", "--port", model.url, "--firmware", path)
    assert status == 3 and "larger than this board's flash" in text, text
    assert model.nor.erased == 0


@pytest.mark.full
def test_over_the_lines_of_a_port_the_board_runs_afterwards(loader, girouette, firmware):
    model, path = loader("esp32", plain=False), firmware("esp32")
    status, text = girouette("flash", "ESP32_GENERIC", "--port", model.url, "--firmware", path)
    assert status == 0, text
    assert model.nor.read(0x1000, path.stat().st_size) == path.read_bytes()
    assert model.machine.mode == "app" and model.machine.starts == ["app", "rom", "app", "rom", "app"]
