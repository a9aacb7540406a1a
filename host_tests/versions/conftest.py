"""What a WebAssembly build sees of the disk: /lib and /everywhere."""

import shutil
from pathlib import Path

import pytest
from girouette.paths import LIB
from support.wasm import Build

HERE = Path(__file__).parent


def make_tree(folder: Path, library: Path) -> Path:
    no_caches = shutil.ignore_patterns("__pycache__")
    shutil.copytree(library / "leanmqtt", folder / "lib" / "leanmqtt", ignore=no_caches)
    shutil.copytree(HERE.parent / "everywhere", folder / "everywhere", ignore=no_caches)
    shutil.copy(HERE / "no_sockets.py", folder / "lib" / "socket.py")
    return folder


@pytest.fixture(scope="session")
def tree_for(lib_mpy, tmp_path_factory):
    """The tree for a build: the client compiled as for a board, or as sources where the build loads nothing else."""
    made = {}

    def tree(build: Build) -> Path:
        if build.mpy not in made:
            made[build.mpy] = make_tree(tmp_path_factory.mktemp("wasm"), lib_mpy if build.mpy else LIB)
        return made[build.mpy]

    return tree
