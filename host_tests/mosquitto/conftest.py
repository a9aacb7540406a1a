"""Clients in processes of their own, on CPython and both MicroPythons; watchers and cables that end with the test."""

import sys
from pathlib import Path

import pytest
from support import closing

sys.path.insert(0, str(Path(__file__).parent))

from launch import KINDS, launch
from peers import Cable, Watcher


@pytest.fixture(params=KINDS)
def actor(request, lib_mpy, tmp_path):
    """Starts a client: actor(port, [step, ...], id=, will=, options of Client); all are killed at the end."""
    started = []

    def start(port, *do, id="actor", will=None, birth=None, **options):
        script = {"port": port, "id": id, "do": do, "options": options}
        script.update({name: value for name, value in (("will", will), ("birth", birth)) if value})
        started.append(launch(request.param, lib_mpy, tmp_path / f"script{len(started)}.json", script))
        return started[-1]

    yield start
    for process in started:
        process.kill()


@pytest.fixture
def watcher():
    """Watcher(...), closed at the end."""
    yield from closing(Watcher)


@pytest.fixture
def cable():
    """Cable(...), closed at the end."""
    yield from closing(Cable)
