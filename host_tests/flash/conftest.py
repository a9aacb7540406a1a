"""Models of boot loaders, and the real tools in front of them."""

import subprocess
from pathlib import Path

import images
import pytest
from girouette import cli, external
from girouette.loader import Loader


@pytest.fixture(autouse=True)
def little_patience(tmp_path, monkeypatch):
    """esptool tries once instead of seven times: a model that does not answer at first never does."""
    config = tmp_path / "esptool.cfg"
    config.write_text("[esptool]\nconnect_attempts = 1\nopen_port_attempts = 1\n")
    monkeypatch.setenv("ESPTOOL_CFGFILE", str(config))


@pytest.fixture
def loader(tmp_path):
    """Makes chips; plain ones, unless a test is about the lines, since pyserial waits long for each line it sets."""
    made = []

    def make(chip: str, plain: bool = True, **settings) -> Loader:
        made.append(Loader(chip, tmp_path / f"{chip}-{len(made)}.flash", plain=plain, **settings))
        return made[-1]

    yield make
    for model in made:
        model.close()


@pytest.fixture
def esptool():
    """Runs the real esptool on a chip: (status, what it printed)."""

    def run(chip: Loader, *words) -> tuple[int, str]:
        argv = [external.find("esptool"), "--port", chip.url, *map(str, words)]
        done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=110)
        return done.returncode, done.stdout

    return run


@pytest.fixture
def girouette(capsys):
    """Runs a command: (status, what it printed, errors included); `.out` is what went to the standard output."""

    def run(*words) -> tuple[int, str]:
        capsys.readouterr()
        status = cli.main([str(word) for word in words])
        run.out, err = capsys.readouterr()
        return status, run.out + err

    return run


@pytest.fixture
def firmware(tmp_path):
    """Makes the file of a chip, or of any bytes, and gives its path."""

    def make(what: str | bytes, name: str = "firmware.bin") -> Path:
        path = tmp_path / name
        path.write_bytes(images.esp(what) if isinstance(what, str) else what)
        return path

    return make
