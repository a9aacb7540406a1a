"""`girouette boards`: the list, one board with its pins, and the drawing that is made of board.json."""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
from girouette import boards, pinout
from girouette.check import check
from girouette.paths import BOARDS, ROOT

SVG = "{http://www.w3.org/2000/svg}"


def girouette(*arguments) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "girouette.cli", "boards", *arguments]
    return subprocess.run(command, cwd=ROOT, text=True, capture_output=True, timeout=60, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize("board", boards.ids())
def test_the_drawing_of_a_board_is_that_of_its_board_json(board):
    drawn = (BOARDS / board / "pinout.svg").read_text()
    assert drawn == pinout.svg(boards.load(board)), f"run: girouette boards {board} --svg > boards/{board}/pinout.svg"


@pytest.mark.parametrize("board", boards.ids())
def test_a_drawing_has_a_pad_for_every_place_and_nothing_outside_its_frame(board):
    info = boards.load(board)
    root = ET.fromstring(pinout.svg(info))
    width, height = float(root.get("width")), float(root.get("height"))
    connectors = [*info.header["left"], *info.header["right"]]
    places = sum(len(one["outer"]) + len(one.get("inner", ())) for one in connectors)
    assert len(root.findall(f"{SVG}circle")) == places
    for box in root.iter(f"{SVG}rect"):
        x, y = float(box.get("x", 0)), float(box.get("y", 0))
        assert x >= 0 and x + float(box.get("width")) <= width and y >= 0 and y + float(box.get("height")) <= height
    for text in root.iter(f"{SVG}text"):
        room = len(text.text) * float(text.get("font-size")) * 0.5  # narrower than any such letters
        x = float(text.get("x")) - {"start": 0, "middle": room / 2, "end": room}[text.get("text-anchor")]
        assert x >= 0 and x + room <= width, text.text


@pytest.mark.parametrize("board", boards.ids())
def test_no_two_labels_of_a_drawing_lie_upon_each_other(board):
    root = ET.fromstring(pinout.svg(boards.load(board)))
    boxes = [group.find(f"{SVG}rect") for group in root.iter(f"{SVG}g")]
    spans = [[float(box.get(key)) for key in ("x", "y", "width", "height")] for box in boxes]
    for i, (x, y, width, height) in enumerate(spans):
        for x2, y2, width2, height2 in spans[i + 1 :]:
            assert x + width <= x2 or x2 + width2 <= x or y + height <= y2 or y2 + height2 <= y


def test_the_colour_of_a_pin_tells_what_it_is_good_for():
    kinds = {word: pinout.place(boards.load("ESP32_GENERIC"), word).kind for word in (4, 32, 34, 14, 12, "9/D2", "GND")}
    assert list(kinds.values()) == ["free", "adc", "input", "caution", "strapping", "taken", "power"]


@pytest.mark.parametrize("board", boards.ids())
def test_the_wiring_notes_of_a_board_are_those_of_its_board_json(board):
    page = (BOARDS / board / "README.md").read_text()
    info = boards.load(board)
    assert "![pinout](pinout.svg)" in page and info.firmware.url in page
    i2c = info.buses["i2c"]
    assert f"SCL to {i2c['scl']}, SDA to {i2c['sda']}" in page
    example = re.search(r"```json\n(.*?)```", page, re.DOTALL)[1]
    report = check(example)
    assert [str(fault) for fault in report.faults] == []
    assert report.board.id == board


def test_the_list_names_every_board_and_how_it_is_flashed():
    result = girouette()
    assert result.returncode == 0
    for board in map(boards.load, boards.ids()):
        line = next(line for line in result.stdout.splitlines() if line.startswith(board.id + " "))
        assert board.chip in line and board.firmware.method in line
    assert [about["id"] for about in json.loads(girouette("--json").stdout)] == boards.ids()


def test_the_page_lists_the_boards_there_are(tmp_path):
    page = ROOT / "docs" / "boards.md"
    copy = tmp_path / "boards.md"
    copy.write_text(re.sub(r"\| `[A-Z0-9_]+` \|", "| |", page.read_text()))
    assert girouette("--update", str(copy)).returncode == 0
    assert copy.read_text() == page.read_text(), "run: girouette boards --update docs/boards.md"
    assert all(f"| `{board}` |" in page.read_text() for board in boards.ids())


def test_one_board_is_shown_with_its_pins_and_as_json_and_drawn():
    told = girouette("RPI_PICO_W").stdout
    assert "Raspberry Pi Pico W" in told and "taken: the wireless chip" in told and "GP4" in told
    assert json.loads(girouette("RPI_PICO_W", "--json").stdout)["id"] == "RPI_PICO_W"
    assert girouette("RPI_PICO_W", "--svg").stdout == (BOARDS / "RPI_PICO_W" / "pinout.svg").read_text()


def test_what_cannot_be_shown_is_told():
    result = girouette("ARDUINO")
    assert result.returncode == 1 and "there is no board ARDUINO" in result.stderr
    result = girouette("--svg")
    assert result.returncode == 1 and "name it" in result.stderr
