"""What every broker of the tests is: a process on free ports with a folder of its own, ended by its process id."""

import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from support import free_port, wait_for
from support.ended import Ended

from .features import PART_OF

ACCOUNT = ("anna", "right")  # the one account of each broker; whoever names none is let in as well


def _open(port) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Broker(Ended):
    """A broker that can be started. A subclass says `command()`, and what it lacks.

    name: as in the table. package: where it comes from. LACKS: of features.Lack; they hold for VERSION.
    """

    name = package = VERSION = ""
    LACKS: tuple = ()
    FRESH = False  # a new one for each test
    START = 90  # seconds at most
    WEB_PATH = "/mqtt"

    def __init__(self):
        self.port, self.web_port = free_port(), free_port()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{self.name.lower()}-"))
        self.log = self.folder / "log"
        self.log.touch()

    @classmethod
    def lacks(cls) -> set[str]:
        """The features of LACKS, and those that are a part of one of them."""
        direct = {lack.feature for lack in cls.LACKS}
        return direct | {part for part, whole in PART_OF.items() if whole in direct}

    @classmethod
    def version(cls) -> str:
        raise NotImplementedError

    def command(self) -> list:
        """What to start; writes the configuration before."""
        raise NotImplementedError

    def environment(self) -> dict | None:
        return None

    @property
    def web(self) -> str:
        """Its address for MQTT over WebSocket."""
        return f"ws://127.0.0.1:{self.web_port}{self.WEB_PATH}"

    def ready(self) -> bool:
        return _open(self.port) and _open(self.web_port)

    def start(self) -> "Broker":
        """Start it and wait until it takes connections; a port that was taken meanwhile is changed for another."""
        for _ in range(3):
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    list(map(str, self.command())), env=self.environment(), cwd=self.folder,
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                )  # fmt: skip
            wait_for(lambda: self._process.poll() is not None or self.ready(), f"{self.name} to start", self.START, 0.1)
            if self._process.poll() is None:
                return self
            self.choose_ports()
        raise AssertionError(f"{self.name} did not start:\n{self.log_text()[-3000:]}")

    def choose_ports(self):
        self.port, self.web_port = free_port(), free_port()

    def log_text(self) -> str:
        return self.log.read_text(errors="replace")

    def close(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
