"""Makes the MQTT client of config.json, with the node's presence as its birth and will. Forgotten once it is made."""

from leanmqtt import Client, Will

from . import lazy, topics
from .parts import Unfit

# What it says when it connects, when it is lost, when it says goodbye.
_WORDS = (b"online", b"offline", b"offline")
_HOMIE = (b"init", b"lost", b"disconnected")  # `ready` follows the description: homie.py
_HOMIE_SLEEPS = (b"ready", b"lost", b"sleeping")
_RX = 128  # for commands to the node: what is larger comes in pieces
_RX_THINGS = 256  # a light's are longer
_SEAL = 48  # what a seal adds to each


def make(settings, network, voice, connected):
    """(client, topic of the presence or None, the goodbye, topic of the log). Raises Unfit."""
    words = _words(settings)
    presence = topics.of_status(settings).encode() if words else None
    try:
        client = _client(settings, network, voice, connected, presence, words)
    except ValueError as fault:
        raise Unfit("broker: %s" % fault)
    # The other keys have had their use, and take no memory from here on.
    account = settings["broker"]
    expiry = None if account["version"] == 4 else account["expiry"]
    settings["broker"] = {"outbox": account["outbox"], "tls": bool(account["tls"]), "expiry": expiry}
    return client, presence, words and words[2], topics.of_log(settings).encode()


def _client(settings, network, voice, connected, presence, words):
    account = settings["broker"]
    qos2 = any(sensor["qos"] == 2 for sensor in settings["sensors"])
    more = {} if account["version"] == 4 else lazy.once("five", "options", account, qos2, voice)
    if account["headers"]:
        more["transport"] = lazy.once("headers", "socket", account)
    return _kind(settings, voice)(
        account["client_id"] or "%s-%s" % (settings["name"], network.digits()),
        account["host"],
        account["port"] or 0,
        user=account["user"],
        password=account["password"],
        keepalive=account["keepalive"],
        clean=not (account["persistent"] or settings["sleep"] or settings["store"]),
        qos2=qos2,
        will=Will(presence, words[1], 1, True) if presence else None,
        birth=Will(presence, words[0], 1, True) if presence else None,
        outbox_size=account["outbox"],
        rx_size=(_RX_THINGS if settings["actuators"] else _RX) + (_SEAL if settings["seal"] else 0),
        tls=_tls(account["tls"], voice),
        ready=network.up,
        on_connect=connected,
        **more,
    )


def _tls(found, voice):
    # Of what TLS does not verify, each connection tells anew: a trouble that `connected` ends.
    if not found:
        return None
    found = {key: found[key] for key in found if found[key] is not None}
    found["log"] = voice.trouble
    return found


def _words(settings):
    if settings["discovery"] == "homie":
        return _HOMIE_SLEEPS if settings["sleep"] else _HOMIE
    return None if settings["sleep"] else _WORDS


def _kind(settings, voice):
    # Makes the client. A node that sleeps has a pocket of its own for what waits (sleeper.py); one in safe mode does
    # without whatever may have made it fail.
    if not settings["store"] or settings["sleep"] or settings.get("safe"):
        return Client
    from .store import Keeper

    return Keeper(settings, voice)
