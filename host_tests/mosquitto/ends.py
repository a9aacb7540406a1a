"""The fixtures of who stands at the other end, for the conftest.py of every folder whose tests have some."""

import pytest
from peers import Cable, Watcher
from support import closing


@pytest.fixture
def watcher():
    """Watcher(...), closed at the end."""
    yield from closing(Watcher)


@pytest.fixture
def cable():
    """Cable(port), closed at the end."""
    yield from closing(Cable)
