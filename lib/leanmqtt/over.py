# What a Client's connection goes over, where that is not TCP alone: TLS (`tls`), WebSocket (ws:// or wss:// in `host`).
# Loaded while such a Client is made.
# cold file: runs before there is a client
from . import config
from .port import release


def over(client, host, port, tls, transport):
    """(list of (name, port), transport) of a Client. Raises ValueError."""
    release("over")
    if "/" in str(host):
        from .wsmake import made

        found = made(client, host, port, tls, transport)
        release("wsmake")
        return found
    from .tls import Tls

    return config.host(host, port or 8883), Tls(client, tls)
