"""`broker.version` 5: what the client is told beside the rest. Loaded while it is made."""

import gc

from leanmqtt.port import release

from . import Unfit

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
        "on_delivered": refusals(voice),
    }


def refusals(voice):
    """An on_delivered that logs what the broker refuses, each reason once: it would be the same with each reading."""
    told = []

    def delivered(pid, reason):
        if reason > 127 and reason not in told:
            told.append(reason)
            _say(voice, reason)

    return delivered


def _say(voice, reason):
    from leanmqtt import v5words

    voice.trouble("refuses some of what this node publishes: %s" % v5words.reason(reason))
    release("v5words")
