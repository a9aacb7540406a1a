"""Every test file of this folder once more, on real MicroPython, with the client compiled as for a board."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
FILES = sorted(path.name for path in HERE.glob("test_*.py") if path.name != Path(__file__).name)


@pytest.mark.parametrize("name", FILES)
def test_the_same_promises_hold_on_micropython(mp, lib_mpy, name):
    done = mp.run(HERE / "runner_mp.py", args=(str(lib_mpy), str(HERE / name)), heap="24m", timeout=110)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "failed 0" in done.stdout
