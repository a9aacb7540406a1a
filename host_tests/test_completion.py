"""`girouette completion`: a real shell completes commands, options, boards, ports and files; and starting is cheap."""

import os
import pty
import select
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest
from girouette import cli, completion
from girouette.paths import ROOT
from support import shells

BOARDS = sorted(path.parent.name for path in (ROOT / "boards").glob("*/board.json"))
COMMANDS = sorted(path.stem.replace("_", "-") for path in (ROOT / "tools/girouette/commands").glob("[a-z]*.py"))


@pytest.fixture
def script(tmp_path):
    """(shell) -> the path of its script, in which /dev is a folder with two ports."""
    (tmp_path / "dev").mkdir()
    for name in ("ttyUSB0", "ttyACM1", "ttyS0"):
        (tmp_path / "dev" / name).touch()

    def made(shell: str) -> Path:
        path = tmp_path / f"girouette.{shell}"
        path.write_text(completion.script(_parser(), shell).replace("/dev/", f"{tmp_path}/dev/"))
        return path

    return made


def _parser():
    """All commands, and one with a port, whichever of the real ones have one."""
    parser = cli.build_parser()
    (subparsers,) = (action for action in parser._actions if action.dest == "command")
    probe = subparsers.add_parser("zz-probe", help="a board on a port")
    probe.add_argument("board")
    probe.add_argument("--port")
    return parser


# Bash

_BASH = """
source {script}
COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
COMP_LINE={line}; COMP_POINT=${{#COMP_LINE}}
_shtab_girouette girouette "${{COMP_WORDS[COMP_CWORD]}}" "${{COMP_WORDS[COMP_CWORD-1]}}"
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def bash(script: Path, line: str, folder: Path = ROOT) -> list[str]:
    """What bash offers at the end of a line."""
    words = " ".join(shlex.quote(word) for word in line.split(" "))
    text = _BASH.format(script=script, words=words, line=shlex.quote(line))
    found = subprocess.run(["bash", "--norc", "-c", text], text=True, capture_output=True, cwd=folder, timeout=30)
    assert not found.stderr
    return sorted({word.strip() for word in found.stdout.splitlines() if word.strip()})


def test_bash_completes_commands(script):
    assert bash(script("bash"), "girouette ") == sorted([*COMMANDS, "zz-probe"])
    assert bash(script("bash"), "girouette tra") == ["trace"]


def test_bash_completes_the_options_of_a_command(script):
    assert bash(script("bash"), "girouette trace --no") == ["--no-payload"]


def test_bash_completes_boards(script):
    assert bash(script("bash"), "girouette zz-probe ") == BOARDS
    assert bash(script("bash"), "girouette check --board ESP32_GEN") == [b for b in BOARDS if b.startswith("ESP32_GEN")]


def test_bash_completes_the_ports_there_are(script, tmp_path):
    ports = [f"{tmp_path}/dev/ttyACM1", f"{tmp_path}/dev/ttyUSB0"]
    assert bash(script("bash"), "girouette zz-probe X --port ") == ports
    assert bash(script("bash"), f"girouette zz-probe X --port {ports[1][:-1]}") == ports[1:]


def test_bash_completes_files(script, tmp_path):
    (tmp_path / "roof.json").touch()
    assert bash(script("bash"), "girouette check ro", tmp_path) == ["roof.json"]


# zsh and fish


@pytest.mark.full
def test_fish_completes_commands_options_boards_and_ports(script, tmp_path):
    def fish(line: str) -> list[str]:
        text = f"source {script('fish')}; complete -C{shlex.quote(line)}"
        argv = [shells.find("fish"), "--no-config", "-c", text]
        found = subprocess.run(argv, text=True, capture_output=True, timeout=30)
        assert not found.stderr
        return sorted(row.split("\t")[0] for row in found.stdout.splitlines())

    assert fish("girouette ") == sorted([*COMMANDS, "zz-probe"])
    assert fish("girouette zz-probe ") == BOARDS
    assert fish("girouette trace --no") == ["--no-payload"]
    assert fish("girouette zz-probe X --port ") == [f"{tmp_path}/dev/ttyACM1", f"{tmp_path}/dev/ttyUSB0"]


@pytest.mark.full
def test_zsh_completes_commands_boards_and_ports(script, tmp_path):
    path = script("zsh")
    pid, terminal = pty.fork()
    if not pid:
        os.environ["TERM"] = "dumb"
        os.execv(shells.find("zsh"), ["zsh", "-f", "-i"])
    try:
        said = _said(terminal, "", "")
        begin = f'PS1="READY "; autoload -Uz compinit; compinit -u -D; eval "$(cat {path})"\n'
        said = _said(terminal, begin, "READY \x1b")
        for line, expected in (
            ("girouette trac\t", "trace "),
            ("girouette check --board RPI_PICO_W\t", "RPI_PICO_W "),
            ("girouette zz-probe NUCLEO_F7\t", "NUCLEO_F767ZI "),
            ("girouette zz-probe X --port \t", "dev/tty"),
        ):
            said = _said(terminal, "\x15" + line, expected)
            assert expected in said
    finally:
        os.close(terminal)
        os.kill(pid, 9)
        os.waitpid(pid, 0)


def _said(terminal: int, keys: str, expected: str) -> str:
    """What appears after these keys, up to what is expected or the end of patience."""
    os.write(terminal, keys.encode())
    said, deadline = "", time.monotonic() + 15
    while time.monotonic() < deadline and (not expected or expected not in said):
        if not select.select([terminal], [], [], 0.2)[0] and not expected:
            break
        if select.select([terminal], [], [], 0)[0]:
            said += os.read(terminal, 4096).decode(errors="replace")
    return said


# The start


def loaded_by(*argv: str) -> set[str]:
    """The modules a command line has imported when its options are read."""
    program = (
        f"import sys; from girouette import cli; argv = {list(argv)}\n"
        "try: cli.build_parser(cli._called(argv) or '').parse_args(argv)\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    found = subprocess.run([sys.executable, "-c", program], text=True, capture_output=True, timeout=30)
    return set(found.stderr.splitlines())


@pytest.mark.parametrize("argv", [["--help"], ["trace", "--help"], ["completion", "--help"]], ids=" ".join)
def test_help_loads_nothing_that_takes_long(argv):
    loaded = loaded_by(*argv)
    assert "girouette.cli" in loaded
    assert loaded & {"rich.console", "jsonschema", "asyncio", "paho.mqtt.client", "dpkt", "shtab"} == set()


def test_the_help_of_a_command_that_is_not_loaded_is_its_own():
    shown = " ".join(cli.build_parser(only="").format_help().split())
    for name in cli._names():
        assert " ".join(cli._module(name).HELP.split()) in shown


def test_the_script_is_printed_for_every_shell(capsys):
    for shell in completion.SHELLS:
        assert cli.main(["completion", shell]) == 0
        assert "girouette" in capsys.readouterr().out
