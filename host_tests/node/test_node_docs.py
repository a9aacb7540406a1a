"""What docs/station.md and the examples say is what the node takes."""

import json
import re
import runpy
from pathlib import Path

import pytest
from girouette.paths import BOARDS, FIRMWARE, ROOT

PAGE = (ROOT / "docs" / "station.md").read_text()
EXAMPLES = sorted((ROOT / "examples" / "station").glob("*.json"))
IN_PAGE = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)

_CHECK = "import sys\nfrom node import config\nprint(config.parse(config.read(sys.argv[1]))[1])"


def faults(mp, built: Path, path: Path) -> str:
    result = mp.run(_CHECK.replace("sys.argv[1]", repr(str(path))), path=(built, built / "lib"))
    assert result.stderr == ""
    return result.stdout.strip()


def test_there_are_examples_on_the_page_and_in_the_folder():
    assert len(EXAMPLES) >= 2
    assert IN_PAGE


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_taken_by_the_node(mp32, built, example):
    assert faults(mp32, built, example) == "[]"


def test_the_configuration_on_the_page_is_taken_by_the_node(mp32, built, tmp_path):
    for text in IN_PAGE:
        (tmp_path / "config.json").write_text(text)
        assert faults(mp32, built, tmp_path / "config.json") == "[]"


def test_the_page_names_every_key():
    keys = runpy.run_path(str(FIRMWARE / "node" / "keys.py"))
    named = set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)))
    wanted = set(keys["ROOT"][2]) - {"broker"} | {f"broker.{key}" for key in keys["_BROKER"]}
    wanted |= {f"sensors[].{key}" for key in keys["_SENSOR"]} | {f"network[].{key}" for key in keys["_NETWORK"]}
    assert wanted - named == set()


def test_the_smallest_example_uses_the_pins_of_its_board():
    pins = json.loads((BOARDS / "ESP32_GENERIC" / "board.json").read_text())["pins"]["i2c"]
    sensor = json.loads((ROOT / "examples" / "station" / "config.json").read_text())["sensors"][0]
    assert {key: sensor[key] for key in pins} == pins
