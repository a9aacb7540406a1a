"""What a board is and what it can: the facts of boards/, and what `girouette check` makes of them."""

import json
import re

import pytest
from girouette import boards
from girouette.check import check
from girouette.paths import BOARDS

NETWORK = {"wifi": [{"ssid": "home"}], "rmii": {"wired": "rmii"}}
W5500 = {"wired": "w5500", "sck": 18, "mosi": 19, "miso": 16, "cs": 17, "reset": 20}
POE = {"wired": "rmii", "phy_address": 0, "mdc": 23, "mdio": 18, "power": 12, "ref_clk": 17, "ref_clk_out": True}
ASKED = """ESP32_GENERIC ESP32_GENERIC_S3 ESP32_GENERIC_C3 ESP32_GENERIC_C6 OLIMEX_ESP32_POE RPI_PICO_W RPI_PICO2_W
W5500_EVB_PICO PYBD_SF2 NUCLEO_F429ZI NUCLEO_F767ZI NUCLEO_H743ZI""".split()  # noqa: SIM905


def report(board: str, network, **keys):
    config = {"name": "roof", "network": network, "broker": {"host": "192.168.1.10"}} | keys
    return check(json.dumps(config), board=board)


def faults(board: str, network, **keys) -> dict[str, str]:
    return {fault.key: str(fault) for fault in report(board, network, **keys).faults}


def places(info) -> list:
    connectors = [*info.header["left"], *info.header["right"]]
    return [place for one in connectors for row in ("outer", "inner") for place in one.get(row, ())]


def pin_of(place):
    wanted = str(place).split("/")[0]
    return int(wanted) if wanted.isdigit() else wanted


def test_the_boards_people_ask_for_are_there():
    assert set(ASKED) <= set(boards.ids())


@pytest.mark.parametrize("board", boards.ids())
def test_a_sensor_on_the_default_pins_of_any_board_is_sound(board):
    info = boards.load(board)
    network = {"w5500": W5500, "rmii": POE if "rmii" in info.buses else NETWORK["rmii"], "wifi": NETWORK["wifi"]}
    for way in info.network:
        sensor = {"type": "bme280"} | info.buses["i2c"]
        if board == "ESP32_GENERIC" and way == "rmii":
            sensor |= {"scl": 32, "sda": 33}  # its usual pins are those of the port
            network["rmii"] = {"wired": "rmii", "mdc": 23, "mdio": 18}
        assert faults(board, network[way], sensors=[sensor]) == {}, way


@pytest.mark.parametrize("board", boards.ids())
def test_every_place_of_a_header_is_a_pin_or_a_word_of_power_and_control(board):
    info = boards.load(board)
    words = "GND|AGND|3V3|5V|EN|RST|RUN|NC|VIN|VBUS|VSYS|3V3_EN|ADC_VREF|AREF|AVDD|IOREF|NRST"
    for place in places(info):
        assert info.pin(pin_of(place)) or re.fullmatch(words, pin_of(place)), place


@pytest.mark.parametrize("board", boards.ids())
def test_a_pin_lies_in_one_place_of_the_headers_but_where_the_board_leads_it_out_twice(board):
    info = boards.load(board)
    twice = {"A7", "E2", "E6", "E9", "B2", "B5"} if "NUCLEO" in board else set()
    found = []
    for place in places(info):
        pin = info.pin(pin_of(place))
        found += [pin.name] if pin else []
    assert {name for name in found if found.count(name) > 1} <= twice


@pytest.mark.parametrize("board", boards.ids())
def test_the_led_of_a_board_is_a_pin_that_may_be_used(board):
    led = boards.load(board).led
    if led:
        assert not boards.load(board).pin(led["pin"]).taken


def test_the_way_to_write_the_firmware_is_known_for_every_board():
    for board in map(boards.load, boards.ids()):
        firmware = board.firmware
        assert firmware.pattern.startswith(board.micropython + "-*.")
        if firmware.method == "esptool":
            assert firmware.offset == (0x1000 if board.chip == "esp32" else 0) and firmware.pattern.endswith(".bin")
        elif firmware.method == "uf2":
            family = {"rp2040": (0xE48BFF56, "RPI-RP2"), "rp2350": (0xE48BFF59, "RP2350")}[board.chip]
            assert (firmware.family, firmware.volume) == family and firmware.pattern.endswith(".uf2")
        else:
            assert firmware.address in (0x0800_0000, None) and firmware.pattern.endswith(".dfu")


def test_adding_a_board_is_adding_a_folder(tmp_path, monkeypatch):
    about = json.loads((BOARDS / "RPI_PICO_W" / "board.json").read_text()) | {"id": "MY_BOARD", "name": "Mine"}
    (tmp_path / "MY_BOARD").mkdir()
    (tmp_path / "MY_BOARD" / "board.json").write_text(json.dumps(about))
    monkeypatch.setattr(boards, "BOARDS", tmp_path)
    assert boards.ids() == ["MY_BOARD"]
    assert faults("MY_BOARD", NETWORK["wifi"]) == {}


# A port on the board


def test_a_w5500_on_its_board_is_told_the_wires_of_the_board():
    assert faults("W5500_EVB_PICO", W5500) == {}
    assert faults("W5500_EVB_PICO", W5500 | {"cs": 5}) == {
        "network.cs": "expected 17, as W5500_EVB_PICO is wired, found 5"
    }
    assert "network.wired" in faults("RPI_PICO_W", W5500)
    assert faults("W5500_EVB_PICO", NETWORK["wifi"]).keys() == {"network"}


def test_the_wires_of_a_port_on_the_board_are_nobody_elses():
    told = faults("W5500_EVB_PICO", W5500, sensors=[{"type": "bme280", "scl": 18, "sda": 19}])
    assert told.keys() == {"sensors[0].scl", "sensors[0].sda"}
    told = faults("W5500_EVB_PICO", W5500, sensors=[{"type": "bme280", "scl": 21, "sda": 4}])
    assert "used by the Ethernet chip (W5500)" in told["sensors[0].scl"]


def test_a_phy_on_the_board_is_told_all_of_its_wires():
    assert faults("OLIMEX_ESP32_POE", POE) == {}
    bare = {key: value for key, value in POE.items() if key not in ("power", "ref_clk")}
    told = faults("OLIMEX_ESP32_POE", bare)
    assert told["network.power"] == "expected 12, as OLIMEX_ESP32_POE is wired, found nothing"
    assert told.keys() == {"network.power", "network.ref_clk"}
    assert faults("OLIMEX_ESP32_POE", POE | {"mdc": 4}).keys() == {"network.mdc"}


# What a board cannot do


def test_deep_sleep_is_refused_where_the_board_cannot(monkeypatch):
    assert faults("RPI_PICO_W", NETWORK["wifi"], sleep={"seconds": 60}) == {}
    about = json.loads((BOARDS / "RPI_PICO_W" / "board.json").read_text()) | {"sleep": "none"}
    monkeypatch.setattr(boards, "load", lambda board: boards.BoardInfo(about))
    told = faults("RPI_PICO_W", NETWORK["wifi"], sleep={"seconds": 60})
    assert told == {"sleep": "expected a board that can sleep deeply, which RPI_PICO_W cannot, found deep sleep"}


def test_a_dimmer_on_a_board_that_got_pwm_late_is_told_since_when():
    lamp = [{"type": "dimmer", "pin": "B8"}]
    notes = report("NUCLEO_F429ZI", NETWORK["rmii"], actuators=lamp).notes
    assert notes == [
        "actuators[0]: a dimmer needs machine.PWM, which NUCLEO_F429ZI has since MicroPython "
        + boards.load("NUCLEO_F429ZI").since["pwm"]
    ]
    assert report("RPI_PICO_W", NETWORK["wifi"], actuators=[lamp[0] | {"pin": 15}]).notes == []


def test_a_watchdog_longer_than_the_board_has_is_told():
    assert report("RPI_PICO_W", NETWORK["wifi"], watchdog=20).notes == [
        "watchdog: RPI_PICO_W waits 8 s at most, and so will the node"
    ]
    assert report("RPI_PICO_W", NETWORK["wifi"], watchdog=8).notes == []
    assert report("ESP32_GENERIC", NETWORK["wifi"], watchdog=3600).notes == []
