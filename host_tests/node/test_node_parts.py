"""The node's parts, compiled, on MicroPython: each file of on_board/ is a list of promises that runs there."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent / "on_board"
RUNNER = Path(__file__).parents[1] / "everywhere" / "runner_mp.py"


@pytest.mark.parametrize("file", sorted(HERE.glob("*_promises.py")), ids=lambda file: file.stem.split("_")[0])
def test_the_nodes_parts_keep_their_promises(mp, built, file, tmp_path):
    result = mp.run(RUNNER, args=(HERE, file), path=(built, built / "lib"), cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
