# QoS 2, exactly once: the part of the protocol that only `qos2=True` loads. Sending side: PUBLISH,
# PUBREC, PUBREL, PUBCOMP over the outbox's records; receiving side: a table of ids not yet released.
from .port import const, pack_into

_ROOM = const(128)  # bytes of the table: 64 ids
_PUBREC = const(0x50)
_PUBREL = const(0x62)  # [MQTT-3.6.1-1]
_PUBCOMP = const(0x70)
_HEAD = const(8)  # of a record in the outbox
_SENT = const(4)
_RECEIVED = const(5)
_HANDLED = const(1)  # an event


class ExactlyOnce:
    """The QoS 2 state of one session."""

    def __init__(self):
        self.ids = bytearray(_ROOM)  # received and not yet released; 0: free
        self.used = 0

    def forget(self):
        """The session is lost, and with it what the broker would release."""
        for i in range(_ROOM):
            self.ids[i] = 0
        self.used = 0

    def new(self, pid):
        """True when no PUBLISH with this id waits for its release."""
        return self._find(pid) < 0

    def received(self, s, event):
        """A PUBLISH came in: `event` if it is new, _HANDLED if it came before [MQTT-4.3.3-2]."""
        i = self._find(s.pid)
        if i < 0:
            i = self._find(0)
            if i < 0:
                return -22  # rather than forget one
            pack_into(">H", self.ids, i, s.pid)
            self.used += 1
        else:
            event = _HANDLED
        s.put(_PUBREC, s.pid)  # [MQTT-4.6.0-3]
        return event

    def _find(self, pid):
        if pid and not self.used:
            return -1
        for i in range(0, _ROOM, 2):
            if self.ids[i + 1] == pid & 255 and self.ids[i] == pid >> 8:
                return i
        return -1

    def leave(self, pid):
        """A PUBLISH with this id is a new message from now on."""
        i = self._find(pid)
        if i >= 0:
            pack_into(">H", self.ids, i, 0)
            self.used -= 1

    def take(self, s, now):
        """A PUBREC, PUBREL or PUBCOMP came in."""
        if s.head == _PUBREL:
            self.leave(s.pid)
            s.put(_PUBCOMP, s.pid)
            return _HANDLED
        if s.head != _PUBREC and s.head != _PUBCOMP:
            return -17
        i = s.out.find(s.pid)
        if i < 0 or not s.out.buf[i + _HEAD] & 4 or s.out.buf[i + 3] < _SENT:
            return -18
        if s.head == _PUBREC:
            self.release(s, i, now)
            return _HANDLED
        return s.final(i) if s.out.buf[i + 3] == _RECEIVED else -18

    def release(self, s, p, now):
        """Send PUBREL for the record at `p`, once more on a resumed session [MQTT-4.4.0-1]."""
        s.out.wait(p, _RECEIVED, now)
        s.put(_PUBREL, s.out.buf[p + 4] << 8 | s.out.buf[p + 5])  # [MQTT-4.3.3-1] [MQTT-4.6.0-4]
