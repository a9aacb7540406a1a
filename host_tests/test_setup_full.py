"""`make setup-full`: an error holds the cure, half an installation is none, and a Home Assistant that ends says why."""

import subprocess
import sys

import pytest
from girouette.errors import ToolMissing
from support import homeassistant, homeassistant_setup
from support.homeassistant import HomeAssistant
from support.homeassistant_setup import VERSION


@pytest.fixture
def nothing(monkeypatch, tmp_path):
    """No Home Assistant is installed, and it would be installed into this folder."""
    folder = tmp_path / "homeassistant"
    monkeypatch.setattr(homeassistant_setup, "FOLDER", folder)
    monkeypatch.setattr(homeassistant_setup, "PYTHON", folder / "env" / "bin" / "python")
    monkeypatch.setattr(homeassistant_setup, "_STAMP", folder / "installed")
    return folder


def test_a_home_assistant_that_is_missing_is_told_with_its_cure(nothing):
    with pytest.raises(ToolMissing, match=f"Home Assistant {VERSION} is missing. Run: make setup-full"):
        homeassistant_setup.python()


def test_without_a_python_for_it_the_error_says_which_one_to_install(nothing, monkeypatch):
    monkeypatch.setattr(homeassistant_setup, "_fits", lambda command: False)
    monkeypatch.setattr(homeassistant_setup.platform, "machine", lambda: "aarch64")
    with pytest.raises(ToolMissing, match=r"needs Python 3\.13\.2 or newer of the 3\.13 line(.|\n)*make setup-full"):
        homeassistant_setup.setup()


def test_an_installation_that_broke_off_is_none_and_is_begun_anew(nothing, monkeypatch):
    def breaks_off():
        homeassistant_setup.PYTHON.parent.mkdir(parents=True)
        homeassistant_setup.PYTHON.touch()
        homeassistant_setup._run(["sh", "-c", "echo no route to host; exit 1"], "Is the network up?")

    monkeypatch.setattr(homeassistant_setup, "_make_environment", breaks_off)
    for _ in range(2):
        with pytest.raises(ToolMissing, match=r"could not be installed:\n  no route to host\nIs the network up\?"):
            homeassistant_setup.setup()
        with pytest.raises(ToolMissing, match="make setup-full"):
            homeassistant_setup.python()


def test_what_is_installed_is_not_installed_again(nothing, monkeypatch, capsys):
    def install():
        homeassistant_setup.PYTHON.parent.mkdir(parents=True)
        homeassistant_setup.PYTHON.touch()
        homeassistant_setup._STAMP.write_text(homeassistant_setup._recipe())

    monkeypatch.setattr(homeassistant_setup, "_install", install)
    homeassistant_setup.setup()
    assert homeassistant_setup.python() == homeassistant_setup.PYTHON
    homeassistant_setup.setup()  # mkdir would fail
    assert f"Home Assistant {VERSION}" in capsys.readouterr().out
    monkeypatch.setattr(homeassistant_setup, "VERSION", "another")
    with pytest.raises(ToolMissing, match="make setup-full"):
        homeassistant_setup.python()


@pytest.mark.parametrize("command", ["/nowhere/python", "/bin/false", "/bin/echo"])
def test_what_is_not_a_python_for_it_does_not_fit(command):
    assert not homeassistant_setup._fits(command)


def test_a_python_fits_by_its_version(monkeypatch):
    monkeypatch.setattr(homeassistant_setup, "OLDEST", sys.version_info[:3])
    assert homeassistant_setup._fits(sys.executable)
    newer = (*sys.version_info[:2], sys.version_info[2] + 1)
    monkeypatch.setattr(homeassistant_setup, "OLDEST", newer)
    assert not homeassistant_setup._fits(sys.executable)


def test_a_home_assistant_that_ends_is_told_with_the_end_of_its_log(mosquitto, tmp_path, monkeypatch):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no module named homeassistant\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(homeassistant, "python", lambda: broken)
    home = HomeAssistant(mosquitto, tmp_path / "config")
    with pytest.raises(AssertionError, match="Home Assistant ended with 3:\nno module named homeassistant"):
        home.start()
    home.close()


def test_make_test_leaves_out_what_make_test_full_runs(request):
    folder = request.config.rootpath / "host_tests" / "homeassistant"
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", folder]
    every = subprocess.run(command, capture_output=True, text=True)
    assert every.returncode == 0
    few = subprocess.run([*command, "-m", "not full"], capture_output=True, text=True)
    assert "no tests collected" in few.stdout
