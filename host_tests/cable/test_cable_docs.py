"""What docs/serial.md shows is what happens."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from girouette.external import find
from girouette.paths import ROOT

PAGE = (ROOT / "docs" / "serial.md").read_text()


def shown() -> list[tuple[str, str]]:
    """(command, what it prints) of those that are typed at the port."""
    block = next(block for block in re.findall(r"```\n(.*?)```", PAGE, re.DOTALL) if "mpremote" in block)
    return re.findall(r"^\$ (.*)\n((?:[^$].*\n)*)", block, re.MULTILINE)


@pytest.mark.full
@pytest.mark.timeout(400)
def test_the_commands_of_the_page_print_what_it_says(plugged, tmp_path):
    board = plugged(bits=32)
    board.board.wait_prompt()
    Path(tmp_path / "main.py").write_text('print("hello from", __import__("sys").platform)\n')
    commands = shown()
    assert len(commands) == 6
    for command, prints in commands:
        words = shlex.split(command.replace("$P", board.port))
        done = subprocess.run([find(words[0]), *words[1:]], capture_output=True, text=True, cwd=tmp_path, timeout=60)
        assert (done.returncode, done.stdout) == (0, prints), command
    board.board.wait_boot("hard")
    assert board.board.wait_line("hello") == "hello from esp32"
