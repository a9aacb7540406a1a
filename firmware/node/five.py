"""`broker.version` 5: what the client is told beside the rest. Loaded while it is made."""

import gc

from . import Unfit, lazy

# One after the other, since an import inside an import takes C stack; what needs another one after it.
_MODULES = ("v5session", "properties", "v5outbox", "v5", "v5config")


def options(account, qos2, voice):
    """Those of leanmqtt's Client for MQTT 5; account: the table `broker`; voice: of it. Raises Unfit."""
    for name in _MODULES:
        try:
            __import__("leanmqtt." + name)
        except ImportError:
            raise Unfit("broker.version: there is no MQTT 5 in this firmware: girouette deploy brings it")
        gc.collect()
    version = account["version"]
    return {
        "version": version if version == 5 else tuple(version),
        "session_expiry": account["session_expiry"],
        # A session is one of this node, whatever life of it made it: what it asks for it always asks for, and of
        # QoS 1 nothing can go wrong. Of QoS 2 only a journal knows which packet ids are taken.
        "resume": not qos2,
        "topic_aliases": 0,  # they would take 3 KB
        "on_delivered": lazy.once("refused", "Refused", voice).told,
    }
