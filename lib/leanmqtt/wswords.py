# The words of a WebSocket that was not opened, or that ended: loaded while one is told. Of a broker's own words only
# so much that a log bears it; of what a user chose to send, nothing.
# cold file: the end of a connection
from . import MQTTError

_LOST = 9
_STATUS = 12
_PROTOCOL = 15
_TLS_SHAKES = 3  # a state of the link: for CONNACK

_NO_ANSWER = "no answer to the opening handshake in time: does a WebSocket listen there?"
_TEXTS = {  # the numbers are those of websocket.py and wsopen.py
    2: "protocol error: the broker's frames are masked, only a client's may be",
    3: "protocol error: a frame with reserved bits set, for an extension that was not asked for",
    4: "protocol error: a text frame, MQTT goes in binary ones: does an MQTT broker listen there?",
    5: "protocol error: a frame of an unknown kind",
    6: "protocol error: a ping, pong or close frame in pieces or of more than 125 bytes",
    7: "protocol error: the frames of two messages between one another, or a continuation of none",
    8: "a frame of 1 GiB or more, or one with an impossible length",
    9: "closed in the opening handshake: does this port speak WebSocket? 1883 and 8883 mostly do not, and TLS is wss://",
    10: "what answers there is no web server: brokers speak WebSocket on a port of its own",
    11: "the answer to the opening handshake has more than 2048 bytes",
    13: "the answer opens no WebSocket (its Upgrade and Connection are missing): is there a proxy that does not let it"
    " through?",
    14: "the answer is not to this request (Sec-WebSocket-Accept is wrong): is there a cache or proxy in between?",
    16: "the broker uses an extension of WebSocket that was not asked for",
}
_CODES = {  # RFC 6455, 7.4.1, and IANA's list of them
    0: "it did not say why",
    1000: "as agreed",
    1001: "it is going down",
    1002: "it saw a protocol error",
    1003: "it does not take such data",
    1007: "it saw data that was not as announced",
    1008: "it does not allow this",
    1009: "the message was too large",
    1010: "it misses an extension",
    1011: "it met an error of its own",
    1012: "it restarts",
    1013: "it is overloaded, try again later",
}
_STATUSES = {
    "400": "does this path speak WebSocket?",
    "401": "who asks must say who it is, by a header",
    "403": "not allowed: look at the headers, and at the server's rules",
    "404": "the path is not known there: many brokers have /mqtt",
    "426": "it wants another version",
    "429": "too many requests",
    "502": "the proxy does not reach the broker",
    "503": "not available now",
}


def fault(ws, e):
    """MQTTError of the fault of `ws`; or what the layer below has to make words of. e: the code of the link."""
    known = ws._fault
    if ws._step and (known == _LOST or known is None) and getattr(ws._below, "_cold", False):
        # The handshake of TLS goes on in these reads and writes, and its words are for the time that CONNACK takes.
        if known or e == -31 and not ws._below._sent:
            ws._client._state = _TLS_SHAKES
            return -30 if known else -32
    if known is None:
        return MQTTError("WebSocket: " + _NO_ANSWER) if e == -31 else e
    return MQTTError("WebSocket: " + _words(ws, known))


def _words(ws, known):
    if known == 1:
        return "closed by the broker: " + _closed(ws)
    if known == _STATUS:
        return _status(_lines(ws._step.text))
    if known == _PROTOCOL:
        return _protocol(_lines(ws._step.text))
    return _TEXTS[known]


def _closed(ws):
    code = ws._ctl[0] << 8 | ws._ctl[1] if ws._got > 1 else 0
    said = _plain(ws._ctl[2 : ws._got])
    return "%s (code %d%s)" % (_CODES.get(code, "for a reason of its own"), code, said and ": " + said)


def _status(lines):
    status = lines[0].split(" ", 1)[1] if " " in lines[0] else lines[0]
    code = status[:3]
    if code[:1] == "3":
        return "the server sends to another place (HTTP %s)%s" % (status, _location(lines))
    hint = _STATUSES.get(code, "")
    return "the server refused to open one: HTTP " + status[:80] + (hint and ": " + hint)


def _location(lines):
    where = _header(lines, "location").split("?")[0].split("#")[0]
    if "@" in where:
        where = ""
    return where and ": take what it says as host: " + where[:100]


def _protocol(lines):
    said = _header(lines, "sec-websocket-protocol")
    if not said:
        return "the broker did not agree to the subprotocol mqtt: does an MQTT broker listen at this path?"
    return "the broker chose the subprotocol %s, not mqtt" % said[:40]


def _header(lines, wanted):
    for line in lines:
        name, _, value = line.partition(":")
        if name.strip().lower() == wanted:
            return value.strip()
    return ""


def _lines(text):
    return [_plain(line) for line in bytes(text).split(b"\r\n")]


def _plain(text):
    return "".join([chr(c) if 31 < c < 127 else "?" for c in text])
