"""The command line `girouette`. A command is a module in commands/ with

    HELP                       one line for the list of commands
    add_arguments(parser)      its options
    run(args) -> int           its work; the exit status

so adding a command is adding a file. Nothing of any command lives here.
"""

import argparse
import importlib
import pkgutil
import sys

from . import commands
from .errors import Failure


def _modules() -> dict:
    names = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
    return {name: importlib.import_module(f"{commands.__name__}.{name}") for name in names}


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="girouette", description="Sensor and actuator nodes on an MQTT broker.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, module in _modules().items():
        subparser = subparsers.add_parser(name.replace("_", "-"), help=module.HELP, description=module.HELP)
        module.add_arguments(subparser)
        subparser.set_defaults(run=module.run)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command; its exit status, 2 for wrong usage, 1 for a failure told in words, 3 for one before
    anything was changed, 130 after Ctrl-C."""
    args = build_parser().parse_args(argv)
    try:
        return args.run(args) or 0
    except Failure as e:
        print(f"girouette: {e}", file=sys.stderr)
        return e.status
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
