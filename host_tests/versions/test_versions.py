"""The test files of host_tests/everywhere on MicroPython from before 1.22 to the newest: `make test` has the newest.

What must not live here: tests of the client. What takes long is in test_long_on_*.py.
"""

import json
import re

import pytest
from girouette.paths import ROOT
from support.wasm import BUILDS, LISTED, NEWEST
from versions.same_promises import EVERYWHERE, FILES, LONG, NEED_CHANCE, NEED_SOCKETS, count, hold

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


def test_only_files_that_open_sockets_or_seal_are_left_out():
    opens = {path.name for path in EVERYWHERE.glob("test_*.py") if "import socket" in path.read_text().splitlines()}
    assert opens == NEED_SOCKETS
    seals = {path.name for path in EVERYWHERE.glob("test_*.py") if "leanmqtt.seal" in path.read_text()}
    assert seals == NEED_CHANCE
    assert set(LONG) <= set(FILES)


def test_the_page_about_versions_says_what_runs_where():
    page = (ROOT / "docs" / "versions.md").read_text()
    rows = re.findall(r"(?m)^\| (\S+) \| 32 bits \| npm, (\S+) \| (`\.mpy`|sources)", page)
    assert rows == [(build.version, build.package, "`.mpy`" if build.mpy else "sources") for build in BUILDS]
    files, tests, more = len(FILES), sum(map(count, FILES)), sum(map(count, NEED_SOCKETS))
    says = f"{files} files with {tests} tests on each, and where there are sockets one file with {more} more"
    assert says in " ".join(page.split())
