"""leanmqtt as a program on a PC has it: installed from its wheel, in an environment that holds nothing else."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from girouette.paths import LIB


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> Path:
    """The wheel of lib/, built as `pip install ./lib` does."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-c", "import sys, flit_core.buildapi as b; print(b.build_wheel(sys.argv[1]))", folder]
    done = subprocess.run(command, cwd=LIB, text=True, capture_output=True, timeout=60, env=dict(os.environ))
    assert done.returncode == 0, done.stderr
    return folder / done.stdout.split()[-1]


@pytest.fixture(scope="session")
def python(wheel, tmp_path_factory) -> Path:
    """The Python of an environment with that wheel and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return folder / "bin" / "python"
