# The plain words of every fault, loaded while one has to be told. No logic but the look-up.
from . import MQTTError

_REFUSED = "the broker refused "
_TEXTS = {
    -1: _REFUSED + "MQTT 3.1.1 (code 1): it speaks another version of the protocol, ask for version 5 or update it",
    -2: _REFUSED + "the client id (code 2): check its length and characters, or whether the broker allows clean=True",
    -3: _REFUSED + "service (code 3): it is starting or overloaded, trying again later may help",
    -4: _REFUSED + "the user name or password (code 4): check `user` and `password`, and the broker's accounts",
    -5: _REFUSED + "this client (code 5, not authorised): check user, password, client id and the broker's rules",
    -10: "protocol error: the broker's first packet is not a CONNACK of 4 bytes: does an MQTT broker listen there?",
    -11: "protocol error: an impossible CONNACK (a session after clean=True, or an unknown code)",
    -12: "malformed packet from the broker: wrong length or value",
    -13: "malformed PUBLISH from the broker: QoS 3, or DUP at QoS 0",
    -14: "malformed packet from the broker: packet id 0",
    -15: "malformed PUBLISH from the broker: topic with bad UTF-8, NUL or a wildcard",
    -16: "the broker sent a QoS 2 message: create the Client with qos2=True",
    -17: "protocol error: a packet that no client must receive, or with wrong flags or length",
    -18: "protocol error: the broker acknowledged a packet that is not pending",
    -20: "no acknowledgement in ack_timeout_ms: the link is closed, the packet goes again on the next",
    -21: "keep-alive: the broker does not answer, the link is dead",
    -22: "more than 64 QoS 2 messages wait for their release: limit the broker's in-flight messages",
    -30: "the connection was lost: closed by the broker or the network",
    -31: "no TCP connection in time: check address, port and firewall",
    -32: "no CONNACK in time: does an MQTT broker listen there?",
    -33: "no connection in time",
    -34: "the network is not ready",
}
_CALLS = {
    -40: "properties need version=5",
    -41: "qos must be 0 or 1, or 2 with Client(..., qos2=True)",
    -42: "topic must be 1 to 65535 bytes of UTF-8 without '+', '#' and NUL",
    -43: "the packet of %d bytes can never fit in an outbox of %d: make outbox_size larger",
    -44: "filter %r must have 1 to 65535 bytes of UTF-8, with '+' and '#' alone in their levels and '#' last",
}
_ERRNO = {
    -2: "the name is not known: check its spelling and the DNS server",
    111: "refused: is the broker running, on this port?",
    113: "no route to it: check address and network",
    101: "the network is unreachable",
    110: "timed out: check address and firewall",
    104: "reset by the other side",
    24: "no socket left",
    23: "no socket left",
    12: "out of memory for a socket",
}
_ERRNO[-3] = _ERRNO[-5] = _ERRNO[-202] = _ERRNO[202] = _ERRNO[-2]
_ERRNO[118] = _ERRNO[113]
_ERRNO[116] = _ERRNO[110]


def fault(code, detail):
    """The exception for a fault code, or for an OSError.

    detail: (name, port) where no connection was made, None on a connection; of a bad call, what its text wants.
    On a connection an exception is that of a stream's source.
    """
    if isinstance(code, MQTTError):
        words = code
    elif not isinstance(code, int) and not detail:
        words = "the source of a stream failed in the middle of its packet, and the link was closed: %r" % code
    elif isinstance(code, OSError):
        n = code.errno if hasattr(code, "errno") else code.args[0] if code.args else None
        words = "cannot connect: %s (errno %s)" % (_ERRNO.get(n, code), n)
    elif code in _CALLS:
        return ValueError(_CALLS[code] % detail)
    else:
        words = _TEXTS[code]
    return MQTTError("%s:%d: %s" % (detail[0], detail[1], words) if detail else words)
