"""`girouette deploy`: what does not fit is said before anything is changed, and the node goes on."""

import pytest
from girouette import boards
from girouette.deploy import via as via_module
from girouette.errors import Failure
from girouette.simboard.flash import Flash
from support import wait_for
from workbench import UNUSED


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


def test_a_board_without_room_is_left_as_it_was(cabled, bench):
    flash = bench.aged(config := bench.config())
    (flash / "film.bin").write_bytes(bytes(1_700_000))
    (flash / UNUSED[0]).write_text("old " * 20_000)
    cable = cabled(flash)
    with pytest.raises(Failure, match=r"the copy needs [\d,]+ bytes of flash, and 0 of 2,097,152 are free"):
        bench.deploy(cable, config)
    assert (flash / UNUSED[0]).read_text().startswith("old") and (flash / "film.bin").exists()


def started(cable) -> int:
    return "\n".join(cable.board.lines).count("node: started:")


@pytest.mark.full
@pytest.mark.parametrize("via", ["mpremote", "ampy"])
def test_a_flash_that_becomes_full_is_said_and_the_next_run_goes_on(cabled, bench, tmp_path, via):
    folder = bench.aged(config := bench.config())
    chip = Flash("1m")
    cable = cabled(folder, flash=chip)
    wait_for(lambda: cable.board.watchdog, "the node")

    class Filling(via_module.TOOLS[via]):
        def put(self, files, begins):
            def begin(path):
                chip.full(path == UNUSED[1])
                begins(path)

            super().put(files, begin)

    kept = via_module.TOOLS[via]
    via_module.TOOLS[via] = Filling
    try:
        with pytest.raises(Failure, match=rf"{UNUSED[1]}: the flash of the board is full"):
            bench.deploy(cable, config, via=via)
    finally:
        via_module.TOOLS[via] = kept
    chip.full(False)
    before = started(cable)
    bench.deploy(cable, config, via=via)
    wait_for(lambda: started(cable) > before, "the new node")
    cable.board.power_off()
    (tmp_path / "unpacked").mkdir()
    chip.unpack(tmp_path / "unpacked")
    assert bench.differs(tmp_path / "unpacked", config) == []


@pytest.mark.full
def test_fat_which_renames_over_no_file_is_served_too(cabled, bench):
    folder = bench.aged(config := bench.config())
    cable = cabled(folder, flash=Flash("1m", system="fat"), port="stm32")
    nucleo = boards.load("NUCLEO_F767ZI")
    _, facts = bench.deploy(cable, config, board=nucleo)
    assert facts["copied"] == 6
    _, facts = bench.deploy(cable, config, board=nucleo)
    assert facts["copied"] == 0 and facts["removed"] == []


@pytest.mark.full
@pytest.mark.parametrize("count", [700, 1500, 2600])
def test_a_line_that_garbles_is_noticed_and_the_next_run_puts_it_right(cabled, bench, monkeypatch, count):
    flash = bench.aged(config := bench.config())
    cable = cabled(flash)

    class Garbling(via_module.Mpremote):
        def put(self, files, begins):
            def begin(path):
                if path == UNUSED[1]:
                    cable.garble_at(count)
                begins(path)

            super().put(files, begin)

    monkeypatch.setitem(via_module.TOOLS, "mpremote", Garbling)
    with pytest.raises(Failure, match="Run the same command again"):
        bench.deploy(cable, config)
    assert (flash / "maintenance").exists()
    monkeypatch.undo()
    bench.deploy(cable, config)
    assert bench.differs(flash, config) == []
