# The reason codes of MQTT 5 in plain words (2.4), what a message may end with besides, and the faults that only its
# packets have. Loaded while one is told.
from . import MQTTError

_REASONS = {
    -2: "expired before it could be sent",
    -1: "dropped: the outbox was full",
    0x00: "success",
    0x01: "granted, with QoS 1",
    0x02: "granted, with QoS 2",
    0x04: "disconnected, and the will is to be sent",
    0x10: "accepted, but nobody has subscribed to it",
    0x11: "there was no such subscription",
    0x18: "the authentication goes on",
    0x19: "the authentication begins anew",
    0x80: "unspecified error",
    0x81: "malformed packet",
    0x82: "protocol error",
    0x83: "an error of the broker's own: see its log",
    0x84: "it does not speak MQTT 5: version=4, or (5, 4) to let the client choose",
    0x85: "the client id is not valid: check its length and characters",
    0x86: "bad user name or password: check `user` and `password`, and the broker's accounts",
    0x87: "not authorised: check the account and the broker's rules",
    0x88: "the server is unavailable: trying again later may help",
    0x89: "the server is busy: trying again later may help",
    0x8A: "this client is banned: ask who runs the broker",
    0x8B: "the server is shutting down",
    0x8C: "bad authentication method",
    0x8D: "keep-alive timeout: the broker heard nothing in time",
    0x8E: "session taken over: another connection has this client id",
    0x8F: "the topic filter is not valid there",
    0x90: "the topic name is not accepted",
    0x91: "the packet id is in use",
    0x92: "the packet id is not known",
    0x93: "receive maximum exceeded",
    0x94: "the topic alias is not valid",
    0x95: "the packet is too large for it",
    0x96: "messages come too fast for it",
    0x97: "a quota is exceeded",
    0x98: "administrative action",
    0x99: "the payload is not what its format says",
    0x9A: "retained messages are not supported",
    0x9B: "this QoS is not supported",
    0x9C: "use another server",
    0x9D: "the server has moved",
    0x9E: "shared subscriptions are not supported",
    0x9F: "connections come too fast",
    0xA0: "maximum connect time: the broker allows no longer connection",
    0xA1: "subscription identifiers are not supported",
    0xA2: "wildcard subscriptions are not supported",
}
_FAULTS = {
    -19: "protocol error: a property that must not stand in this packet, twice, or of an impossible value",
    -23: "protocol error: a message with a topic alias that was never given, or beyond the agreed number",
    -24: "protocol error: AUTH without enhanced authentication: give `auth`",
    -25: "the broker keeps a session that this client knows nothing of: it begins anew",
    -26: "the application refused the authentication of the broker",
}


def reason(code):
    """The words of a reason code."""
    words = _REASONS.get(code, "an unknown reason")
    return words if code < 0 else "%s (0x%02x)" % (words, code)


def fault(code, up, text, server, followed):
    """The exception for a fault code, or None if it is not one of MQTT 5. -256 - reason: the broker's own words."""
    if code > -256:
        words = _FAULTS.get(code)
        return words and MQTTError(words)
    code = -256 - code
    words = "the broker ended the connection: " if up else "the broker refused the connection: "
    if up and code in (0, 4):
        words += "without giving a reason"
    else:
        words += reason(code)
    if text:
        words += "; it says: %s" % text
    if server:
        words += "; it names %s%s" % (server, "" if followed else ", which redirect=True would follow")
    return MQTTError(words)
