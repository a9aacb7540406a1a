"""docs/websocket.md as it stands: its lines make a broker, its programs publish."""

import re

import pytest
from girouette.paths import ROOT
from support import free_port
from support.anywhere import KINDS, run

PAGE = (ROOT / "docs" / "websocket.md").read_text()
PLAIN, SECURE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def publishes(python, folder, lib_mpy, program):
    (folder / "program.py").write_text(program)
    assert run(python, lib_mpy, folder / "program.py", cwd=folder) == ""


@pytest.mark.parametrize("python", KINDS)
def test_the_page_works_as_it_stands(tmp_path, mosquitto_factory, watcher, lib_mpy, python):
    port = free_port()
    lines = re.search(r"```\n(listener 9001.*?)```", PAGE, re.DOTALL)[1]
    broker = mosquitto_factory(extra=lines.replace("listener 9001", f"listener {port} 127.0.0.1"))
    seen = watcher(broker.port, "ha/#")
    assert "ws://broker.local:9001/mqtt" in PLAIN
    publishes(python, tmp_path, lib_mpy, PLAIN.replace("broker.local:9001", f"127.0.0.1:{port}"))
    assert [m[:2] for m in seen.wait(1)] == [("ha/temperature", "21.5")]


@pytest.mark.parametrize("python", KINDS)
def test_the_page_works_with_tls_and_headers(tmp_path, broker, authority, watcher, lib_mpy, python):
    (tmp_path / "ca.pem").write_bytes(authority.path("ca.pem").read_bytes())
    seen = watcher(broker.port, "ha/#")
    assert "wss://broker.local/mqtt" in SECURE
    publishes(python, tmp_path, lib_mpy, SECURE.replace("broker.local", f"localhost:{broker.wss}"))
    assert [m[:2] for m in seen.wait(1)] == [("ha/temperature", "21.5")]
