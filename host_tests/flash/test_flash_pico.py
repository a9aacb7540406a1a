"""MicroPython onto an RP2040: the real mpremote asks a prompt on a pty, the file goes to a folder that behaves as the
drive of the boot ROM."""

import errno
import json
import os

import images
import pytest
from girouette import boards
from girouette.flash import pico, volumes
from girouette.loader.drive import Drive
from prompt import Prompt
from support import wait_for


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Waits end early where a test is about something that never comes."""
    monkeypatch.setattr(pico.Waits, "drive", 4.0)
    monkeypatch.setattr(pico.Waits, "mount", 0.3)
    monkeypatch.setattr(pico.Waits, "start", 4.0)


class Board:
    """A Pico W: its prompt while MicroPython runs, its drive in the boot loader."""

    def __init__(self, folder, label="RPI-RP2"):
        self.drive = Drive(folder / "media" / "anna" / label, folder / "pico.flash", on_start=self._started)
        self.prompt = Prompt(folder / "ttyACM0", self._bootloader)
        self.port, self.has_drive, self.starts = self.prompt.port, True, 0

    def _bootloader(self):
        if self.has_drive:
            self.drive.plug()

    def _started(self):
        self.starts += 1
        if not self.port.is_symlink():
            self.prompt.appear()

    def close(self):
        self.prompt.close()
        self.drive.close()


@pytest.fixture
def pico_w(tmp_path, monkeypatch):
    board = Board(tmp_path)
    real = volumes.find
    monkeypatch.setattr(volumes, "find", lambda label: real(label, tmp_path))
    yield board
    board.close()


@pytest.fixture
def file(firmware):
    return firmware(images.uf2(), "RPI_PICO_W-20260101-v1.29.0.uf2")


def code(path) -> bytes:
    data = path.read_bytes()
    return b"".join(data[at + 32 : at + 288] for at in range(0, len(data), 512))


def test_a_pico_w_gets_micropython_and_is_back_at_its_port(pico_w, girouette, file):
    status, text = girouette("flash", "RPI_PICO_W", "--port", pico_w.port, "--firmware", file)
    assert status == 0, text
    assert "machine.bootloader()" in "".join(pico_w.prompt.ran)
    assert pico_w.drive.nor.read(0, len(code(file))) == code(file)
    assert pico_w.starts == 1 and f"{pico_w.port} is back" in text and not pico_w.drive.is_there


def test_a_board_already_in_its_boot_loader_needs_no_port(pico_w, girouette, file):
    pico_w.drive.plug()
    status, text = girouette("flash", "RPI_PICO_W", "--firmware", file, "--json")
    assert status == 0, text
    about = json.loads(girouette.out)
    assert about["ok"] and [step["step"] for step in about["steps"]] == [
        "checking the file", "waiting for the boot loader's drive", "copying", "waiting for the board to start",
    ]  # fmt: skip
    assert pico_w.drive.nor.read(0, len(code(file))) == code(file) and pico_w.prompt.ran == []


def test_the_drive_is_found_where_the_person_says(pico_w, girouette, file, monkeypatch):
    monkeypatch.setattr(volumes, "find", lambda label: pytest.fail("the usual places were searched"))
    pico_w.drive.plug()
    status, text = girouette("flash", "RPI_PICO_W", "--firmware", file, "--volume", pico_w.drive.folder)
    assert status == 0, text


def test_a_wrong_file_leaves_the_board_in_peace(pico_w, girouette, firmware):
    path = firmware(images.uf2(images.RP2350))
    status, text = girouette("flash", "RPI_PICO_W", "--port", pico_w.port, "--firmware", path)
    assert status == 3 and "for RP2350 (Arm)" in text
    assert pico_w.prompt.ran == [] and pico_w.port.exists()


def test_without_a_drive_and_a_port_the_button_is_named(pico_w, girouette, file):
    status, text = girouette("flash", "RPI_PICO_W", "--firmware", file)
    assert status == 3 and "hold its BOOTSEL button" in text


def test_a_drive_that_does_not_appear_names_the_button(pico_w, girouette, file, monkeypatch):
    monkeypatch.setattr(pico.Waits, "drive", 1.0)
    pico_w.has_drive = False
    status, text = girouette("flash", "RPI_PICO_W", "--port", pico_w.port, "--firmware", file)
    assert status == 3 and "did not appear" in text and "BOOTSEL" in text


def test_a_port_that_is_not_there_or_does_not_answer_names_the_button(girouette, file, tmp_path):
    status, text = girouette("flash", "RPI_PICO_W", "--port", tmp_path / "none", "--firmware", file)
    assert status == 3 and "BOOTSEL" in text and "there is no port" in text
    (tmp_path / "dumb").touch()
    status, text = girouette("flash", "RPI_PICO_W", "--port", tmp_path / "dumb", "--firmware", file)
    assert status == 3 and "BOOTSEL" in text and "does not answer" in text


def test_a_drive_that_nobody_mounts_comes_with_the_command_that_does(pico_w, girouette, file, tmp_path):
    device = tmp_path / "dev" / "disk" / "by-label" / "RPI-RP2"
    device.parent.mkdir(parents=True)
    device.touch()
    status, text = girouette("flash", "RPI_PICO_W", "--firmware", file)
    assert status == 3 and f"udisksctl mount -b {device}" in text


def test_of_two_drives_none_is_written(pico_w, girouette, file, tmp_path):
    with Drive(tmp_path / "media" / "bert" / "RPI-RP2", tmp_path / "other.flash").plug() as other:
        pico_w.drive.plug()
        status, text = girouette("flash", "RPI_PICO_W", "--firmware", file)
        assert status == 3 and str(other.folder) in text and f"--volume {pico_w.drive.folder}" in text
        assert {*pico_w.drive.nor.read(0, 4096), *other.nor.read(0, 4096)} == {0xFF}


def test_a_full_drive_is_told(pico_w, girouette, file):
    pico_w.drive.full = file.name
    pico_w.drive.plug()
    status, text = girouette("flash", "RPI_PICO_W", "--firmware", file)
    assert status == 1 and "says it is full" in text


def test_a_cable_pulled_while_copying_is_told_and_the_next_run_completes_it(pico_w, girouette, file):
    pico_w.drive.pull_at = 100
    pico_w.drive.plug()
    status, text = girouette("flash", "RPI_PICO_W", "--port", pico_w.port.with_name("ttyACM9"), "--firmware", file)
    assert status == 1 and ("did not come back" in text or "went away" in text), text
    assert pico_w.starts == 0
    wait_for(lambda: not pico_w.drive.is_there, "the drive to be gone")
    pico_w.drive.pull_at = None
    pico_w.drive.plug()
    status, text = girouette("flash", "RPI_PICO_W", "--firmware", file)
    assert status == 0 and pico_w.drive.nor.read(0, len(code(file))) == code(file), text


def test_a_drive_that_may_not_be_written_is_told(pico_w, girouette, file):
    pico_w.drive.plug()
    (pico_w.drive.folder / file.name).mkdir()  # as good as a drive mounted for another person: it cannot be opened
    status, text = girouette("flash", "RPI_PICO_W", "--firmware", file)
    assert status == 1 and "cannot write to the drive" in text


def _sync_fails(monkeypatch, after: int, error: int = errno.EIO):
    real, count = os.fsync, [0]

    def fsync(file):
        count[0] += 1
        if count[0] > after:
            raise OSError(error, os.strerror(error))
        real(file)

    monkeypatch.setattr(pico.os, "fsync", fsync)


def test_a_drive_that_goes_with_the_last_block_is_no_error(pico_w, girouette, file, monkeypatch):
    _sync_fails(monkeypatch, len(file.read_bytes()) // (16 * 1024))
    pico_w.drive.plug()
    assert girouette("flash", "RPI_PICO_W", "--firmware", file)[0] == 0


def test_another_error_at_the_last_block_is_one(pico_w, girouette, file, monkeypatch):
    _sync_fails(monkeypatch, len(file.read_bytes()) // (16 * 1024), errno.EDQUOT)
    pico_w.drive.plug()
    assert girouette("flash", "RPI_PICO_W", "--firmware", file)[0] == 1


def test_a_drive_that_goes_before_is_one(pico_w, girouette, file, monkeypatch):
    _sync_fails(monkeypatch, 1)
    pico_w.drive.plug()
    status, text = girouette("flash", "RPI_PICO_W", "--firmware", file)
    assert status == 1 and "went away while copying" in text and "will not start" in text


def test_a_dry_run_shows_the_commands_and_touches_nothing(pico_w, girouette, file):
    status, text = girouette("flash", "RPI_PICO_W", "--port", pico_w.port, "--firmware", file, "--dry-run")
    assert status == 0 and pico_w.prompt.ran == []
    lines = [line.strip() for line in text.splitlines()]
    assert lines[-3:] == [f"mpremote connect {pico_w.port} bootloader", f"cp {file} /media/USER/RPI-RP2", "sync"]


def test_another_boards_name_is_noted_since_the_chip_alone_is_right(pico_w, girouette, firmware):
    path = firmware(images.uf2(), "RPI_PICO-20260101-v1.29.0.uf2")
    status, text = girouette("flash", "RPI_PICO_W", "--firmware", path, "--dry-run")
    assert status == 0 and "was made for RPI_PICO; for this board there is RPI_PICO_W-" in text


@pytest.mark.parametrize(
    "place", ["media/anna/RPI-RP2", "run/media/anna/RPI-RP21", "media/RPI-RP2", "Volumes/RPI-RP2", "mnt"]
)
def test_a_drive_is_found_where_systems_mount_it(tmp_path, place):
    (tmp_path / place).mkdir(parents=True)
    assert volumes.find("RPI-RP2", tmp_path) == volumes.Found()
    (tmp_path / place / "INFO_UF2.TXT").write_text("UF2 Bootloader v3.0\nModel: Raspberry Pi RP2\nBoard-ID: RPI-RP2\n")
    assert volumes.find("RPI-RP2", tmp_path).folder == tmp_path / place
    assert volumes.find("RP2350", tmp_path).folder is None


def test_the_drives_boot_rom_ignores_another_family(tmp_path):
    with Drive(tmp_path / "RPI-RP2", tmp_path / "flash").plug() as drive:
        (drive.folder / "other.uf2").write_bytes(images.uf2(images.RP2350))
        wait_for(lambda: drive.ignored == 158, "all blocks to be seen")
        assert drive.is_there and set(drive.nor.read(0, drive.nor.size)) == {0xFF}


def test_the_drive_of_an_rp2350_takes_its_own_with_the_block_against_its_erratum(tmp_path, firmware):
    path = firmware(images.uf2(images.RP2350), "f.uf2")
    with Drive(tmp_path / "RP2350", tmp_path / "flash", size=4 << 20).plug() as drive:
        (drive.folder / "f.uf2").write_bytes(path.read_bytes())
        wait_for(lambda: not drive.is_there, "the start")
        assert drive.nor.read(0, 256) == code(path)[256:512]


def test_what_boards_say_of_their_drive_is_what_the_checks_need():
    about = boards.load("RPI_PICO_W").firmware
    assert (about.family, about.volume) == (images.RP2040, "RPI-RP2")
