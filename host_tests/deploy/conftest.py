"""A build, and boards with a cable."""

import contextlib
from pathlib import Path

import pytest
from girouette import build
from girouette.simboard import Board
from girouette.simboard.serial import SerialBoard
from workbench import ID, Bench


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> build.Built:
    folder = tmp_path_factory.mktemp("made")
    bench = Bench(folder, None)
    return build.make(ID, folder / "out", bench.config())


@pytest.fixture
def bench(tmp_path, made) -> Bench:
    return Bench(tmp_path, made)


@pytest.fixture
def cabled():
    """Plugs a board with that flash in: (folder or None for an empty one, cable={SerialBoard's}, **Board's options)."""
    with contextlib.ExitStack() as plugged:

        def make(folder: Path, cable=(), **options) -> SerialBoard:
            empty = not (folder / "main.py").exists()
            return plugged.enter_context(SerialBoard(Board(folder, empty=empty, **options), **dict(cable)))

        yield make
