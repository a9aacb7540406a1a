"""The test files of host_tests/everywhere that take long on WebAssembly, on every version: for `make test-full`."""

import pytest
from support.wasm import BUILDS
from versions.same_promises import LONG, hold

pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("build", [pytest.param(b, id=b.version) for b in BUILDS])
def test_the_same_promises_hold_on_this_version(build, name, tree_for):
    hold(build, name, tree_for(build))
