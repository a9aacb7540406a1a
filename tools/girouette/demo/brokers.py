"""The demo's broker: mosquitto on a free port, amqtt where there is no mosquitto, or one of the user's own."""

import random
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from girouette import mosquitto, toolchain
from girouette.errors import Failure, ToolMissing

from .account import Account

KINDS = ("auto", "mosquitto", "amqtt")
_HOST = "127.0.0.1"
_PATIENCE = 20  # seconds for a broker to start; Python on a slow machine needs some of them
# Below the range from which the system gives ports to outgoing connections: a station that keeps calling a broker that
# is down would sooner or later be given the very port it calls, and so connect to itself.
_PORTS = range(10_000, 32_000)
_TRIES = 3  # somebody may be quicker to take a port that was free
_USER = "homeassistant"  # of examples/broker/acl, who may read all


class LocalBroker:
    """A broker process of ours; `restart` is one of the demo's faults."""

    def __init__(self, name: str, command: Callable[[int], list], folder: Path, account: Account | None = None):
        self.name = name
        self._command = command
        self._log = folder / "broker.log"
        self._process: subprocess.Popen | None = None
        self.account = account or Account(_HOST, 0)

    def start(self):
        """Start it on a free port, the same one once it has one."""
        for _ in range(_TRIES):
            port = self.account.port or _free_port()
            if self._accepts(port):
                self.account = replace(self.account, port=port)
                return
        raise Failure(f"{self.name} does not start. It said:\n{self._log.read_text(errors='replace').strip()[-1000:]}")

    def _accepts(self, port: int) -> bool:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command(port),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is the demo's, not the broker's
            )
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            if _listens(port):
                return True
            time.sleep(0.02)
        self.stop()
        return False

    def stop(self):
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    @property
    def running(self) -> bool:
        return self._process is not None


class OwnBroker:
    """A broker of the user's, which is not ours to start or stop."""

    name = "your broker"
    running = True

    def __init__(self, account: Account):
        self.account = account


@contextmanager
def broker(kind: str, own: Account | None, folder: Path) -> Iterator[LocalBroker | OwnBroker]:
    """A running broker, gone afterwards if it is ours. Raises Failure in words."""
    if own:
        yield OwnBroker(own)
        return
    local = _choose(kind, folder)
    try:
        local.start()
        yield local
    finally:
        local.stop()


def _choose(kind: str, folder: Path) -> LocalBroker:
    if kind != "amqtt":
        try:
            return _mosquitto(toolchain.mosquitto(), folder)
        except ToolMissing:
            if kind == "mosquitto":
                raise
    return LocalBroker("amqtt", lambda port: [sys.executable, "-m", "girouette.demo.amqtt_broker", str(port)], folder)


def _mosquitto(program: str, folder: Path) -> LocalBroker:
    """The one of docs/broker.md, on this machine only."""
    account = Account(_HOST, 0, _USER, secrets.token_urlsafe(12))

    def command(port: int) -> list:
        return [program, "-c", mosquitto.prepared(folder, f"{port} {_HOST}", {account.user: account.password})]

    return LocalBroker("mosquitto", command, folder, account)


def _free_port() -> int:
    while True:
        port = random.SystemRandom().choice(_PORTS)
        with socket.socket() as probe:
            try:
                probe.bind((_HOST, port))
                return port
            except OSError:
                continue


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((_HOST, port)) == 0
