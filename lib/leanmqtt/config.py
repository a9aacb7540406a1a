# What a Client is told at its creation: checked here, with a ValueError that names the fault before
# anything is kept. Nothing here runs once the client works: it is loaded while a Client or a Will is
# made, and a Client lets go of it again.
# cold file: runs before there is a client
from .codec import utf8, wild
from .outbox import Outbox
from .port import Mover
from .session import Session


def field(name, s):
    """`s` (bytes, bytearray, memoryview or str) as bytes, of a length that a length field can say."""
    s = s.encode() if isinstance(s, str) else bytes(memoryview(s))
    if len(s) > 65535:
        raise ValueError("%s has %d bytes, at most 65535 are possible" % (name, len(s)))
    return s


def string(name, s):
    """`s` as bytes that may stand in a packet as a UTF-8 string [MQTT-1.5.3-1]; None remains."""
    if s is not None:
        s = field(name, s)
        if utf8(s, 0, len(s)):
            raise ValueError(name + " must be UTF-8 without NUL")
    return s


def name(name, s):
    """`s` as bytes, if it is a topic name."""
    s = string(name, s)
    if not s or wild(s, 0, len(s)):  # [MQTT-4.7.3-1] [MQTT-3.3.2-2]
        raise ValueError("%s must not be empty nor hold '+' or '#': %r" % (name, s))
    return s


def between(name, n, p, q):
    """`n`, if it is an int in p..q."""
    if not isinstance(n, int) or not p <= n <= q:
        raise ValueError("%s must be an integer from %d to %d, not %r" % (name, p, q, n))
    return n


def session(
    rx_size, outbox_size, inflight, clean, keepalive, ack_timeout_ms, birth, qos2, rand,
    overflow, backoff_ms, outbox=Outbox, kind=Session,
):  # fmt: skip
    """The Session of a Client, of the given classes."""
    between("rx_size", rx_size, 32, 1 << 24)
    between("outbox_size", outbox_size, 32, (1 << 24) - 1)
    between("inflight", inflight, 1, 65535)
    between("keepalive", keepalive, 0, 65535)
    between("ack_timeout_ms", ack_timeout_ms, 0, 3_600_000)
    between("backoff_ms[1]", backoff_ms[1], between("backoff_ms[0]", backoff_ms[0], 1, 1 << 24), 1 << 24)
    if overflow != "oldest" and overflow != "refuse":
        raise ValueError("overflow must be 'oldest' or 'refuse', not %r" % (overflow,))
    if birth and birth.qos > 1:
        raise ValueError("birth: QoS 0 or 1")
    out = outbox(outbox_size, Mover(), birth)
    s = kind(out, rx_size, inflight, clean, keepalive * 1000, ack_timeout_ms, rand(16))
    if qos2:
        from .qos2 import ExactlyOnce

        s.qos2 = ExactlyOnce()
    return s


def connect(client_id, user, password, will, keepalive, clean):
    """What codec.connect wants."""
    client_id = string("client_id", client_id)
    if not client_id and not clean:  # [MQTT-3.1.3-7]
        raise ValueError("client_id must not be empty with clean=False: the session is kept under it")
    user = string("user", user)  # [MQTT-3.1.3-11]
    if password is not None:
        if user is None:  # [MQTT-3.1.2-22]
            raise ValueError("password without user")
        password = field("password", password)
    return client_id, user, password, will, keepalive, clean


def host(host, port):
    """`host` (an entry or a list of them) as a list of (name, port)."""
    found = []
    for h in host if isinstance(host, list) else [host]:
        p = port
        if isinstance(h, tuple):
            h, p = h
        elif h.startswith("["):
            h, _, tail = h[1:].partition("]")
            p = tail[1:] or p
        elif h.count(":") == 1:
            h, p = h.split(":")
        try:
            p = int(p)
        except ValueError:
            p = 0
        if not h or not 0 < p < 65536:
            raise ValueError("host %r: a name or address, with a port from 1 to 65535" % (host,))
        found.append((h, p))
    if not found:
        raise ValueError("host: an empty list")
    return found
