"""What a trace never shows: passwords, authentication data, and messages that carry a configuration.

A user name stays, for a login that fails is looked for with it; unless it comes without a password: then it is a token
that some brokers take for one.
"""

import re

from .packets import Packet

MASK = "***"
_CONFIG = re.compile(r"/cmd/config$")  # a whole config.json: docs/commands.md
_HOLDS = re.compile(rb'"[^"]*(password|passwd|passphrase|secret|token|psk|seal|api_?key)[^"]*"\s*:', re.IGNORECASE)


def carries(topic: str, payload: bytes) -> bool:
    """Whether a message may hold a secret: by its topic, or because a key of its JSON is called so."""
    return bool(_CONFIG.search(topic) or _HOLDS.search(payload))


def mask(packet: Packet):
    """Take the secrets out of a packet."""
    about = packet.about
    if "password" in about:
        about["password"] = MASK
    elif about.get("user"):
        about["user"] = MASK
    _properties(about)
    if will := about.get("will"):
        _properties(will)
        will["size"] = len(will["payload"])
        if carries(will["topic"], will["payload"]):
            will["payload"] = None
    if packet.payload is not None and carries(packet.topic or "", packet.payload):
        packet.payload = None


def _properties(table: dict):
    properties = table.get("properties")
    if not properties:
        table.pop("properties", None)
    elif "authentication_data" in properties:
        properties["authentication_data"] = MASK
