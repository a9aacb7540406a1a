# The subscriptions of an inbox: what is done with one when it is made, sent, answered, and sent again. Loaded for the
# moment, since that happens seldom; the list itself is the inbox's.
from .codec import packet, string, utf8, wild
from .inbox import Sub
from .port import const

# Events, as in session.py
_HANDLED = const(1)
_SUBSCRIBED = const(4)

# A subscription's state: to be asked for, answered, or the fixed header of the awaited answer; -reason: see v5subs.py
_TODO = const(0)
_DONE = const(1)
_SUBACK = const(0x90)
_UNSUBACK = const(0xB0)


def change(inbox, client, given, qos, handler):  # cold: subscribing allocates
    """Inbox.change: note it."""
    f = given.encode() if isinstance(given, str) else bytes(given)
    bad = utf8(f, 0, len(f)) or not 0 < len(f) < 65536 or b"#" in f[:-1]  # [MQTT-3.8.3-1] [MQTT-4.7.3-3]
    for level in f.split(b"/"):  # [MQTT-4.7.1-2] [MQTT-4.7.1-3]
        bad |= len(level) > 1 and wild(level, 0, len(level))
    if bad:
        client._bad(-44, given)
    inbox.later.append((f, given, qos, handler))


def apply(inbox):  # cold: subscribing allocates
    """Inbox.apply."""
    while inbox.later:
        _apply(inbox, *inbox.later.pop(0))


def _apply(inbox, topic_filter, given, qos, handler):  # cold: subscribing allocates
    for s in inbox.subs:
        if s.filter == topic_filter:
            break
    else:
        s = Sub(topic_filter, given)
        inbox.subs.append(s)
    wish(inbox, s, qos, handler)


def wish(inbox, s, qos, handler):  # cold: subscribing allocates
    """The subscription `s` is to be as told; qos -1: is to be given up."""
    s.qos = qos
    s.handler = handler
    if s.state > _DONE:
        s.again = True
    elif s.state != _TODO:
        s.state = _TODO
        inbox.todo += 1


def ask(inbox, now):  # cold: subscribing allocates
    """Inbox.ask."""
    s = choose(inbox, now)
    body = bytes((s.pid >> 8, s.pid & 255)) + string(s.filter)
    if s.qos < 0:
        return packet(0xA2, body)  # [MQTT-3.10.1-1]
    return packet(0x82, body + bytes((s.qos,)))  # [MQTT-3.8.1-1]


def choose(inbox, now):  # cold: subscribing allocates
    """The next subscription to be asked for, as one that is being asked for."""
    for s in inbox.subs:
        if s.state == _TODO:
            break
    inbox.todo -= 1
    inbox.asked += 1
    inbox.asked_at = now
    s.pid = inbox.session.new_id()
    s.state = _UNSUBACK if s.qos < 0 else _SUBACK
    return s


def answered(inbox):  # cold: subscribing allocates
    """Inbox.answered: an event or a fault."""
    x = inbox.session
    inbox.code = x.rx[x.end - 1] if x.head == _SUBACK else 0  # [MQTT-3.8.4-5]
    return settle(inbox, x, 2 < inbox.code != 128)  # [MQTT-3.9.3-2]


def settle(inbox, x, bad):  # cold: subscribing allocates
    """The answer in the window of the session `x`, with inbox.code, is for one of them; bad: no such code exists."""
    for s in inbox.subs:
        if s.pid == x.pid and s.state == x.head:  # [MQTT-2.3.1-7]
            break
    else:
        return -18
    if bad:
        return -12
    inbox.asked -= 1
    inbox.sub = s
    s.state = _DONE
    if s.again:
        s.again = False
        s.state = _TODO
        inbox.todo += 1
    elif s.qos < 0:
        inbox.subs.remove(s)
    return _SUBSCRIBED if s.qos >= 0 and x.head == _SUBACK else _HANDLED


def resume(inbox, kept):  # cold: connecting allocates
    """Inbox.resume; kept: 0 no, 1 yes, 2 perhaps."""
    inbox.todo = inbox.asked = 0
    if not kept:
        inbox.subs = [s for s in inbox.subs if s.qos >= 0]
    for s in inbox.subs:
        if s.state != _DONE or kept != 1:
            s.state = _TODO
            s.again = False
            inbox.todo += 1
