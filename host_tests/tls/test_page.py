"""docs/tls.md as it stands: its commands make certificates, its lines a broker, its program publishes."""

import re
import subprocess

import pytest
from girouette.paths import ROOT
from support import free_port
from support.anywhere import KINDS, run

PAGE = (ROOT / "docs" / "tls.md").read_text()


def block(kind: str) -> str:
    return re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)[1]


@pytest.fixture
def made(tmp_path):
    """The folder in which the page's commands were given."""
    for line in block("console").splitlines():
        done = subprocess.run(line.removeprefix("$ "), shell=True, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, line + done.stderr
    return tmp_path


@pytest.mark.parametrize("python", KINDS)
def test_the_page_works_as_it_stands(made, mosquitto_factory, watcher, lib_mpy, python):
    lines = re.search(r"```\n(listener 8883.*?)```", PAGE, re.DOTALL)[1]
    port = free_port()
    lines = lines.replace("listener 8883", f"listener {port} 127.0.0.1").replace("file broker", f"file {made}/broker")
    broker = mosquitto_factory(extra=lines)
    program = block("python").replace('"broker.local"', f'"localhost:{port}"')
    (made / "program.py").write_text(program)
    seen = watcher(broker.port, "ha/#")
    assert run(python, lib_mpy, made / "program.py", cwd=made) == ""
    assert [m[:2] for m in seen.wait(1)] == [("ha/temperature", "21.5")]


def test_the_flash_it_takes_is_that_of_the_page(lib_mpy):
    sizes = [(lib_mpy / "leanmqtt" / f"{name}.mpy").stat().st_size for name in ("tls", "tlsmake", "tlswords")]
    said = re.search(r"\| flash \| ([\d.]+) KB: `tls` ([\d.]+), `tlsmake` ([\d.]+) .*?, `tlswords` ([\d.]+)", PAGE)
    assert [float(number) * 1000 for number in said.groups()] == pytest.approx([sum(sizes), *sizes], abs=60)
