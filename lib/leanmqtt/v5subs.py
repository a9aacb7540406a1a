# The subscriptions of MQTT 5, as subs.py: with options, properties and identifiers, shared ones too. Where the broker
# refused to make one, or to end it, its state is -reason: the next connection asks again. Loaded for the moment.
from . import subs
from .codec import packet, string, varint, wild
from .inbox import Sub
from .port import const
from .properties import SUBSCRIBE, Writer

_TODO = const(0)  # states, as in subs.py
_DONE = const(1)
_UNSUBACK = const(0xB0)
_HANDLED = const(1)  # events; v5.py has the same number of the last
_UNSUBSCRIBED = const(7)
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
    """What the broker said it would not take is not asked for on this connection (3.2.2.3.11 to 3.2.2.3.13)."""
    x = inbox.session
    if not x.up or x.level == 4:
        return
    for s in inbox.subs:
        reason = _unfit(x, s) if s.state == _TODO else 0
        if reason:
            s.state = -reason
            inbox.todo -= 1
            inbox.denied.append((s.given, reason, s.qos < 0))


def _unfit(x, s):  # cold: subscribing allocates
    if s.qos >= 0 and s.full != s.filter and not x.shared_ok:
        return 0x9E
    if s.qos >= 0 and not x.wild_ok and wild(s.filter, 0, len(s.filter)):
        return 0xA2
    return 0x95 if len(_packet(x, s)) > x.packet_max else 0  # [MQTT-3.2.2-15]


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
    if x.level == 4:
        event = subs.answered(inbox)
    else:
        n = x.properties(x.at + 2, _ACK)
        if n < 0 or x.at + 2 + n + 1 != x.end:  # one filter, one reason [MQTT-3.9.3-1] [MQTT-3.11.3-1]
            return n if n < 0 else -12
        inbox.code = x.reason = n = x.rx[x.end - 1]
        good = n in (0, 0x11) if x.head == _UNSUBACK else n < 3  # [MQTT-3.9.3-2] [MQTT-3.11.3-2]
        event = subs.settle(inbox, x, not good and n < 128)
        if event > 0 and n > 127 and inbox.sub.state == _DONE:
            _refused(inbox, inbox.sub, n)
    return _UNSUBSCRIBED if event == _HANDLED and x.head == _UNSUBACK else event


def _refused(inbox, s, reason):  # cold: subscribing allocates
    s.state = -reason
    if s.qos < 0:  # it goes on, and is to be given up all the same
        inbox.subs.append(s)


def resume(inbox, kept):  # cold: connecting allocates
    """Inbox.resume."""
    subs.resume(inbox, kept)
    screen(inbox)
