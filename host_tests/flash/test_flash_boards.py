"""What every board.json says of its firmware is enough for `girouette flash`."""

import images
import pytest
from girouette import boards
from girouette.flash import esp, uf2
from girouette.loader import CHIPS


@pytest.mark.parametrize("board", boards.ids())
def test_every_board_can_be_flashed_by_its_way(board, girouette, firmware):
    about = boards.load(board)
    if about.firmware.method == "esptool":
        data, port, last = images.esp(about.chip), "/dev/ttyUSB0", f"write-flash --erase-all {about.firmware.offset:#x}"
        assert about.firmware.offset == CHIPS[about.chip].loads_from and about.chip in esp.CHIP_IDS.values()
    elif about.firmware.method == "uf2":
        data, port, last = images.uf2(about.firmware.family), "/dev/ttyACM0", f"/media/USER/{about.firmware.volume}"
        assert about.firmware.family in uf2.FAMILIES
    else:
        at = about.firmware.address or 0x08008000
        code = images.stm32(at, f"{about.name} with {about.chip.upper()}")
        data, port, last = images.dfu(code, at), "/dev/ttyACM0", "dfu-util --device 0483:df11 --alt 0 -D"
    path = firmware(data, about.firmware.pattern.replace("*", "20260101-v1.29.0", 1))
    status, text = girouette("flash", board, "--port", port, "--firmware", path, "--dry-run")
    assert status == 0 and last in text and "note:" not in text, text


@pytest.mark.parametrize("board", boards.ids())
def test_no_board_takes_another_chips_file(board, girouette, firmware):
    about = boards.load(board)
    others = {"esp32": images.esp("esp32"), "esp32c3": images.esp("esp32c3")}
    others |= {"rp2040": images.uf2(images.RP2040), "rp2350": images.uf2(images.RP2350)}
    others["stm32f405"] = images.dfu(images.stm32(machine="PYBv1.1 with STM32F405RG"))
    for chip, data in others.items():
        if chip != about.chip:
            status, text = girouette("flash", board, "--port", "/dev/none", "--firmware", firmware(data), "--dry-run")
            assert status == 3 and "Nothing was" in text, (chip, text)
