"""docs/mqtt5.md as it stands: its programs run, and what it says of the flash is so."""

import os
import re
import subprocess
import sys

import pytest
from girouette.paths import LIB, ROOT
from support.mp import Mp

PAGE = (ROOT / "docs" / "mqtt5.md").read_text()
FIRST, SECOND = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def run(python, program, folder, lib_mpy) -> str:
    path = folder / "program.py"
    path.write_text(program)
    if python == "cpython":
        env = {**os.environ, "PYTHONPATH": str(LIB)}
        done = subprocess.run([sys.executable, path], env=env, capture_output=True, text=True, timeout=60)
    else:
        done = Mp(int(python[2:])).run(path, path=(lib_mpy,))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_first_program(python, mosquitto, tmp_path, lib_mpy):
    program = FIRST.replace('"broker.local"', f'"127.0.0.1:{mosquitto.port}"')
    assert run(python, program, tmp_path, lib_mpy) == "ha/temperature b'21.5' text/plain\n"


def test_the_second_program(python, mosquitto, tmp_path, lib_mpy):
    program = SECOND.replace('"broker.local"', f'"127.0.0.1:{mosquitto.port}"')
    program = program.replace("range(30)", "range(300)").replace("server.poll(10)\n", "server.poll(5)\n")
    assert run(python, program, tmp_path, lib_mpy) == "42\n"


def test_the_flash_it_takes_is_that_of_the_page(lib_mpy):
    whole, parts = re.search(r"\| flash \| ([\d.]+) KB: (.*?) \|", PAGE).groups()
    said = dict(re.findall(r"`(\w+)` ([\d.]+)", parts))
    sizes = {name: (lib_mpy / "leanmqtt" / f"{name}.mpy").stat().st_size / 1000 for name in said}
    assert {path.stem for path in (LIB / "leanmqtt").glob("v5*.py")} <= set(said)
    assert sizes == pytest.approx({name: float(size) for name, size in said.items()}, abs=0.06)
    assert sum(sizes.values()) == pytest.approx(float(whole), abs=0.2)
