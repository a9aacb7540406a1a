"""Programs that speak MQTT 5 through leanmqtt, on CPython and both MicroPythons, to a real broker; and a paho-mqtt that
speaks it at the other end."""

import sys
from pathlib import Path

import pytest
from support import anywhere, closing

sys.path.insert(0, str(Path(__file__).parents[1] / "mosquitto"))

from ends import cable, watcher  # noqa: F401 - fixtures
from launch import KINDS, launch

PROGRAMS = Path(__file__).parent / "programs"


@pytest.fixture(params=KINDS)
def python(request) -> str:
    return request.param


@pytest.fixture
def play(python, lib_mpy, tmp_path):
    """play(program, *args): the lines that it prints; it must end well."""

    def run(program: str, *args) -> list[str]:
        path = PROGRAMS / f"{program}.py"
        return anywhere.run(python, lib_mpy, path, *args, beside=(PROGRAMS,), cwd=tmp_path).splitlines()

    return run


@pytest.fixture(params=KINDS)
def actor(request, lib_mpy, tmp_path):
    """As that of host_tests/mosquitto, for clients of MQTT 5."""
    def start(port, *do, id="actor", will=None, birth=None, **options):
        # Another process goes on with the session of the one before: it says that it knows of it.
        more = {"version": 5, "resume": not options.get("clean", True)}
        script = {"port": port, "id": id, "do": do, "options": {**more, **options}}
        script.update({name: given for name, given in (("will", will), ("birth", birth)) if given})
        return launch(request.param, lib_mpy, tmp_path, script)

    yield from closing(start)
