"""What docs/station.md and the examples say is what the node takes."""

import json
import re
from pathlib import Path

import pytest
from girouette.paths import BOARDS, ROOT

PAGE = (ROOT / "docs" / "station.md").read_text()
EXAMPLES = sorted((ROOT / "examples" / "station").rglob("config.json"))
IN_PAGE = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)

_CHECK = "from node import config\nprint(config.parse(*[config.read(path) for path in PATHS])[1])"


def faults(mp, built: Path, path: Path) -> str:
    code = _CHECK.replace("PATHS", repr([str(path), str(path.parent / "secrets.json")]))
    result = mp.run(code, path=(built, built / "lib"))
    assert result.stderr == ""
    return result.stdout.strip()


def test_there_are_examples_on_the_page_and_in_the_folder():
    assert len(EXAMPLES) >= 2
    assert IN_PAGE


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.parent.name)
def test_every_example_is_taken_by_the_node(mp32, built, example):
    assert faults(mp32, built, example) == "[]"


def test_the_configuration_on_the_page_is_taken_by_the_node(mp32, built, tmp_path):
    for text in IN_PAGE:
        (tmp_path / "config.json").write_text(text)
        assert faults(mp32, built, tmp_path / "config.json") == "[]"


def test_the_smallest_example_uses_the_pins_of_its_board():
    pins = json.loads((BOARDS / "ESP32_GENERIC" / "board.json").read_text())["buses"]["i2c"]
    sensor = json.loads((ROOT / "examples" / "station" / "config.json").read_text())["sensors"][0]
    assert {key: sensor[key] for key in pins} == pins
