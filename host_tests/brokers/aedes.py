"""aedes, from npm, run by Node.js."""

import json
from pathlib import Path

from support import nodejs
from support.brokers_setup import AEDES_NODE, folder

from . import proofs
from .base import ACCOUNT, Broker
from .features import Lack


class Aedes(Broker):
    """Started by programs/aedes_broker.mjs; aedes/ lists what is fetched."""

    name, package = "aedes", "npm"
    VERSION = "1.2"
    LACKS = (
        Lack(
            "qos2_cut",
            "keeps no session for who has no subscription, and so delivers twice what is sent again",
            proofs.no_session_without_a_subscription,
        ),
        Lack(
            "lower_qos",
            "delivers QoS 2 where QoS 1 was subscribed by wildcard",
            proofs.at_the_published_qos_by_wildcard,
        ),
        Lack("dup", "sends again without the mark", proofs.sent_again_without_dup),
        Lack("overlapping", "once, at the lower QoS", proofs.overlapping_at_the_lower_qos),
        Lack("kept_on_disk", "in memory only, as it comes", proofs.forgets_at_a_restart),
        Lack("mqtt5", "refuses it by its code", proofs.refuses_version_5),
    )

    @classmethod
    def version(cls) -> str:
        package = folder("aedes") / "node_modules" / "aedes" / "package.json"
        return json.loads(package.read_text())["version"]

    def command(self):
        modules = folder("aedes") / "node_modules"
        program = Path(__file__).parent / "programs" / "aedes_broker.mjs"
        files = modules / "aedes" / "aedes.js", modules / "ws" / "wrapper.mjs"
        return [nodejs.nodejs(AEDES_NODE).node, program, *files, self.port, self.web_port, *ACCOUNT]
