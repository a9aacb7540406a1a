"""NATS with JetStream, Debian's package: the MQTT of nats-server 2.9."""

import json
import re
import subprocess

from support import free_port
from support.brokers_setup import folder

from . import proofs
from .base import ACCOUNT, Broker
from .features import Lack


def program():
    return folder("nats") / "usr" / "sbin" / "nats-server"


class Nats(Broker):
    """One server."""

    name, package = "NATS", "Debian, `nats-server` with JetStream"
    VERSION = "2.9"
    LACKS = (
        Lack(
            "qos2",
            "grants QoS 1 at most, and closes the connection of who publishes at QoS 2",
            proofs.closes_at_qos_2,
        ),
        Lack("sys", "silent", proofs.silent_below_sys),
        Lack("mqtt5", "refuses it by its code", proofs.refuses_version_5),
    )

    def __init__(self):
        super().__init__()
        self.own_port = free_port()

    @classmethod
    def version(cls) -> str:
        said = subprocess.run([program(), "--version"], capture_output=True, text=True).stdout
        return re.search(r"v(\d\S+)", said)[1]

    def choose_ports(self):
        super().choose_ports()
        self.own_port = free_port()

    def configuration(self) -> dict:
        user, password = ACCOUNT
        return {
            "server_name": "one",
            "listen": f"127.0.0.1:{self.own_port}",
            "jetstream": {"store_dir": str(self.folder / "state"), "max_mem": 64 << 20, "max_file": 1 << 30},
            "mqtt": {"listen": f"127.0.0.1:{self.port}", "no_auth_user": "nobody", "ack_wait": "2s"},
            "websocket": {"listen": f"127.0.0.1:{self.web_port}", "no_tls": True},
            "authorization": {"users": [{"user": user, "password": password}, {"user": "nobody", "password": "x"}]},
        }

    def command(self):
        path = self.folder / "nats.conf"
        path.write_text(json.dumps(self.configuration(), indent=1))
        return [program(), "-c", path]
