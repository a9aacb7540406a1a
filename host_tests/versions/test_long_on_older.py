"""What takes long on WebAssembly of host_tests/everywhere, on the older half of the versions: for `make test-full`.

A file of its own beside test_long_on_newer.py, so that two cores share the work.
"""

import pytest
from support.wasm import BUILDS
from versions.same_promises import LONG, hold

pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("build", [pytest.param(b, id=b.version) for b in BUILDS[: len(BUILDS) // 2]])
def test_the_same_promises_hold_on_this_version(build, name, tree_for):
    hold(build, name, tree_for(build))
