# MQTT 5: how a connection ends: in which words, with which reason; where to go instead. Loaded for the moment.
# cold file: the end of a connection
from .codec import packet
from .port import const, release

_UP = const(4)  # states of the link
_SHAKE = const(3)
_WAIT = const(1)
_DISCONNECT = const(8)  # where a property may stand

# What a packet of ours that ends the connection says of a fault (4.13.1)
_SAYS = {
    -11: 0x82, -12: 0x81, -13: 0x81, -14: 0x82, -15: 0x81, -16: 0x83, -17: 0x82, -18: 0x82, -19: 0x82, -20: 0x80,
    -22: 0x93, -23: 0x94, -24: 0x82, -26: 0x80,
}  # fmt: skip
_KNOWN = (-19, -23, -24, -25, -26)
_MAY = b"\0\x04\x80\x81\x82\x83\x90\x93\x94\x95\x96\x97\x98\x99"  # what a client may give as its reason (3.14.2.1)
_BANNED = (-256 - 0x86, -256 - 0x87, -256 - 0x8A, -256 - 0x8C)


def fail(five, e):
    """Link._fail, in the words of MQTT 5."""
    c = five.client
    up = c._state == _UP
    code = e if type(e) is int else 0
    if five.fallback and five.session.level == 5 and (five.doubt or c._state == _SHAKE):
        from .v5down import doubted

        release("v5down")
        if doubted(five, code if c._state == _SHAKE else 0):
            return True
    if up and code in _SAYS and five.session.level == 5:
        _say(c, five.session, _SAYS[code])
    moved = code in (-256 - 0x9C, -256 - 0x9D) and five.reference
    if code in _KNOWN or code <= -256:
        from . import v5words

        release("v5words")
        e = v5words.fault(code, up, five.said, five.reference, five.redirect) or e
    found = _found(five, c) if moved and five.redirect else None
    if found and c._once and found[0] not in c._hosts:
        c._once += 1  # connect() tries this one too
    five.failed(e)
    if found:
        _follow(c, found, code == -256 - 0x9D)
    elif code in _BANNED and c._state == _WAIT:
        n = c.backoff_ms[1] // 2  # trying again soon will not help: as link.py does for 3.1.1
        c._enter(_WAIT, n + ((n >> 5) * c.rand(10) >> 5))
    five.reference = ""
    return True


def _say(c, s, reason):
    # One packet of our own before the end, if nothing is half written.
    if not s.tx:
        s.tx_buf = bytes((0xE0, 1, reason))
        s.tx_off = 0
        s.tx_len = 3
        c.transport.write(s)


def _found(five, c):
    # Server reference (4.11): names or addresses, separated by spaces.
    from .config import host

    release("config")
    try:
        return host(five.reference.split(), c._hosts[0][1])
    except ValueError:
        return None


def _follow(c, found, for_good):
    if for_good:
        c._hosts = found
        c._host = 0
    else:
        c._hosts[:0] = [h for h in found if h not in c._hosts]
        c._host = c._hosts.index(found[0])
    if c._tries < 2:  # servers that name each other are asked with pauses
        c._enter(c._state, 0)


def wished(five, will, reason, session_expiry, properties):
    """What disconnect() is to say: (reason, properties), None: nothing special."""
    given = dict(properties) if properties else {}
    for name in given:
        if name not in ("reason_string", "user_property"):
            raise ValueError("properties: %r is not a property that disconnect() takes" % (name,))
    if session_expiry is not None:
        if session_expiry and (five.client._who[5] or not five.session_expiry):
            raise ValueError("session_expiry: a session that ends with its connection cannot be kept (3.14.2.2.2)")
        given["session_expiry_interval"] = session_expiry
    reason = reason or (4 if will else 0)
    if not isinstance(reason, int) or not 0 <= reason < 256 or bytes((reason,)) not in _MAY:
        raise ValueError("reason: %r is not one that a client may give (3.14.2.1)" % (reason,))
    if given:
        _writer(five).measure(given, _DISCONNECT)
    return (reason, given) if reason or given else None


def _writer(five):
    from .properties import Writer

    return Writer(five.session.mover)


def _last(five, reason, given):
    return packet(0xE0, bytes((reason,)) + (_writer(five).encode(given, _DISCONNECT) if given else b""))


def goodbye(five):
    """Link._goodbye, with reason and properties [MQTT-3.14.2-1]."""
    s = five.session
    while s.out.told:
        five.tell(s.out.fate())
    if not five.farewell or s.level == 4:
        return type(five.client)._goodbye(five.client)
    kept = s.ctl
    reason, given = five.farewell
    five.farewell = None
    if given.get("session_expiry_interval") == 0:
        five.known = False  # the session ends here too [MQTT-3.1.2-23]
    last = _last(five, reason, given)
    if len(last) > s.packet_max:  # [MQTT-3.14.2-3] [MQTT-3.14.2-4]
        last = _last(five, reason, {name: given[name] for name in given if name == "session_expiry_interval"})

    def put(first, pid):  # in the place of the two bytes of 3.1.1
        s.ctl = bytearray(bytes(s.ctl[: s.ctl_len]) + last)
        s.ctl_len = len(s.ctl)

    s.put = put
    try:
        type(five.client)._goodbye(five.client)
    finally:
        del s.put
        s.ctl = kept
        s.shed()
