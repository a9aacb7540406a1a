"""`girouette open`: the payload of what a node sealed."""

import sys

from girouette import sealing
from girouette.errors import Failure

HELP = "decrypt a payload that a node sealed, each only once"


def add_arguments(parser):
    sealing.add_arguments(parser)
    parser.add_argument("--again", action="store_true", help="look only: replays are not refused, nothing is kept")


def run(args) -> int:
    sealed = sys.stdin.buffer.read()
    if args.hex:
        try:
            sealed = bytes.fromhex(sealed.decode())
        except ValueError:
            raise Failure("the standard input is no hex digits: leave --hex out if it is bytes") from None
    with sealing.sealer(args, state=not args.again) as sealer:
        payload = sealer.open(args.topic, sealed)
    sys.stdout.buffer.write(payload)
    sys.stdout.buffer.flush()
    return 0
