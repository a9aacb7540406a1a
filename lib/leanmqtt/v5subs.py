# The subscriptions of MQTT 5, as subs.py: with options, properties and identifiers, shared ones too. Loaded for the
# moment.
from . import subs
from .codec import packet, string, varint, wild
from .inbox import Sub
from .port import const
from .properties import SUBSCRIBE, Writer

_TODO = const(0)  # states, as in subs.py
_DONE = const(1)
_ACK = const(4)  # where a property may stand
_NO_LOCAL = const(4)  # an option (3.8.3.1)
_SHARE = "$share/"


def change(inbox, client, given, qos, handler):  # cold: subscribing allocates
    """Inbox.change: note it, with what `inbox.extra` has."""
    options, properties = inbox.extra
    inbox.extra = 0, None
    text = given if isinstance(given, str) else str(bytes(given), "utf-8")
    shared = text.startswith(_SHARE)
    if shared:
        name, _, rest = text[len(_SHARE) :].partition("/")
        if not name or not rest or "+" in name or "#" in name:  # [MQTT-4.8.2-1] [MQTT-4.8.2-2]
            raise ValueError("filter %r: a shared one is $share/NAME/FILTER, without '+' and '#' in the name" % text)
        if options & _NO_LOCAL:  # [MQTT-3.8.3-4]
            raise ValueError("filter %r: a shared subscription cannot be no_local" % text)
        text = rest
    if properties:
        Writer(inbox.session.mover).measure(properties, SUBSCRIBE)
    subs.change(inbox, client, text, qos, handler)
    f, _, qos, handler = inbox.later.pop()
    full = given.encode() if isinstance(given, str) else bytes(given)
    inbox.later.append((f, given, qos, handler, full, options, properties))


def apply(inbox):  # cold: subscribing allocates
    """Inbox.apply."""
    while inbox.later:
        _apply(inbox, *inbox.later.pop(0))
    screen(inbox)


def _apply(inbox, topic_filter, given, qos, handler, full, options, properties):  # cold: subscribing allocates
    for s in inbox.subs:
        if s.full == full:
            break
    else:
        s = Sub(topic_filter, given)
        s.full = full
        inbox.number += 1
        s.number = inbox.number
        inbox.subs.append(s)
    s.options = options
    s.properties = properties
    subs.wish(inbox, s, qos, handler)


def screen(inbox):  # cold: subscribing allocates
    """What the broker said it would not take is not asked for [3.2.2.3.11 to 13]."""
    x = inbox.session
    if not x.up or x.level == 4:
        return
    for s in inbox.subs:
        reason = 0
        if s.full != s.filter and not x.shared_ok:
            reason = 0x9E
        elif not x.wild_ok and wild(s.filter, 0, len(s.filter)):
            reason = 0xA2
        elif len(_packet(x, s)) > x.packet_max:  # [MQTT-3.2.2-15]
            reason = 0x95
        if reason and s.state == _TODO and s.qos >= 0:
            s.state = _DONE
            inbox.todo -= 1
            inbox.denied.append((s.given, reason))


def ask(inbox, now):  # cold: subscribing allocates
    """Inbox.ask."""
    return _packet(inbox.session, subs.choose(inbox, now))


def _packet(x, s):  # cold: subscribing allocates
    body = bytes((s.pid >> 8, s.pid & 255))
    if x.level == 5:
        body += _field(x, s)
    body += string(s.full)
    if s.qos < 0:
        return packet(0xA2, body)  # [MQTT-3.10.1-1]
    return packet(0x82, body + bytes((s.qos | (s.options if x.level == 5 else 0),)))  # [MQTT-3.8.1-1]


def _field(x, s):  # cold: subscribing allocates
    more = b""
    if s.qos >= 0 and x.ids_ok:
        n = s.number
        more = bytearray(5)
        more[0] = 11
        more = more[: varint(more, 1, n)]
    return Writer(x.mover).encode(s.properties, SUBSCRIBE, more)


def answered(inbox):  # cold: subscribing allocates
    """Inbox.answered: an event or a fault."""
    x = inbox.session
    if x.level == 5:
        n = x.properties(x.at + 2, _ACK)
        if n < 0 or x.at + 2 + n + 1 != x.end:  # one filter, one reason [MQTT-3.11.3-1]
            return n if n < 0 else -12
    inbox.code = x.rx[x.end - 1]
    return subs.settle(inbox, x, 2 < inbox.code < 128)


def resume(inbox, kept):  # cold: connecting allocates
    """Inbox.resume."""
    subs.resume(inbox, kept)
    screen(inbox)
