# What was queued but never sent can still be put right, in place: an optional module that visits such payloads. A
# payload keeps its length and its place. What is changed in it, and why, is the application's. In RAM, what
# was perhaps sent is never visited: when it comes again it is the same. What comes from a journal's file is visited
# each time, so that what a life before the reset changed as it read it, and perhaps sent, is the same too.
from .port import const

_HEAD = const(8)  # of a record in the outbox
_QUEUED = const(1)
_OUT = const(3)  # the session is writing a record of the outbox


def unsent(client, change):  # cold: rarely
    """Call change(buf, start, end) with each payload in the outbox of which no byte was sent; outside of its calls."""
    o = client._out
    p = o.head
    while p < o.tail:
        if o.buf[p + 3] == _QUEUED and not (p == o.next and (o.done or client._session.tx == _OUT)):
            change(o.buf, payload(o, p), o.step(p))
        p = o.step(p)


def later(client, change):  # cold: rarely
    """The same with all that is read from the file of the client's journal, if it has one; None: no more."""
    journal = getattr(client, "journal", None)
    if journal:
        journal.amend = change and (lambda buf, p, end: change(buf, payload(client._out, p), end))


def payload(o, p):
    """Where the payload of the PUBLISH in the record of the outbox at `p` begins."""
    buf = o.buf
    p += _HEAD
    qos = buf[p] & 6
    p += 1
    while buf[p] & 128:
        p += 1
    p += 3 + (buf[p + 1] << 8 | buf[p + 2])
    if qos:
        p += 2
    return p + o.described(p) if hasattr(o, "described") else p
