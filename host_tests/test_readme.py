"""What the README and the example show runs as it stands, on a PC and on MicroPython."""

import re
import subprocess
import sys

import pytest
from girouette.paths import LIB
from paho.mqtt import client as paho
from support import wait_for
from support.mp import Mp

ROOT = LIB.parent


def readme_program() -> str:
    return re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.S)[1]


@pytest.fixture(params=["readme", "example"])
def program(request, tmp_path):
    path = tmp_path / "node.py"
    path.write_text(readme_program() if request.param == "readme" else (ROOT / "examples/client.py").read_text())
    return path


@pytest.fixture(params=["cpython", "mp64", "mp32"])
def running(request, program, mosquitto):
    host = f"{mosquitto.host}:{mosquitto.port}"
    if request.param == "cpython":
        process = subprocess.Popen(
            [sys.executable, "-u", str(program), host], env={"PYTHONPATH": str(LIB)}, stdout=subprocess.PIPE, text=True
        )
    else:
        process = Mp(int(request.param[2:])).popen(program, args=(host,), path=(LIB,))
    yield process
    process.kill()
    process.communicate()


@pytest.fixture
def heard(mosquitto):
    """Everything on ha/#, by topic; `publish` is the client's."""
    messages = {}
    client = paho.Client(paho.CallbackAPIVersion.VERSION2)
    client.on_connect = lambda *_: client.subscribe("ha/#", 1)
    client.on_message = lambda _c, _u, message: messages.setdefault(message.topic, []).append(message.payload)
    client.connect(mosquitto.host, mosquitto.port)
    client.loop_start()
    messages["publish"] = client.publish
    yield messages
    client.disconnect()
    client.loop_stop()


def test_the_program_publishes_obeys_and_is_missed_when_it_dies(running, heard):
    wait_for(lambda: heard.get("ha/temperature") == [b"21.5"], 20)
    wait_for(lambda: heard.get("ha/porch/status") == [b"online"], 5)
    heard["publish"]("ha/lamp/set", "ON", 1)
    wait_for(lambda: b"ON" in heard.get("ha/lamp/set", ()), 5)
    assert running.stdout.readline() == "lamp on\n"
    running.kill()
    wait_for(lambda: heard["ha/porch/status"][-1] == b"offline", 10)


def test_the_readme_program_is_short():
    lines = [line for line in readme_program().splitlines() if line.strip()]
    assert len(lines) <= 20
