"""docs/brokers.md: its program finds a broker that is there behind one that is not."""

import os
import re
import subprocess
import sys

from girouette.paths import LIB, ROOT
from support import free_port

from .scene import Watcher


def test_the_program_of_the_page_works_as_it_stands(mosquitto):
    program = re.search(r"```python\n(.*?)```", (ROOT / "docs" / "brokers.md").read_text(), re.DOTALL)[1]
    hosts = {"one.local:1883": free_port(), "two.local:1883": mosquitto.port, "three.local:1883": free_port()}
    for name, port in hosts.items():
        assert name in program
        program = program.replace(name, f"127.0.0.1:{port}")
    watch = Watcher(mosquitto.port, "ha/#")
    try:
        env = {**os.environ, "PYTHONPATH": str(LIB)}
        done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
        assert [m[:2] for m in watch.wait(1)] == [("ha/temperature", "21.5")]
    finally:
        watch.close()
