"""amqtt, from PyPI, in a Python of its own."""

import sys
from importlib.metadata import version
from pathlib import Path

from .base import ACCOUNT, Broker


class Amqtt(Broker):
    """Started by programs/amqtt_broker.py."""

    name, package = "amqtt", "PyPI"

    @classmethod
    def version(cls) -> str:
        return version("amqtt")

    def command(self):
        return [sys.executable, Path(__file__).parent / "programs" / "amqtt_broker.py", self.port, *ACCOUNT]
