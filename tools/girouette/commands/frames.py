"""`girouette frames`: compiles folders as for a board and gates the stack frames of the hot paths."""

from pathlib import Path

from girouette.errors import Failure
from girouette.frames import HOT, LIMIT, describe, frames
from girouette.paths import shown

HELP = f"compile folders and name every hot function whose frame is above {LIMIT} words"


def add_arguments(parser):
    parser.add_argument("folders", nargs="+", type=Path, metavar="folder", help="lib/leanmqtt, lib, firmware, ...")
    parser.add_argument("--all", action="store_true", help="list every function, not only those that are too large")


def run(args) -> int:
    for folder in args.folders:
        if not folder.is_dir():
            raise Failure(f"{folder} is not a folder")
    found = [frame for folder in args.folders for frame in frames(folder)]
    violations = [frame for frame in found if frame.violates]
    for frame in sorted(found, key=lambda f: -f.function.words) if args.all else violations:
        print(describe(frame))
    hot = sum(frame.hot for frame in found)
    places = " and ".join(shown(folder) for folder in HOT)
    print(f"frames: {len(found)} functions compiled; of the {hot} in {places}, {len(violations)} above {LIMIT} words")
    if violations:
        print("A larger frame is allocated on every call. Fewer arguments, locals or try blocks; or a helper function;")
        print("or, where it runs only at construction, while connecting or on an error: `# cold: <reason>` on the def.")
    return 1 if violations else 0
