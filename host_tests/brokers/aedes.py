"""aedes, from npm, run by Node.js."""

import json
from pathlib import Path

from support import nodejs
from support.brokers_setup import AEDES_NODE, folder

from .base import ACCOUNT, Broker


class Aedes(Broker):
    """Started by programs/aedes_broker.mjs; aedes/ lists what is fetched."""

    name, package = "aedes", "npm"

    @classmethod
    def version(cls) -> str:
        package = folder("aedes") / "node_modules" / "aedes" / "package.json"
        return json.loads(package.read_text())["version"]

    def command(self):
        where = folder("aedes") / "node_modules" / "aedes" / "aedes.js"
        return [nodejs.nodejs(AEDES_NODE).node, Path(__file__).parent / "programs" / "aedes_broker.mjs", where, self.port, *ACCOUNT]
