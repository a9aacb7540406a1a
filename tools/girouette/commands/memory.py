"""`girouette memory`: the RAM and flash of each part of the node, measured on the simulated board."""

from pathlib import Path

from girouette import memory

HELP = "measure the RAM and flash of each part of the node"


def add_arguments(parser):
    parser.add_argument("--update", metavar="PAGE", type=Path, help="write the table into this page instead")


def run(args) -> int:
    if args.update:
        args.update.write_text(memory.update(args.update.read_text()))
    else:
        print(memory.table(), end="")
    return 0
