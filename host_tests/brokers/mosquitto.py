"""mosquitto, from Debian or as found. It lacks nothing of the list."""

import re
import subprocess

from girouette import toolchain
from support.broker import Mosquitto as Program

from . import proofs
from .base import ACCOUNT, Broker
from .features import Lack


class Mosquitto(Broker):
    """support.broker's, with the account."""

    name, package = "mosquitto", "Debian"
    VERSION = "2.0"
    LACKS = (
        Lack(
            "qos2_many",
            "acknowledges all and loses what is above `max_inflight_messages` (20): `inflight` at most 20 "
            "(8 without a word)",
            proofs.lost_above_twenty_of_qos_2,
        ),
    )

    def __init__(self):
        super().__init__()
        self.state = self.folder / "state"
        self.state.mkdir()
        self.passwords = self.folder / "passwords"
        self.passwords.touch(mode=0o600)
        subprocess.run(
            [toolchain.mosquitto_client("mosquitto_passwd"), "-b", self.passwords, *ACCOUNT],
            check=True, capture_output=True,
        )  # fmt: skip
        web = f"listener {self.web_port} 127.0.0.1\nprotocol websockets"
        extra = f"password_file {self.passwords}\nsys_interval 1\n{web}"
        self.program = Program(persistence_dir=self.state, extra=extra, packet_log=False)

    @classmethod
    def version(cls) -> str:
        said = subprocess.run([toolchain.mosquitto(), "-h"], capture_output=True, text=True).stdout
        return re.search(r"version (\S+)", said)[1]

    def start(self):
        self.program.start()
        self.port = self.program.port
        self.program._chosen = True  # a restart is on the same port
        return self

    def log_text(self):
        return self.program.log_text()

    def stop(self):
        self.program.stop()

    def kill(self):
        self.program.kill()

    def close(self):
        self.program.close()
        super().close()
