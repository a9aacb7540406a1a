"""Runs the measuring programs of on_board/ with the compiled client."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ON_BOARD = HERE / "on_board"
sys.path.insert(0, str(HERE))

from support.mp import Mp  # noqa: E402
from verdicts import parse  # noqa: E402


@pytest.fixture
def on_board(lib_mpy):
    """(mp, program, *args) -> what the program printed."""

    def run(mp, program: str, *args) -> str:
        result = mp.run(ON_BOARD / f"{program}.py", args=args, path=[lib_mpy, ON_BOARD], heap="4m", timeout=100)
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
