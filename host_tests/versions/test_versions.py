"""The test files of host_tests/everywhere on MicroPython from before 1.22 to the newest: `make test` has the newest.

What must not live here: tests of the client. What takes long is in test_versions_long.py.
"""

import json

import pytest
from support.wasm import BUILDS, LISTED, NEWEST
from versions.same_promises import FILES, LONG, NEED_SOCKETS, hold

QUICK = [name for name in FILES if name not in LONG]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", QUICK)
@pytest.mark.parametrize(
    "build", [pytest.param(b, id=b.version, marks=() if b is NEWEST else pytest.mark.full) for b in BUILDS]
)
def test_the_same_promises_hold_on_this_version(build, name, tree_for):
    hold(build, name, tree_for(build))


def test_every_build_that_is_listed_is_tried_and_has_its_hash():
    tried = {f"micropython-{build.package}" for build in BUILDS}
    assert set(json.loads((LISTED / "package.json").read_text())["dependencies"]) == tried
    locked = json.loads((LISTED / "package-lock.json").read_text())["packages"]
    assert {path.rpartition("/")[2] for path in locked if path} == tried
    assert all(entry["integrity"].startswith("sha512-") for path, entry in locked.items() if path)


def test_only_a_file_that_opens_sockets_is_left_out():
    folder = LISTED.parent / "everywhere"
    opens = {path.name for path in folder.glob("test_*.py") if "import socket" in path.read_text().splitlines()}
    assert opens == NEED_SOCKETS
    assert set(LONG) <= set(FILES)
