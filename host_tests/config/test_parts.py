"""The pages of the parts, and `girouette parts`: made of the schemas, and sound on every board."""

import json

import pytest
from girouette import boards, cli, partdoc, schema, wiring
from girouette.check import check
from girouette.paths import ROOT

PARTS = list(schema.drivers())


def test_the_pages_are_those_of_the_schemas():
    made = partdoc.pages()
    assert {path: path.read_text() for path in partdoc.FOLDER.glob("*.md")} == made, "run: girouette parts --update"


def test_the_table_of_drivers_is_that_of_the_schemas():
    page = (ROOT / "docs" / "drivers.md").read_text()
    assert partdoc.index(page) == page, "run: girouette parts --update"


@pytest.mark.parametrize("part", PARTS)
def test_a_parts_entry_is_sound_on_every_board_named(part):
    fitting = wiring.fitting(part)
    assert "ESP32_GENERIC" in fitting
    for board in fitting:
        assert [str(fault) for fault in check(json.dumps(partdoc.example(part, board))).faults] == [], board


def test_all_parts_together_get_pins_of_their_own():
    taken = set()
    board = boards.load("ESP32_GENERIC_S3")
    own = [part for part in PARTS if schema.drivers()[part]["bus"] in ("output", "pwm")]
    pins = [pin for part in own for key, pin in wiring.entry(part, board, taken).items() if key != "type"]
    assert len(pins) == len(set(pins)) >= 2
    assert set(map(str, pins)) == taken


@pytest.mark.parametrize("part", PARTS)
def test_a_page_tells_the_faults_of_its_part(part):
    page = partdoc.page(part)
    assert all(key in page for key in schema.drivers()[part]["properties"])
    if schema.drivers()[part]["bus"] == "i2c":
        assert "no answer at its address" in page


def test_a_driver_that_builds_on_another_has_its_faults():
    assert set(partdoc.faults("bmp280")) <= set(partdoc.faults("bme280"))
    assert any("no calibration" in line for line in partdoc.faults("bme280"))


def test_one_part_and_all_are_shown(capsys):
    assert cli.main(["parts"]) == 0
    listed = capsys.readouterr().out
    assert all(part in listed for part in PARTS)
    assert cli.main(["parts", "relay"]) == 0
    assert capsys.readouterr().out == partdoc.page("relay")


def test_an_unknown_part_is_answered_with_those_there_are(capsys):
    assert cli.main(["parts", "bme820"]) == 1
    assert "there is no driver for bme820; there are " + ", ".join(PARTS) in capsys.readouterr().err
