"""Programs that speak MQTT 5 through leanmqtt, on CPython and both MicroPythons, to a real broker; and a paho-mqtt that
speaks it at the other end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from girouette.paths import LIB
from support import closing
from support.mp import Mp

sys.path.insert(0, str(Path(__file__).parents[1] / "mosquitto"))

from launch import KINDS, launch
from peers import Cable, Watcher

PROGRAMS = Path(__file__).parent / "programs"


@pytest.fixture(params=KINDS)
def python(request) -> str:
    return request.param


@pytest.fixture
def play(python, lib_mpy, tmp_path):
    """play(program, *args): the lines that it prints; it must end well."""

    def run(program: str, *args) -> list[str]:
        path = PROGRAMS / f"{program}.py"
        if python == "cpython":
            env = {**os.environ, "PYTHONPATH": f"{LIB}:{PROGRAMS}", "PYTHONUTF8": "1"}
            command = [sys.executable, path, *map(str, args)]
            done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=120)
        else:
            mp = Mp(int(python[2:]))
            done = mp.run(path, args=args, path=(lib_mpy, PROGRAMS), heap="512k", timeout=120, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.splitlines()

    return run


@pytest.fixture(params=KINDS)
def actor(request, lib_mpy, tmp_path):
    """As that of host_tests/mosquitto, for clients of MQTT 5."""
    started = []

    def start(port, *do, id="actor", will=None, birth=None, **options):
        # Another process goes on with the session of the one before: it says that it knows of it.
        more = {"version": 5, "resume": not options.get("clean", True)}
        script = {"port": port, "id": id, "do": do, "options": {**more, **options}}
        script.update({name: given for name, given in (("will", will), ("birth", birth)) if given})
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
    """Cable(port), closed at the end."""
    yield from closing(Cable)
