"""A mosquitto of the test's own: a free port, a folder that vanishes, killed by its process id."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from girouette import toolchain

from . import free_port, wait_for
from .ended import Ended


class Mosquitto(Ended):
    """A mosquitto broker.

    host: the address it listens on. port: None takes a free one. accounts: {user: password}, or None for anonymous.
    persistence_dir: where the broker keeps its state across a restart; without one a restart forgets everything.
    extra: more lines of configuration.
    packet_log: whether the log names every packet, which costs speed.
    """

    def __init__(
        self, port=None, accounts=None, persistence_dir=None, extra="", packet_log=True, host="127.0.0.1"
    ):  # fmt: skip
        self.host = host
        self._chosen = port is not None
        self.port = port if self._chosen else free_port()
        self.accounts = accounts
        self.persistence_dir = persistence_dir
        self.extra = extra
        self.packet_log = packet_log
        self._folder = Path(tempfile.mkdtemp(prefix="mosquitto-"))
        self._log = self._folder / "log"
        self._log.touch()

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self) -> "Mosquitto":
        """Start the broker and wait until it accepts connections."""
        for _ in range(5):
            said = self._launch()
            if self._process.poll() is None:
                return self
            if self._chosen or "in use" not in said:
                break
            self.port = free_port()  # somebody was quicker
        raise AssertionError(f"mosquitto did not start:\n{self.log_text()}")

    def _launch(self) -> str:
        """Start the process and wait until it runs or has ended; what it said."""
        offset = self._log.stat().st_size
        config = self._folder / "mosquitto.conf"
        config.write_text("\n".join(self._config()) + "\n")
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [toolchain.mosquitto(), "-c", config], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        wait_for(lambda: self._process.poll() is not None or self._running(offset), "mosquitto to start")
        return self._text(offset)

    def _config(self):
        if os.geteuid() == 0:
            yield "user root"  # else it becomes `mosquitto`, who may not read this folder
        yield f"listener {self.port} {self.host}"
        yield f"allow_anonymous {'false' if self.accounts else 'true'}"
        if self.accounts:
            yield f"password_file {self._password_file()}"
        if self.persistence_dir:
            yield "persistence true"
            yield f"persistence_location {Path(self.persistence_dir)}/"
        for kind in ("all",) if self.packet_log else ("error", "warning", "notice", "information"):
            yield f"log_type {kind}"
        yield self.extra

    def _password_file(self) -> Path:
        path = self._folder / "passwords"
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        for user, password in self.accounts.items():
            command = [toolchain.mosquitto_client("mosquitto_passwd"), "-b", path, user, password]
            subprocess.run(command, check=True, capture_output=True)
        return path

    def _running(self, offset: int) -> bool:
        # Its own word first: another process could be the one that accepts.
        if " running" not in self._text(offset):
            return False
        with socket.socket() as probe:
            return probe.connect_ex((self.host, self.port)) == 0

    def _text(self, offset: int = 0) -> str:
        return self._log.read_bytes()[offset:].decode(errors="replace")

    def log_text(self) -> str:
        """Everything the broker has logged, across restarts."""
        return self._text()

    def restart(self):
        """Stop it and start it again on the same port."""
        self.stop()
        self._chosen = True
        self.start()

    def close(self):
        """Stop it and remove its folder."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
