"""docs/asyncio.md as it stands: its program publishes and hears itself."""

import os
import re
import subprocess
import sys

import pytest
from girouette.paths import LIB, ROOT
from support.mp import Mp

PAGE = (ROOT / "docs" / "asyncio.md").read_text()


@pytest.mark.parametrize("python", ["cpython", "mp64", "mp32"])
def test_the_page_works_as_it_stands(mosquitto, watcher, lib_mpy, tmp_path, python):
    program = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1]
    (tmp_path / "program.py").write_text(program.replace('"broker.local"', f'"127.0.0.1:{mosquitto.port}"'))
    seen = watcher(mosquitto.port, "ha/#")
    if python == "cpython":
        env = {**os.environ, "PYTHONPATH": str(LIB)}
        command = [sys.executable, "program.py"]
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
    else:
        done = Mp(int(python[2:])).run(tmp_path / "program.py", path=(lib_mpy,), cwd=tmp_path)
    lines = [f"ha/temperature b'{degrees}'" for degrees in (20, 21, 22)]
    assert (done.returncode, done.stdout.splitlines()) == (0, lines), done.stdout + done.stderr
    assert [m[1] for m in seen.wait(3)] == ["20", "21", "22"]
