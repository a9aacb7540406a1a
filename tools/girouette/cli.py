"""The command line `girouette`. A command is a module in commands/ with

    HELP                       one line for the list of commands
    add_arguments(parser)      its options
    run(args) -> int           its work; the exit status

so adding a command is adding a file. Nothing of any command lives here. Only the command that is asked for is imported:
the list of all takes their HELP from the files.
"""

import argparse
import ast
import contextlib
import functools
import importlib
import pkgutil
import sys
from pathlib import Path

from . import commands
from .errors import Failure


@functools.cache
def _names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))


def _help(name: str) -> str:
    """The HELP of a command that is not imported."""
    for statement in ast.parse((Path(commands.__path__[0]) / f"{name}.py").read_text()).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "HELP":
            with contextlib.suppress(ValueError):  # not written out: only the module knows
                return ast.literal_eval(statement.value)
    return _module(name).HELP


def _module(name: str):
    return importlib.import_module(f"{commands.__name__}.{name}")


def _called(argv: list[str]) -> str | None:
    """The command that is asked for."""
    return next((word.replace("-", "_") for word in argv if not word.startswith("-")), None)


def build_parser(only: str | None = None) -> argparse.ArgumentParser:
    """The parser of all commands; with `only`, the others have no options."""
    parser = argparse.ArgumentParser(prog="girouette", description="Sensor and actuator nodes on an MQTT broker.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name in _names():
        about = _help(name)
        subparser = subparsers.add_parser(name.replace("_", "-"), help=about, description=about)
        if only in (None, name):
            module = _module(name)
            module.add_arguments(subparser)
            subparser.set_defaults(run=module.run)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command; its exit status, 2 for wrong usage, 1 for a failure told in words, 3 for one before
    anything was changed, 130 after Ctrl-C."""
    argv = sys.argv[1:] if argv is None else argv
    args = build_parser(_called(argv) or "").parse_args(argv)
    try:
        return args.run(args) or 0
    except Failure as e:
        print(f"girouette: {e}", file=sys.stderr)
        return e.status
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
