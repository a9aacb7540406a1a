"""Runs the measuring programs with the compiled client: those of `girouette hil`, which a board can run too,
and those of on_board/, for which the tests alone have a use.
"""

import sys
from pathlib import Path

import pytest
from girouette import hil

HERE = Path(__file__).parent
PROGRAMS = [HERE / "on_board", Path(hil.__file__).parent / "device"]
sys.path.insert(0, str(HERE))

from support.mp import Mp  # noqa: E402
from verdicts import parse  # noqa: E402


@pytest.fixture
def on_board(lib_mpy):
    """(mp, program, *args) -> what the program printed."""

    def run(mp, program: str, *args) -> str:
        (source,) = [path for folder in PROGRAMS if (path := folder / f"{program}.py").exists()]
        result = mp.run(source, args=args, path=[lib_mpy, *PROGRAMS], heap="4m", timeout=300)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    return run


@pytest.fixture
def measure(on_board):
    """(mp, program, *args, times) -> verdicts of its operations, each done so many times."""
    return lambda mp, program, *args, times: parse(on_board(mp, program, times, *args))


@pytest.fixture
def mp64() -> Mp:
    """MicroPython with the object layout of the host."""
    return Mp(64)
