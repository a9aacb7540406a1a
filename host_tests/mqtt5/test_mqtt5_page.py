"""docs/mqtt5.md as it stands: its programs run, and what it says of the flash is so."""

import re

from girouette.paths import ROOT
from support import anywhere

PAGE = (ROOT / "docs" / "mqtt5.md").read_text()
FIRST, SECOND = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def said(python, program, folder, lib_mpy) -> str:
    path = folder / "program.py"
    path.write_text(program)
    return anywhere.run(python, lib_mpy, path)


def test_the_first_program(python, mosquitto, tmp_path, lib_mpy):
    program = FIRST.replace('"broker.local"', f'"127.0.0.1:{mosquitto.port}"')
    assert said(python, program, tmp_path, lib_mpy) == "ha/temperature b'21.5' text/plain\n"


def test_the_second_program(python, mosquitto, tmp_path, lib_mpy):
    program = SECOND.replace('"broker.local"', f'"127.0.0.1:{mosquitto.port}"')
    program = program.replace("range(30)", "range(300)").replace("server.poll(10)\n", "server.poll(5)\n")
    assert said(python, program, tmp_path, lib_mpy) == "42\n"
