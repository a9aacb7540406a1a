"""The programs of docs/seal.md and docs/umqtt.md run as they stand, on CPython and MicroPython, with a real broker."""

import re
import subprocess
import sys
import threading

import pytest
from girouette.paths import ROOT
from girouette.toolchain import mosquitto_client
from support import wait_for
from support.anywhere import KINDS, popen


def program(page: str) -> str:
    return re.search(r"```python\n(.*?)```", (ROOT / "docs" / page).read_text(), re.S)[1]


@pytest.fixture(params=KINDS)
def start(request, lib_mpy, tmp_path):
    """(text, *args) -> the program as a process, in tmp_path."""
    processes = []

    def run(text, *args):
        path = tmp_path / "program.py"
        path.write_text(text)
        processes.append(popen(request.param, lib_mpy, path, *args, cwd=tmp_path))
        return processes[-1]

    yield run
    for process in processes:
        process.kill()
        process.communicate()


def test_umqtt(start, mosquitto):
    text = program("umqtt.md").replace('"broker.local"', f'"127.0.0.1", {mosquitto.port}')
    out, _ = start(text).communicate(timeout=30)
    assert out == "[(b'foo_topic', b'hello')]\n"


def test_seal(start, mosquitto, tmp_path):
    def girouette(*args, data=b""):
        command = [sys.executable, "-m", "girouette.cli", *args]
        return subprocess.run(command, input=data, capture_output=True, cwd=tmp_path, timeout=30, check=True).stdout

    def publish(sealed):
        command = [mosquitto_client("mosquitto_pub"), "-p", str(mosquitto.port), "-q", "1", "-t", "lamp/set", "-s"]
        subprocess.run(command, input=sealed, check=True, timeout=30)

    girouette("seal", "--new", "secrets.json")
    node = start(program("seal.md"), f"127.0.0.1:{mosquitto.port}")
    said = []
    threading.Thread(target=lambda: said.extend(node.stdout), daemon=True).start()
    wait_for(lambda: "Sending SUBACK to lamp" in mosquitto.log_text(), "the node")
    listen = [mosquitto_client("mosquitto_sub"), "-p", str(mosquitto.port), "-t", "lamp", "-C", "1", "-N", "-W", "30"]
    listener = subprocess.Popen(listen, stdout=subprocess.PIPE)
    wait_for(lambda: mosquitto.log_text().count("Sending SUBACK") == 2, "the listener")
    sealed = girouette("seal", "lamp/set", "ON")
    publish(sealed)
    answer, _ = listener.communicate(timeout=40)
    assert b"ON" not in answer and girouette("open", "lamp", data=answer) == b"ON"
    publish(sealed)  # somebody recorded it
    publish(b"ON")
    publish(girouette("seal", "lamp/set", "OFF"))
    count = mosquitto.log_text  # MicroPython keeps what it prints until it ends: the answers tell
    wait_for(lambda: count().count("Received PUBLISH from lamp") == 2, "the answer to OFF")
    assert count().count("Received PUBLISH from lamp ") == 2, "one answer for ON, one for OFF"
