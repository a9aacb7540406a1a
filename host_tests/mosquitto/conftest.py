"""Clients in processes of their own, on CPython and both MicroPythons; watchers and cables that end with the test."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.mp import Mp

HERE = Path(__file__).parent
LIB = HERE.parents[1] / "lib"
sys.path.insert(0, str(HERE))

from peers import Cable, Process, Watcher  # noqa: E402


@pytest.fixture(params=["cpython", "mp64", "mp32"])
def actor(request, lib_mpy, tmp_path):
    """Starts a client: actor(port, [step, ...], id=, will=, options of Client); all are killed at the end."""
    started = []

    def start(port, *do, id="actor", will=None, birth=None, **options):
        script = {"port": port, "id": id, "do": do, "options": options}
        script.update({name: value for name, value in (("will", will), ("birth", birth)) if value})
        path = tmp_path / f"script{len(started)}.json"
        path.write_text(json.dumps(script), encoding="utf-8")
        started.append(Process(popen(path)))
        return started[-1]

    def popen(path):
        if request.param == "cpython":
            env = {**os.environ, "PYTHONPATH": str(LIB)}
            command = [sys.executable, HERE / "actor.py", path]
            return subprocess.Popen(command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return Mp(int(request.param[2:])).popen(HERE / "actor.py", args=(path,), path=(lib_mpy,), heap="512k")

    yield start
    for process in started:
        process.kill()


def _closing(make):
    made = []

    def new(*args, **kwargs):
        made.append(make(*args, **kwargs))
        return made[-1]

    yield new
    for thing in made:
        thing.close()


@pytest.fixture
def watcher():
    """Watcher(...), closed at the end."""
    yield from _closing(Watcher)


@pytest.fixture
def cable():
    """Cable(...), closed at the end."""
    yield from _closing(Cable)
