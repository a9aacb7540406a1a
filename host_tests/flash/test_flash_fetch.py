"""A version is fetched by mpflash; without it, or without a way to micropython.org, it says what to do by hand."""

import sys

import images
import pytest
from girouette import external
from girouette.errors import ToolMissing
from girouette.flash import fetch

pytestmark = pytest.mark.timeout(120)
BOARD = "ESP32_GENERIC"
# As mpflash 1.29 behaves: it calls the file without its day, and ends with status 0 when it could not fetch it.
FAKE = """\
#!{python}
import pathlib, sys
pathlib.Path({log!r}).write_text(" ".join(sys.argv[1:]))
folder = pathlib.Path(sys.argv[sys.argv.index("--dir") + 1]) / "esp32"
if {online}:
    folder.mkdir(parents=True)
    (folder / "ESP32_GENERIC-v1.29.0.bin").write_bytes(pathlib.Path({image!r}).read_bytes())
    (folder / "ESP32_GENERIC-SPIRAM-v1.29.0.bin").write_bytes(b"a variant")
else:
    print("Could not connect to micropython.org")
"""


@pytest.fixture
def mpflash(tmp_path, monkeypatch, firmware):
    """Makes a program in mpflash's place, which is reached or not; its log is where it notes how it was called."""
    monkeypatch.setattr(fetch.fetch, "__defaults__", (tmp_path / "fetched",))

    def make(online: bool):
        program, log = tmp_path / "bin" / "mpflash", tmp_path / "log"
        program.parent.mkdir()
        image = firmware("esp32", "original.bin")
        program.write_text(FAKE.format(python=sys.executable, log=str(log), online=online, image=str(image)))
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent))
        real = external.find
        monkeypatch.setattr(external, "find", lambda tool: str(program) if tool == "mpflash" else real(tool))
        return log

    return make


def test_a_version_is_fetched_and_flashed_and_not_fetched_again(mpflash, loader, girouette, tmp_path):
    log, model = mpflash(online=True), loader("esp32")
    status, text = girouette("flash", BOARD, "--port", model.url, "--version", "1.29.0")
    assert status == 0 and "fetching MicroPython 1.29.0" in text, text
    folder = tmp_path / "fetched"
    assert log.read_text() == f"-x --dir {folder} download --board ESP32_GENERIC --version 1.29.0"
    assert model.nor.read(0x1000, 1000) == images.esp("esp32")[:1000]
    log.unlink()
    status, text = girouette("flash", BOARD, "--port", "/dev/none", "--version", "v1.29.0", "--dry-run")
    assert status == 0 and not log.exists() and "ESP32_GENERIC-v1.29.0.bin" in text


def test_offline_it_says_where_the_file_is_and_what_to_type_then(mpflash, girouette):
    mpflash(online=False)
    status, text = girouette("flash", BOARD, "--port", "/dev/ttyUSB0", "--version", "1.29.0")
    assert status == 3
    assert "get ESP32_GENERIC-*-v1.29.0.bin from https://micropython.org/download/ESP32_GENERIC/" in text
    assert "then girouette flash ESP32_GENERIC --port /dev/ttyUSB0 --firmware FILE" in text
    assert "Could not connect to micropython.org" in text


def test_without_mpflash_it_says_what_installs_it(girouette, monkeypatch, tmp_path):
    def missing(tool):
        raise ToolMissing(tool)

    monkeypatch.setattr(fetch.fetch, "__defaults__", (tmp_path / "fetched",))
    monkeypatch.setattr(external, "find", missing)
    status, text = girouette("flash", BOARD, "--port", "/dev/ttyUSB0", "--version", "1.29.0")
    assert status == 3 and "pip install 'mpflash>=1.29,<2'" in text and "By hand: get" in text


def test_a_dry_run_shows_what_would_be_fetched_and_flashed(mpflash, girouette):
    log = mpflash(online=True)
    status, text = girouette("flash", BOARD, "--port", "/dev/ttyUSB0", "--version", "1.29.0", "--dry-run")
    assert status == 0 and not log.exists()
    lines = [line.strip() for line in text.splitlines()]
    assert lines[0].startswith("mpflash -x --dir ") and lines[1] == "esptool --port /dev/ttyUSB0 flash-id"
    assert lines[2].endswith("write-flash --erase-all 0x1000 'ESP32_GENERIC-*-v1.29.0.bin'")
