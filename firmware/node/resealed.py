"""Puts right what waits sealed in the outbox, such as the time in a reading: opened, changed, and sealed again under
the counter it has. Loaded where there is something to put right.
"""

from leanmqtt.seal import SealError

# Bytes from topic to payload: a packet id, but at QoS 0; in MQTT 5 the length of the properties, and the expiry of a
# reading.
_BETWEEN = (2, 0, 3, 1, 8, 6)


class Resealed:
    """Called with (buf, start, end) of a payload, as leanmqtt.amend does; change is called so with the opened one."""

    def __init__(self, sealer, change):
        self._sealer = sealer
        self._change = change

    def __call__(self, buf, at, end):
        for between in _BETWEEN:
            topic = _topic(buf, at - between)
            if topic and self._again(topic, buf, at, end):
                break

    def _again(self, topic, buf, at, end):
        try:
            buf[at:end] = self._sealer.again(topic, buf[at:end], self._changed)
        except SealError:  # the presence; or of another key; or that was no topic
            return False
        return True

    def _changed(self, payload):
        payload = bytearray(payload)
        self._change(payload, 0, len(payload))
        return payload


def _topic(buf, end):
    # The topic that ends there: its length stands before it. It has less than 256 bytes, of which none is 0.
    at = end
    while at > 1 and buf[at - 1]:
        at -= 1
    return bytes(buf[at + 1 : end]) if at < end and buf[at] == end - at - 1 else b""
