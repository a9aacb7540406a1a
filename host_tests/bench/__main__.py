"""The command of `make bench`: size first, then speed, then system calls."""

import argparse
import sys
from functools import partial

from girouette.errors import Failure

from . import calls, size, speed
from .setting import Setting


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help="size, speed, calls (default: all)")
    parser.add_argument("--ms", type=int, default=500, help="how long one speed run lasts (default %(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="interleaved runs, of which the median counts")
    args = parser.parse_args()
    parts = {
        "size": size.report,
        "speed": partial(speed.report, ms=args.ms, runs=args.runs),
        "calls": calls.report,
    }
    unknown = set(args.parts) - set(parts)
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}")
    try:
        setting = Setting.prepare()
        for name, report in parts.items():
            if not args.parts or name in args.parts:
                report(setting)
    except Failure as e:
        print(f"bench: {e}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


sys.exit(main())
