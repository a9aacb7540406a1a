"""RabbitMQ 3.10 with its plugins rabbitmq_mqtt and rabbitmq_web_mqtt, Debian's packages, on an Erlang of its own."""

import os
import re
import subprocess

from support import free_port, wait_for
from support.brokers_setup import folder

from . import proofs
from .base import ACCOUNT, Broker
from .features import Lack


def _home():
    return next((folder("rabbitmq") / "usr" / "lib" / "rabbitmq" / "lib").glob("rabbitmq_server-*"))


class RabbitMQ(Broker):
    """One node, named rabbit@localhost in a register of names (epmd) of its own, so that several can run at once."""

    name, package = "RabbitMQ", "Debian, `rabbitmq-server` with `rabbitmq_mqtt` and `rabbitmq_web_mqtt`"
    VERSION = "3.10"
    WEB_PATH = "/ws"  # as it comes
    LACKS = (
        Lack("qos2", "grants QoS 1 at most", proofs.granted_no_qos_2),
        Lack("retained_wildcard", "sends nothing", proofs.nothing_retained_by_wildcard),
        Lack("sys", "silent", proofs.silent_below_sys),
        Lack(
            "websocket_refusal",
            "closes the WebSocket with code 1002 (`unauthenticated`) instead, which the client tells",
            proofs.refused_by_a_close_frame,
        ),
        Lack("mqtt5", "closes the connection without an answer", proofs.closes_at_version_5),
    )

    def __init__(self):
        super().__init__()
        self.epmd_port, self.dist_port = free_port(), free_port()
        self._epmd = None

    @classmethod
    def version(cls) -> str:
        return _home().name.partition("-")[2]

    def choose_ports(self):
        super().choose_ports()
        self._end_epmd()
        self.epmd_port, self.dist_port = free_port(), free_port()

    def environment(self):
        state = str(self.folder)
        return {
            "PATH": f"{folder('rabbitmq') / 'bin'}:{os.environ.get('PATH', '/usr/bin:/bin')}",
            "LANG": "C.UTF-8",
            "HOME": state,  # the cookie is there
            "ERL_EPMD_PORT": str(self.epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_ALLOW_INPUT": "1",  # the process is Erlang itself, not a shell that waits for it
            "RABBITMQ_SERVER_START_ARGS": "-noinput",
            "RABBITMQ_NODENAME": "rabbit@localhost",
            "RABBITMQ_DIST_PORT": str(self.dist_port),
            "RABBITMQ_CONF_ENV_FILE": f"{state}/none",
            "RABBITMQ_CONFIG_FILE": f"{state}/rabbitmq",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{state}/advanced.config",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{state}/plugins",
            "RABBITMQ_MNESIA_BASE": f"{state}/state",
            "RABBITMQ_LOG_BASE": f"{state}/logs",
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_PID_FILE": f"{state}/pid",
        }

    def command(self):
        user, password = ACCOUNT
        lines = (
            "listeners.tcp = none",
            f"mqtt.listeners.tcp.1 = 127.0.0.1:{self.port}",
            "mqtt.allow_anonymous = true",
            f"default_user = {user}",
            f"default_pass = {password}",
            f"mqtt.default_user = {user}",
            f"mqtt.default_pass = {password}",
            "mqtt.prefetch = 100",
            f"web_mqtt.tcp.listener = 127.0.0.1:{self.web_port}",
            "log.console.level = info",
        )
        (self.folder / "rabbitmq.conf").write_text("\n".join(lines) + "\n")
        (self.folder / "plugins").write_text("[rabbitmq_mqtt,rabbitmq_web_mqtt].\n")
        self._start_epmd()
        return [_home() / "sbin" / "rabbitmq-server"]

    def _start_epmd(self):
        """Erlang would start one that goes on for ever."""
        if self._epmd is None:
            (epmd,) = folder("rabbitmq").glob("usr/lib/erlang/erts-*/bin/epmd")
            self._epmd = subprocess.Popen(
                [epmd], env=self.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
            names = [epmd, "-names"]
            wait_for(
                lambda: subprocess.run(names, env=self.environment(), capture_output=True).returncode == 0, "epmd", 30
            )

    def _end_epmd(self):
        if self._epmd is not None:
            self._epmd.kill()
            self._epmd.wait()
            self._epmd = None

    def ready(self):
        return re.search(r"Server startup complete", self.log_text()) and super().ready()

    def start(self):
        self.log.write_text("")  # `ready` reads it
        return super().start()

    def close(self):
        super().close()
        self._end_epmd()
