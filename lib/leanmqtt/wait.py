# Client.connect, the convenience that waits: loaded while it does.
from .port import const

_MASK = const(0x3FFFFFFF)
_CALL = const(1)  # a public call is running

# States of the link
_OFF = const(0)
_WAIT = const(1)
_UP = const(4)


def connect(client, timeout_ms):  # cold: connecting allocates
    """Client.connect."""
    if client._lock:
        client._inside()
    client._lock = _CALL
    try:
        if client._state != _UP:
            client._begin(len(client._hosts))
        while client._state != _UP:
            if timeout_ms <= 0:
                client._once = 1
                client._fail(-34 if client._state == _WAIT else -33)
            t = client._now
            if not client._turn():
                if client._state == _OFF:
                    raise client.last_error
                client._sleep(timeout_ms)
            client._tick()
            timeout_ms -= client._now - t & _MASK
    finally:
        client._lock = 0
