# The opening handshake of a WebSocket (RFC 6455, 4.1): loaded while a connection is made. The answer is read to its
# last byte and not further: what follows is frames. What a fault is called is wswords.py's.
# cold file: connecting allocates
import hashlib
from binascii import b2a_base64

_MOST = 2048  # bytes of an answer
_SEED = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
_END = b"\r\n\r\n"

# Faults; wswords.py has the same numbers
_LOST = 9
_NO_HTTP = 10
_LONG = 11
_STATUS = 12
_NO_UPGRADE = 13
_ACCEPT = 14
_PROTOCOL = 15
_EXTENSION = 16


class Opening:
    """One handshake. `text`: what was answered so far."""

    def __init__(self, ws):
        client = ws._client
        self.ws = ws
        self.text = bytearray()
        name, port = client._hosts[client._host]
        path = ws._paths.get((name, port), ws._paths[None])
        key = _base64(bytes([client.rand(8) for _ in range(16)]))
        self.accept = _base64(hashlib.sha1(key + _SEED).digest())
        ws.tx_buf = request = _request(_host(name, port, ws._usual), path, key, ws._headers)
        ws.tx_off = 0
        ws.tx_len = len(request)
        ws.rx = bytearray(4)

    def goes_on(self):
        """One step: True while there is more to do. Raises OSError, with the fault in `ws`."""
        if self.ws.tx_len and not self.ws._pay():
            if self.ws.tx_len < 0:
                self.fail(_LOST)
            return True
        while not self.text.endswith(_END):
            self.ws.want = self.missing()
            n = self.ws._below.read(self.ws)
            if n is None:
                return True
            if n <= 0:
                self.fail(_LOST)
            self.text.extend(self.ws.rx[:n])
            if not self.text.startswith(b"HTTP/"[: len(self.text)]):
                self.fail(_NO_HTTP)
            if len(self.text) > _MOST:
                self.fail(_LONG)
        self.check()
        return False

    def missing(self):
        """How many bytes are sure to follow."""
        for n in (3, 2, 1):
            if self.text.endswith(_END[:n]):
                return 4 - n
        return 4

    def check(self):
        """Is it a WebSocket for MQTT that was opened?"""
        status, *rest = _ascii(self.text)
        if status.split(" ")[1:2] != ["101"]:
            self.fail(_STATUS)
        found = {}
        for line in rest:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            found[name] = found[name] + "," + value.strip() if name in found else value.strip()
        if found.get("upgrade", "").lower() != "websocket" or not _lists(found.get("connection", ""), "upgrade"):
            self.fail(_NO_UPGRADE)
        if found.get("sec-websocket-accept", "") != self.accept.decode():
            self.fail(_ACCEPT)
        if found.get("sec-websocket-protocol", "") != "mqtt":  # [MQTT-6.0.0-3]
            self.fail(_PROTOCOL)
        if found.get("sec-websocket-extensions"):
            self.fail(_EXTENSION)

    def fail(self, fault):
        self.ws._fault = fault
        raise OSError(5)


def _ascii(text):
    return "".join([chr(c) if c < 127 else "?" for c in text]).split("\r\n")


def _lists(value, word):
    return word in [part.strip() for part in value.lower().split(",")]


def _base64(data):
    return b2a_base64(data)[:-1]


def _host(name, port, usual):
    if ":" in name:
        name = "[%s]" % name
    return name if port == usual else "%s:%d" % (name, port)


def _request(host, path, key, headers):
    return b"".join(
        (
            b"GET %s HTTP/1.1\r\nHost: %s\r\n" % (path.encode(), host.encode()),
            b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ",
            key,
            b"\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n",  # [MQTT-6.0.0-3]
            headers,
            b"\r\n",
        )
    )
