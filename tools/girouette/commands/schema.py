"""`girouette schema`: the JSON Schema of config.json, for editors and other tools."""

import json
from pathlib import Path

from girouette import schema
from girouette.schemadoc import update

HELP = "print the JSON Schema of config.json"


def add_arguments(parser):
    parser.add_argument("--update", metavar="PAGE", type=Path, help="instead write the tables of keys into this page")


def run(args) -> int:
    if args.update:
        args.update.write_text(update(args.update.read_text()))
    else:
        print(json.dumps(schema.composed(), indent=2, ensure_ascii=False))
    return 0
