"""System calls per operation, counted by strace: the difference of a long and a short run, so connecting is not in it.

Unlike rates, they do not vary.
"""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from girouette import debian
from girouette.errors import Failure

from .setting import HEAP, Setting
from .speed import broker
from .table import show, verdict

OPERATIONS = {"publish0": "publish QoS 0", "publish1": "publish QoS 1, acknowledged"}
SHORT, LONG = 16, 48  # umqtt.simple manages about 22 acknowledged publishes a second
_WRITES = ("write", "send", "sendto", "writev", "sendmsg")


def report(setting: Setting):
    """Count and print the table."""
    rows = []
    with broker() as port:
        for operation, title in OPERATIONS.items():
            for subject, name in (("lean", "leanmqtt"), ("simple", "umqtt.simple"), ("bare", "bare socket")):
                count = writes(setting, port, subject, operation)
                rows.append([f"{title}: {name}", count, verdict(count, 1, False) if subject == "lean" else ""])
    show("Writes to the socket per publish", ["operation", "system calls", "target"], rows)


def writes(setting: Setting, port: int, subject: str, operation: str) -> float:
    """System calls that write, per operation."""
    if shutil.which("strace") is None:
        debian.install("strace")
    short, long = (_count(setting, port, subject, operation, n) for n in (SHORT, LONG))
    return sum(long.get(call, 0) - short.get(call, 0) for call in _WRITES) / (LONG - SHORT)


def _count(setting: Setting, port: int, subject: str, operation: str, count: int) -> dict:
    """How often each system call was made while the program ran."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "calls")
        strace = ["strace", "-f", "-c", "-o", out]
        program = [setting.mp.command, "-X", f"heapsize={HEAP}", "-c", "import measure"]
        result = subprocess.run(
            [*strace, *program, subject, operation, "127.0.0.1", str(port), "0", str(count)],
            env=setting.mp.environment(setting.search),
            capture_output=True,
            text=True,
            timeout=120,
        )
        if result.returncode != 0:
            raise Failure(f"system calls could not be counted:\n{result.stderr.strip()}")
        rows = re.findall(r"(?m)^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +(?:\d+ +)?(\w+)$", out.read_text())
        return {name: int(number) for number, name in rows}
