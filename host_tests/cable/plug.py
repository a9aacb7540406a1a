"""What the tests of the cable use: the real tools, a terminal of bytes, a node's configuration, trees of files."""

import subprocess
import time

import serial
from girouette.external import find

TREE = {"node/app.py": "print('app')\n" * 40, "node/cmd/led.py": "LED = 2\n", "é.py": "# ü\n", "data.bin": "x" * 3000}


def run(tool: str, *args, timeout: float = 60) -> subprocess.CompletedProcess:
    """A real tool, to its end."""
    command = [find(tool), *map(str, args)]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout)


class Tools:
    """mpremote and ampy at a port; each gives what it prints and fails the test when it fails."""

    def __init__(self, port: str):
        self.port = port

    def mpremote(self, *args) -> str:
        return self._good(run("mpremote", "connect", self.port, *args))

    def ampy(self, *args) -> str:
        return self._good(run("ampy", "--port", self.port, *args))

    def _good(self, done) -> str:
        assert done.returncode == 0, f"{done.args}\n{done.stdout}\n{done.stderr}"
        return done.stdout


class Terminal:
    """A program that has the port open."""

    def __init__(self, port: str):
        self._port = serial.Serial(port, timeout=0.05)
        self.seen = b""

    def send(self, data: bytes):
        self._port.write(data)

    def until(self, end: bytes, timeout: float = 20) -> bytes:
        """What comes up to and with `end`."""
        deadline = time.monotonic() + timeout
        while end not in self.seen:
            assert time.monotonic() < deadline, f"no {end!r} in {self.seen!r}"
            self.seen += self._port.read(max(1, self._port.in_waiting))
        at = self.seen.index(end) + len(end)
        got, self.seen = self.seen[:at], self.seen[at:]
        return got

    def close(self):
        self._port.close()


def config(broker, **changes) -> dict:
    return {
        "name": "porch",
        "network": [{"ssid": "home", "password": "sesame"}],
        "broker": {"host": "127.0.0.1", "port": broker.port},
        "sensors": [{"type": "bme280", "scl": 22, "sda": 21}],
        "watchdog": 3,
    } | changes


def running(node) -> bool:
    """It has started after all that was done to it, and there is no marker."""
    node.board.wait_line("broker: connected")
    return not (node.board.firmware / "maintenance").exists() and "watchdog" not in node.board.boots


def files_of(folder) -> dict:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}
