"""Which test files run on the WebAssembly builds, and what it means that one holds there.

What must not live here: how a build is fetched or started (support/wasm.py), and tests.
"""

import re
from pathlib import Path

from support.wasm import Build, Wasm

EVERYWHERE = Path(__file__).parents[1] / "everywhere"
NEED_SOCKETS = {"test_tcp.py"}  # the builds have none
NEED_CHANCE = {"test_seal.py"}  # nor os.urandom
NOT_FOR_BOARDS = {"test_on_micropython.py"}  # starts the others
LONG = ("test_backoff.py", "test_oversize.py", "test_packet_ids.py", "test_streams_in.py", "test_time.py")
FILES = sorted({path.name for path in EVERYWHERE.glob("test_*.py")} - NEED_SOCKETS - NEED_CHANCE - NOT_FOR_BOARDS)


def count(name: str) -> int:
    """How many tests are in the file `name`."""
    return len(re.findall(r"(?m)^def test_", (EVERYWHERE / name).read_text()))


def hold(build: Build, name: str, tree: Path):
    """Every test of the file `name` ran on `build`, which is the version it is listed as, and passed."""
    done = Wasm(build).run(tree, "everywhere/runner_mp.py", ("lib", f"everywhere/{name}"), timeout=500)
    said = done.stdout + done.stderr[-2000:]
    assert done.returncode == 0, said
    assert re.match(rf"3\.4\.0; MicroPython v{re.escape(build.version)}[. -]", done.stdout), said
    assert f"ran {count(name)} failed 0" in done.stdout, said
