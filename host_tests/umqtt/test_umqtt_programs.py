"""Programs written for umqtt run over the client, on CPython and MicroPython, against a real broker."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from girouette.paths import LIB
from girouette.toolchain import mosquitto_client
from support import wait_for
from support.mp import Mp

PROGRAMS = Path(__file__).parent / "on_board" / "umqtt_programs.py"


@pytest.fixture(params=["cpython", 64, 32])
def start(request, lib_mpy):
    """start(name, port): the program as a process."""
    if request.param == "cpython":
        pipes = {"text": True, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return lambda name, port: subprocess.Popen([sys.executable, PROGRAMS, LIB, name, str(port)], **pipes)
    mp = Mp(request.param)
    return lambda name, port: mp.popen(PROGRAMS, args=(lib_mpy, name, port))


def ended(process):
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0 and out.endswith("done\n"), out
    return out


@pytest.mark.parametrize("name", ["publish", "subscribe", "answer", "limits"])
def test_a_program_runs_as_it_is(start, mosquitto, name):
    ended(start(name, mosquitto.port))


def test_refusals_are_umqtts(start, mosquitto_factory):
    ended(start("faults", mosquitto_factory(accounts={"user": "right"}).port))


def test_a_restart_of_the_broker_loses_nothing(start, mosquitto_factory, tmp_path):
    tmp_path.chmod(0o777)
    broker = mosquitto_factory(persistence_dir=tmp_path)
    process = start("robust", broker.port)
    time.sleep(1)
    broker.stop()
    time.sleep(1)
    broker._chosen = True
    broker.start()
    assert int(ended(process).split("delays ")[1].split()[0]) > 0


def test_check_msg_never_waits_for_a_broker_that_is_away(start, mosquitto):
    process = start("away", mosquitto.port)
    wait_for(lambda: "Sending SUBACK to away" in mosquitto.log_text(), "the subscription")
    mosquitto.stop()
    time.sleep(1)
    mosquitto._chosen = True
    mosquitto.start()
    wait_for(lambda: mosquitto.log_text().count("Sending SUBACK to away") == 2, "the second subscription")
    pub = [mosquitto_client("mosquitto_pub"), "-p", str(mosquitto.port), "-t", "news", "-m", "back"]
    subprocess.run(pub, check=True, timeout=30)
    ended(process)
