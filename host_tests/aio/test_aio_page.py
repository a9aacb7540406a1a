"""docs/asyncio.md as it stands: its program publishes and hears itself."""

import re

import pytest
from girouette.paths import ROOT
from support.anywhere import KINDS, run

PAGE = (ROOT / "docs" / "asyncio.md").read_text()


@pytest.mark.parametrize("python", KINDS)
def test_the_page_works_as_it_stands(mosquitto, watcher, lib_mpy, tmp_path, python):
    program = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1]
    (tmp_path / "program.py").write_text(program.replace('"broker.local"', f'"127.0.0.1:{mosquitto.port}"'))
    seen = watcher(mosquitto.port, "ha/#")
    lines = [f"ha/temperature b'{degrees}'" for degrees in (20, 21, 22)]
    assert run(python, lib_mpy, tmp_path / "program.py").splitlines() == lines
    assert [m[1] for m in seen.wait(3)] == ["20", "21", "22"]
