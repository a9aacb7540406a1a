"""`broker.headers`: what the opening handshake of a WebSocket says besides. Loaded while the client is made."""

from leanmqtt.websocket import WebSocket


def socket(account):
    """The client's transport; account: the table `broker`. Raises ValueError, which repeats no header's text."""
    if "://" not in str(account["host"]):
        raise ValueError("headers: ws:// or wss:// in host is wanted")
    return WebSocket(account["headers"])
