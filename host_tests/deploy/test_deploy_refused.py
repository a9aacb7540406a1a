"""`girouette deploy`: what does not fit is said before anything is changed, and the node goes on."""

import pytest
from girouette import boards
from girouette.errors import Failure
from support import wait_for


@pytest.mark.parametrize(
    ("cable", "asked", "words"),
    [
        ({}, "RPI_PICO_W", "another one: RPI_PICO_W has a rp2040, this is a Generic ESP32 module with ESP32"),
        ({}, "OLIMEX_ESP32_POE", "has MicroPython for ESP32_GENERIC, not for OLIMEX_ESP32_POE"),
        ({"release": "1.21.0"}, "ESP32_GENERIC", "too old for these .mpy files: Girouette needs 1.22 or later"),
    ],
)
def test_a_board_that_does_not_fit_is_left_as_it_was(cabled, bench, cable, asked, words):
    flash = bench.aged(config := bench.config())
    before = {path: path.read_bytes() for path in flash.rglob("*") if path.is_file()}
    cable = cabled(flash, cable)
    wait_for(lambda: cable.board.watchdog, "the node")
    with pytest.raises(Failure, match=words):
        bench.deploy(cable, config, board=boards.load(asked))
    cable.board.wait_line("maintenance: the node does not start")
    cable.board.wait_line("broker: connecting to")  # it runs again
    after = {path: path.read_bytes() for path in flash.rglob("*") if path.is_file() and path.name != "memory"}
    assert {path: after[path] for path in before} == before


def test_another_board_with_the_same_chip_will_do_when_asked(cabled, bench):
    flash = bench.aged(config := bench.config())
    cable = cabled(flash)
    bench.deploy(cable, config, board=boards.load("OLIMEX_ESP32_POE"), any_board=True)
    assert bench.differs(flash, config) == []
