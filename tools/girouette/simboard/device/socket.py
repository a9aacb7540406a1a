# `socket` with the model of the network in between. The sockets are MicroPython's own, so reading, writing and polling
# cost what they cost on a chip; only `getaddrinfo` differs: the address it returns leads to the host's model, which
# carries the link on, holds it still or cuts it; datagrams likewise.

import usocket
from usocket import *

from _board import ask

IPPROTO_TCP = 6
IPPROTO_UDP = 17
TCP_NODELAY = 1

_SO_SNDBUF = 7  # Linux
_ROOM = 5760  # lwIP's send buffer; with Linux's own, an outage would hide in the kernel instead of the outbox


def socket(af=AF_INET, type=SOCK_STREAM, proto=0):
    s = usocket.socket(af, type, proto)
    s.setsockopt(SOL_SOCKET, _SO_SNDBUF, _ROOM // 2)  # Linux doubles it
    return s


def getaddrinfo(host, port, af=0, type=0, proto=0, flags=0):
    """Raises OSError(-202), as an ESP32 does, for a name nobody knows and while the network is down."""
    return usocket.getaddrinfo("127.0.0.1", ask("resolve", host, port), af, type)
