"""`girouette seal`: a payload for a node that seals its payloads, or a new key."""

import sys
from pathlib import Path

from girouette import sealing
from girouette.errors import Failure

HELP = "encrypt a payload for a node that has a key, or make the key"


def add_arguments(parser):
    sealing.add_arguments(parser, topic="?")  # none beside --new
    parser.add_argument("payload", nargs="?", metavar="PAYLOAD", help="default: the standard input")
    parser.add_argument("--new", type=Path, metavar="FILE", help="write a file with a new key, and seal nothing")


def run(args) -> int:
    if args.new:
        sealing.new_key(args.new)
        print(f"{args.new} holds a new key: keep a copy where nobody else reads it")
        return 0
    if not args.topic:
        raise Failure("expected a TOPIC, or --new FILE for a new key")
    with sealing.sealer(args) as sealer:
        payload = sys.stdin.buffer.read() if args.payload is None else args.payload.encode()
        sealed = sealer.seal(args.topic, payload)
    if args.hex or sys.stdout.isatty():
        print(sealed.hex())
    else:
        sys.stdout.buffer.write(sealed)
    return 0
