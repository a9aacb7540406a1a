"""`girouette seal` and `girouette open`: what the two share. The key comes from a file and is never shown; the seal
itself is that of lib/leanmqtt/seal.py. Nothing of MQTT is here."""

import contextlib
import fcntl
import json
import os
import re
import secrets
import sys
from pathlib import Path

from . import textfile
from .errors import Failure
from .paths import LIB


def add_arguments(parser, topic: str | None = None):
    """topic: how many there must be, as argparse says it; without it one."""
    parser.add_argument("topic", metavar="TOPIC", nargs=topic, help="the topic it is published on")
    parser.add_argument(
        "--secrets", type=Path, metavar="FILE", default=Path("secrets.json"),
        help='holds the node\'s key: {"seal": "<64 hex digits>"}, or the digits alone (default: %(default)s)',
    )  # fmt: skip
    parser.add_argument(
        "--state", type=Path, metavar="FILE", help="keep counter and window in FILE.0 and .1 (default: SECRETS.seal)"
    )
    parser.add_argument("--as-node", action="store_true", help="take the node's place instead of the other end's")
    parser.add_argument("--hex", action="store_true", help="the sealed payload is hex digits, not bytes")


def new_key(path: Path):
    """Write a file with a new key, for the user's eyes only. Raises Failure."""
    try:
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w")
    except FileExistsError:
        raise Failure(f"{path} is there already: a key is not replaced, choose another file") from None
    except OSError as e:
        raise Failure(f"cannot write {path}: {e.strerror}") from None
    with file:
        file.write(json.dumps({"seal": secrets.token_hex(32)}) + "\n")


@contextlib.contextmanager
def sealer(args, state: bool = True):
    """A Sealer of leanmqtt; what it raises is a Failure. Two commands at once wait for each other."""
    if str(LIB) not in sys.path:
        sys.path.append(str(LIB))
    from leanmqtt.seal import Sealer, SealError

    key = _key(args.secrets)
    path = args.state or args.secrets.with_name(args.secrets.name + ".seal")
    try:
        with _alone(path) if state else contextlib.nullcontext():
            yield Sealer(key, str(path) if state else None, node=args.as_node, block=1)
    except SealError as e:
        raise Failure(str(e)) from None


def _key(path: Path) -> str:
    text = textfile.read(path)
    with contextlib.suppress(ValueError):
        found = json.loads(text)
        if isinstance(found, dict):
            text = str(found.get("seal", ""))
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text.strip()):
        expected = 'expected {"seal": "<64 hex digits>"}; `girouette seal --new FILE` makes one'
        raise Failure(f"{path} holds no key: {expected}")
    return text.strip()


@contextlib.contextmanager
def _alone(path: Path):
    try:
        file = os.open(f"{path}.lock", os.O_WRONLY | os.O_CREAT, 0o600)
    except OSError as e:
        raise Failure(f"cannot write {path}.lock: {e.strerror}") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)
