"""`girouette loader`: the model as a person starts it, and the page that says so."""

import re
import shlex
import subprocess
import sys

import images
import pytest
from girouette import cli
from girouette.loader import CHIPS
from girouette.paths import ROOT
from support import wait_for

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def started(tmp_path):
    """Starts `girouette loader` and gives its port; ended by Ctrl-C, which it takes without a complaint."""
    processes = []

    def start(*words) -> str:
        argv = [sys.executable, "-m", "girouette.cli", "loader", *words]
        process = subprocess.Popen(argv, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        processes.append(process)
        line = process.stdout.readline()
        assert "Ctrl-C ends it" in line, line + process.stdout.read()
        return line.split()[-1]

    yield start
    for process in processes:
        if process.args[4] in CHIPS:  # an RP2's ends when the board has started
            process.send_signal(2)
        assert process.wait(20) == (130 if process.args[4] in CHIPS else 0)
        assert "Traceback" not in process.stdout.read()


def test_a_person_flashes_a_chip_without_hardware(started, esptool, girouette, firmware, tmp_path):
    port = started("esp32", "--plain", "--flash", "chip.bin")
    assert re.fullmatch(r"socket://127\.0\.0\.1:\d+", port)
    path = firmware("esp32")
    status, text = girouette("flash", "ESP32_GENERIC", "--port", port, "--firmware", path)
    assert status == 0, text
    assert (tmp_path / "chip.bin").read_bytes()[0x1000:][: path.stat().st_size] == path.read_bytes()


def test_a_person_flashes_a_pico_without_hardware(started, girouette, firmware, tmp_path):
    drive = tmp_path / started("rp2040", "--size", "2")
    path = firmware(images.uf2(), "f.uf2")
    status, text = girouette("flash", "RPI_PICO_W", "--firmware", path, "--volume", drive)
    assert status == 0, text
    assert (tmp_path / "rp2040.flash").read_bytes()[:256] == path.read_bytes()[32 : 32 + 256]
    assert not drive.exists()


def test_its_flash_lies_where_it_was_started_and_is_kept(started, tmp_path):
    assert started("esp32s3", "--size", "8").startswith("rfc2217://")
    flash = tmp_path / "esp32s3.flash"
    wait_for(lambda: flash.stat().st_size == 8 << 20, "the flash")


def test_a_port_that_is_taken_and_a_folder_that_is_not_there_are_told(girouette, tmp_path):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        status, text = girouette("loader", "esp32", "--tcp", number, "--flash", tmp_path / "f")
        assert status == 1 and f"cannot listen on TCP port {number}: Address already in use" in text
    status, text = girouette("loader", "esp32", "--flash", tmp_path / "none" / "f")
    assert status == 1 and "there is no folder" in text


def test_every_command_of_the_page_is_one():
    lines = re.findall(r"^\$ girouette (.*?)(?:  +#.*)?$", (ROOT / "docs" / "flash.md").read_text(), re.MULTILINE)
    assert len(lines) > 6
    for line in lines:
        assert cli.build_parser().parse_args(shlex.split(line)).command in ("flash", "loader")


def test_the_page_tells_every_exit_status_and_what_never_ran_on_a_device():
    page = (ROOT / "docs" / "flash.md").read_text()
    for status in ("| 0 |", "| 1 |", "| 2 |", "| 3 |", "| 130 |"):
        assert status in page
    assert "None of these ways has run on a device" in page
