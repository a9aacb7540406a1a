"""Completion for bash, zsh and fish: shtab makes the script from the parser; here is what boards, ports and files are
completed with. The script asks the shell alone: pressing Tab starts no Python.
"""

import argparse
import shlex
from pathlib import Path

import shtab

from .paths import ROOT

SHELLS = ("bash", "zsh", "fish")

_PORTS = "/dev/serial/by-id/* /dev/ttyUSB* /dev/ttyACM* /dev/cu.usb*"
_FOLDERS = {"folder", "output"}
_PREAMBLE = {
    "bash": """\
_girouette_boards() {{ compgen -W "$(cd {boards} && for b in */board.json; do echo "${{b%/*}}"; done)" -- "$1"; }}
_girouette_ports() {{ local p; for p in {ports}; do [ -e "$p" ] && [[ $p == "$1"* ]] && echo "$p"; done; }}
""",
    "zsh": """\
_girouette_boards() {{ local -a b; b=({boards}/*/board.json(N:h:t)); compadd -a b }}
_girouette_ports() {{ local -a p; setopt localoptions nullglob; p=({ports}); compadd -a p }}
""",
    "fish": """\
function _girouette_boards
  for b in {boards}/*/board.json
    basename (dirname $b)
  end
end
function _girouette_ports
  for p in {ports}
    echo $p
  end
end
""",
}


def script(parser: argparse.ArgumentParser, shell: str) -> str:
    """What the shell reads."""
    _teach(parser)
    boards = shlex.quote(str(ROOT / "boards"))
    preamble = {name: text.format(boards=boards, ports=_PORTS) for name, text in _PREAMBLE.items()}
    return shtab.complete(parser, shell, preamble=preamble)


def _teach(parser: argparse.ArgumentParser):
    for action in parser._actions:  # argparse has no public way to them; shtab reads the same
        if isinstance(action, argparse._SubParsersAction):
            for sub in action.choices.values():
                _teach(sub)
        elif not action.choices and not hasattr(action, "complete") and (found := _of(action)):
            action.complete = found


def _of(action: argparse.Action) -> dict | None:
    """How one argument is completed."""
    if action.dest in ("board", "boards"):
        return _own("_girouette_boards")
    if action.dest == "port" and action.type is not int:
        return _own("_girouette_ports")
    if action.type is Path:
        return shtab.DIRECTORY if action.dest in _FOLDERS else shtab.FILE
    return None


def _own(function: str) -> dict:
    return {"bash": function, "zsh": function, "fish": f"({function})"}
