"""Clients in processes of their own, on CPython and both MicroPythons; watchers and cables that end with the test."""

import sys
from pathlib import Path

import pytest
from support import closing

sys.path.insert(0, str(Path(__file__).parent))

from ends import cable, watcher  # noqa: F401 - fixtures
from launch import KINDS, launch


@pytest.fixture(params=KINDS)
def actor(request, lib_mpy, tmp_path):
    """Starts a client: actor(port, [step, ...], id=, will=, options of Client); all are killed at the end."""
    def start(port, *do, id="actor", will=None, birth=None, **options):
        script = {"port": port, "id": id, "do": do, "options": options}
        script.update({name: value for name, value in (("will", will), ("birth", birth)) if value})
        return launch(request.param, lib_mpy, tmp_path, script)

    yield from closing(start)
