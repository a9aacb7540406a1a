"""Return codes and reason codes in words: MQTT 5's from paho, MQTT 3.1.1's from the standard."""

from paho.mqtt import packettypes
from paho.mqtt.reasoncodes import ReasonCode

_CONNACK = (  # MQTT 3.1.1, section 3.2.2.3
    "accepted",
    "refused: the broker does not speak this version of MQTT",
    "refused: the client id is not allowed",
    "refused: the broker is unavailable",
    "refused: bad user name or password",
    "refused: not authorized",
)
_SUBACK = {0: "granted QoS 0", 1: "granted QoS 1", 2: "granted QoS 2", 128: "refused"}


def of(kind: str, code: int, version: int) -> dict:
    """{"code", "words", "refused"}; of `kind`, a packet's name."""
    refused = code > 0 if kind == "CONNACK" and version != 5 else code > 127
    return {"code": code, "words": _words(kind, code, version), "refused": refused}


def _words(kind: str, code: int, version: int) -> str:
    if version == 5:
        applies = ReasonCode.names.get(code, {})
        number = getattr(packettypes.PacketTypes, kind)
        for words, kinds in applies.items():
            if number in kinds:
                return words[0].lower() + words[1:]
    elif kind == "CONNACK" and code < len(_CONNACK):
        return _CONNACK[code]
    elif kind == "SUBACK" and code in _SUBACK:
        return _SUBACK[code]
    return f"unknown code {code:#04x}"
