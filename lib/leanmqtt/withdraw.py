# What waits in the outbox and must not come late can be taken back, by its topic: an optional module. Called within
# on_connect, what it finds is of an earlier connection. Messages of QoS 2 stay: the exchange may have begun. In a
# journal's file it looks for nothing, nor for what is there too: who needs this publishes at QoS 0, never written.
from .port import const

_HEAD = const(8)  # of a record in the outbox
_OUT = const(3)  # the session is writing a record of the outbox


def topic(client, name):  # cold: rarely
    """Drop every message of QoS 0 or 1 on the topic `name` (bytes) of which this connection has written no byte.

    Their packet ids come to on_delivered as -1; `dropped` does not count them. Returns how many there were.
    """
    o = client._out
    n = 0
    p = o.head
    while p < o.tail:
        after = o.step(p)
        busy = p == o.next and (o.done or client._session.tx == _OUT)
        if 0 < o.buf[p + 3] < 3 and not busy and not _filed(o, p) and _is(o, p, name):
            if o._report(p):
                o.free(p)
                n += 1
        p = after
    return n


def _filed(o, p):
    # Whether a journal's file has the record at `p` as one to be sent, which it could not lose alone.
    return hasattr(o, "gap") and o.gap <= p < o.wr


def _is(o, p, name):
    # Whether the record at `p` is of that topic.
    p += _HEAD
    if o.buf[p] & 4:
        return False
    p += 1
    while o.buf[p] & 0x80:
        p += 1
    return (o.buf[p + 1] << 8 | o.buf[p + 2]) == len(name) and o.buf[p + 3 : p + 3 + len(name)] == name
