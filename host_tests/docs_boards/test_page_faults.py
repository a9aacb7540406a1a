"""What the pages show under "When it fails" is what is said when it does: each fault is made, on a model."""

import getpass
import os
import pty
from pathlib import Path
from types import SimpleNamespace

import images
import pages
import pytest
from desks import WIFI
from girouette import boards
from girouette.doctor import broker as examined
from girouette.doctor import machine
from girouette.loader import Loader
from girouette.loader.recorder import Recorder
from girouette.simboard import Bme280, Board
from girouette.simboard.serial import SerialBoard
from stage import Stage

PAGES = ("esp32", "pico", "stm32")


@pytest.fixture
def stage(tmp_path, capsys):
    return Stage(tmp_path, capsys)


def _no_permission(stage, monkeypatch):
    ends = pty.openpty()
    try:
        port = os.ttyname(ends[1])
        Path(port).chmod(0o660)
        monkeypatch.setattr(machine, "_may_use", lambda device: False)  # root may use all of them
        monkeypatch.setattr(machine.grp, "getgrgid", lambda number: SimpleNamespace(gr_name="dialout", gr_mem=[]))
        return stage.girouette("doctor", "--port", port), {"/dev/ttyUSB0": port, "anna": getpass.getuser()}
    finally:
        for end in ends:
            os.close(end)


def _no_boot_loader(stage, monkeypatch):
    config = stage.file("esptool.cfg", b"[esptool]\nconnect_attempts = 1\nopen_port_attempts = 1\n")
    monkeypatch.setenv("ESPTOOL_CFGFILE", str(config))
    chip = Loader("esp32", stage.folder / "chip.flash")
    try:
        chip.machine.lines.has_auto_reset = False
        return stage.flash("ESP32_GENERIC", images.esp("esp32"), "--port", chip.url), {}
    finally:
        chip.close()


def _wrong_wifi(stage, monkeypatch):
    return stage.deployed("ESP32_GENERIC", wifi={"another": "sesame"}, sensors=[Bme280()]), {}


def _no_drive(stage, monkeypatch):
    return stage.flash("RPI_PICO_W", images.uf2()), {}


def _another_firmware(stage, monkeypatch):
    (stage.folder / "boot.py").touch()
    board = Board(stage.folder, port="rp2", empty=True)
    with SerialBoard(board, machine="RPI PICO with RP2040") as cable:
        config = stage.config("RPI_PICO_W")
        return stage.girouette("deploy", "RPI_PICO_W", "--port", cable.port, "--config", config), {}


def _no_sensor(stage, monkeypatch):
    with stage.node("RPI_PICO_W", port="rp2", wifi=WIFI, sensors=[]) as board:
        return board.wait_line("no answer at").split(maxsplit=1)[1], {}


def _no_st_link(stage, monkeypatch):
    recorder = Recorder(stage.folder / "bin", "st-flash")
    recorder.set(attached=False)
    monkeypatch.setenv("PATH", str(recorder.folder))
    return stage.flash("NUCLEO_F767ZI", images.hex_file(images.stm32())), {}


def _no_cable(stage, monkeypatch):
    return stage.deployed("NUCLEO_F767ZI", begin=lambda board: board.cable(False), port="stm32"), {}


def _broker_for_itself(stage, monkeypatch, mosquitto):
    monkeypatch.setattr(examined, "own_addresses", lambda: {"127.0.0.2"})
    config = stage.config("NUCLEO_F767ZI", {"host": "127.0.0.2", "port": mosquitto.port})
    return stage.girouette("doctor", "--config", config), {"192.168.1.10": "127.0.0.2"}


FAULTS = {
    "esp32": {
        "The port belongs to a group you are not in": _no_permission,
        "The board does not go into its boot loader": _no_boot_loader,
        "No Wi-Fi": _wrong_wifi,
    },
    "pico": {
        "The drive does not appear": _no_drive,
        "The firmware of the Pico without the W": _another_firmware,
        "The sensor does not answer": _no_sensor,
    },
    "stm32": {
        "The ST-LINK is not found": _no_st_link,
        "No network": _no_cable,
        "The broker answers nobody but its own machine": _broker_for_itself,
    },
}
SLOW = {_no_boot_loader, _wrong_wifi, _no_cable, _another_firmware, _no_permission, _broker_for_itself, _no_sensor}


@pytest.mark.parametrize("page", PAGES)
def test_every_fault_of_a_page_is_made_here(page):
    assert list(pages.faults(page)) == list(FAULTS[page])


@pytest.mark.parametrize(
    ("page", "title", "make"),
    [
        pytest.param(page, title, make, id=f"{page}{make.__name__}", marks=[pytest.mark.full] if make in SLOW else [])
        for page, faults in FAULTS.items()
        for title, make in faults.items()
    ],
)
def test_the_page_shows_what_is_said(page, title, make, stage, monkeypatch, request):
    more = [request.getfixturevalue("mosquitto")] if make is _broker_for_itself else []
    text, said = make(stage, monkeypatch, *more)
    shown = pages.faults(page)[title]
    missed = pages.missing(["...", *shown], text.splitlines(), said)
    assert missed is None, f"{text}\nthe page shows: {missed}"


def test_the_boards_of_each_page_are_all_there_are():
    named = [board for page in PAGES for board in boards.ids() if f"`{board}`" in pages.head(page)]
    assert sorted(named) == sorted(boards.ids())
