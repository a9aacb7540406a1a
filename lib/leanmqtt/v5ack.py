# An acknowledgement of MQTT 5 that says more than that the message is accepted: what `message.acknowledge` notes and
# what leaves once all handlers have seen the message. Loaded by the first such call.
# cold file: a plain acknowledgement never comes here
from .codec import packet

_MAY = b"\0\x80\x83\x87\x90\x97\x99"  # what a client may give as its reason (3.4.2.1, 3.5.2.1)
_ACK = 4  # where a property may stand
_PUBACK = 0x40
_PUBREC = 0x50


def note(x, reason, properties):
    """Message5.acknowledge, for the message at hand of the session `x`."""
    if not isinstance(reason, int) or not 0 <= reason < 256 or bytes((reason,)) not in _MAY:
        raise ValueError("reason: %r is not one that a client may give (3.4.2.1)" % (reason,))
    says = bytes((reason,))
    if properties:
        if not x.out.writer:
            x.out._load()  # and properties.py stays: they will come again
        says = _fitted(x, says, properties)
    if x.level == 4 or not x.head & 6:
        return False
    x.answer = says if says != b"\0" else None
    return True


def _fitted(x, says, given):
    # Where all together is too much for the broker, first the user properties stay away, then the reason string
    # [MQTT-3.4.2-2] [MQTT-3.4.2-3] [MQTT-3.5.2-2] [MQTT-3.5.2-3].
    w = x.out.writer
    for names in (("reason_string", "user_property"), ("reason_string",)):
        chosen = given if len(names) > 1 else {name: given[name] for name in names if name in given}
        whole = says + w.encode(chosen, _ACK)
        if chosen and len(_packet(x, whole)) <= x.packet_max:
            return whole
    return says


def _packet(x, says):
    return packet(_PUBACK if x.head & 2 else _PUBREC, bytes((x.pid >> 8, x.pid & 255)) + says)


def send(x):
    """All handlers have seen the message of `x`: its acknowledgement goes behind those before it."""
    says = x.answer
    x.answer = None
    if says[0] > 127 and x.head & 4:
        x.qos2.leave(x.pid)  # [MQTT-4.3.3-9]
    x.raw = (x.raw or b"") + _packet(x, says)
