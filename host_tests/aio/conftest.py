"""Programs for asyncio in processes of their own, on CPython and both MicroPythons."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import closing
from support.certificates import Authority
from support.mp import Mp

sys.path.insert(0, str(Path(__file__).parents[1] / "mosquitto"))

from launch import KINDS, LIB
from peers import Cable, Process, Watcher

SCENES = Path(__file__).parent / "on_board"


def launch(kind: str, lib_mpy: Path, scene: Path, argument: Path) -> Process:
    """kind: one of KINDS. CPython also tells of coroutines never awaited and of sockets never closed."""
    if kind != "cpython":
        popen = Mp(int(kind[2:])).popen(scene, args=(argument,), path=(lib_mpy, SCENES), heap="512k")
        return Process(popen)
    env = {**os.environ, "PYTHONPATH": f"{LIB}:{SCENES}"}
    command = [sys.executable, "-W", "error", scene, argument]
    return Process(subprocess.Popen(command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT))


@pytest.fixture(params=KINDS)
def scene(request, lib_mpy, tmp_path):
    """scene(name, port, options of Client): one of on_board/, running. All are killed at the end."""
    started = []

    def start(name: str, port: int, **options) -> Process:
        argument = tmp_path / f"options{len(started)}.json"
        argument.write_text(json.dumps({"port": port, **options}))
        started.append(launch(request.param, lib_mpy, SCENES / f"{name}.py", argument))
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
    """Cable(port), closed at the end."""
    yield from closing(Cable)


@pytest.fixture(scope="session")
def authority(tmp_path_factory) -> Authority:
    """Who signed the broker's certificate."""
    made = Authority(tmp_path_factory.mktemp("authority"))
    made.sign("server")
    return made
