# The protocol state machine, sans-I/O. Bytes come in through the window of Frames and an event comes
# out of each packet (`next`, until it answers 0); bytes go out as spans (`span`, `wrote`); time comes
# in as `now`. All answers are numbers: > 0 an event, < 0 a fault, whose text is in words.py.
# No socket, no callback and no reconnect belongs here.
from .codec import Frames
from .port import const, pack_into

_MASK = const(0x3FFFFFFF)  # ticks wrap at 30 bits
_HEAD = const(8)  # of a record in the outbox
_RELEASE = const(3)  # states of such a record
_SENT = const(4)

# Events; client.py, inbox.py and qos2.py have the same numbers
# 2 _MESSAGE: rx[at:topic_end] topic, rx[pay:end] payload, head; 4 _SUBSCRIBED; 6 _OVERSIZE: inbox.py's
_HANDLED = const(1)
_DELIVERED = const(3)  # pid
_CONNECTED = const(5)  # session_present

# What is being written: acknowledgements and pings, a packet of its own, a record of the outbox
_CTL = const(1)
_RAW = const(2)
_OUT = const(3)


class Session(Frames):
    """One client's side of the protocol. keepalive and ack_timeout_ms in ms, 0: off; pid: the last packet id used."""

    def __init__(self, out, rx_size, inflight, clean, keepalive, ack_timeout_ms, pid):  # cold: once a client
        Frames.__init__(self, rx_size, out.mover)
        self.out = out
        self.inflight = inflight
        self.clean = clean
        self.beat = keepalive - keepalive // 4  # silence that brings a PINGREQ, and its deadline
        self.limit = ack_timeout_ms >> 6
        self.qos2 = self.inbox = None  # the optional parts
        self.last = pid
        self.spare = 0  # packet ids that can be given without a look whether they are in use
        self.ctl = bytearray(64)  # acknowledgements, PINGREQ, DISCONNECT: never starved by the outbox
        self.tx_buf = None
        self.topic_end = self.pay = self.tx_off = self.tx_len = 0
        self.last_tx = self.last_rx = self.ping_at = 0
        self.session_present = False
        self.close()

    # -- the connection

    def open(self, packet, now):
        """The transport is open: `packet` (CONNECT) goes first [MQTT-3.1.0-1]."""
        self.tx = _RAW
        self.tx_buf = packet
        self.tx_off = 0
        self.tx_len = len(packet)
        self.want = 4  # so that a reset right behind the CONNACK does not swallow it
        self.last_tx = self.last_rx = now

    def close(self):
        """The transport is closed."""
        self.pos = self.have = self.got = self.need = 0
        self.up = False
        self.tx = self.ctl_off = self.ctl_len = self.ping = 0
        self.tx_buf = None
        self.out.rewind(False)

    def _connack(self):  # cold: once a connection
        if self.head != 0x20 or self.end - self.at != 2:  # [MQTT-3.2.0-1]
            return -10
        flags = self.rx[self.at]
        code = self.rx[self.at + 1]
        if flags > 1 or code > 5 or flags and (code or self.clean):  # [MQTT-3.2.2-1] [MQTT-3.2.2-4]
            return -11
        if code:
            return -code
        self.session_present = flags == 1
        self.out.dup = flags or not self.clean  # [MQTT-4.4.0-1]
        if not flags:
            self.out.rewind(True)
            if self.qos2:
                self.qos2.forget()
        if self.inbox:
            self.inbox.resume(flags)
        if self.out.base:
            self.out.birth(self.new_id())
        self.want = self.window
        self.up = True
        return _CONNECTED

    def new_id(self):
        """A packet id that is not in use by any PUBLISH, SUBSCRIBE or UNSUBSCRIBE [MQTT-2.3.1-2]."""
        if self.out.scan() == self.out.tail and not (self.inbox and self.inbox.asked):
            self.spare = 65534  # none is in use: so many can be given before one comes again
        while 1:
            i = self.last = self.last % 65535 + 1
            if self.spare:
                self.spare -= 1
                return i
            if self.out.find(i) < 0 and not (self.inbox and self.inbox.uses(i)):
                return i

    def open_inbox(self):  # cold: once a client
        """Load what is needed to receive."""
        if not self.inbox:
            from .inbox import Inbox

            self.inbox = Inbox(self)
        return self.inbox

    # -- out

    def span(self, now):
        """The bytes to write next: tx_buf[tx_off : tx_off + tx_len]; False: there are none."""
        if not self.tx:
            if self.out.next == self.out.tail and not self.ctl_len and not (self.inbox and self.inbox.todo):
                return 0
            self.tx = self._choose(now)
        if self.tx == _OUT:
            self.tx_buf = self.out.buf
            self.tx_off = self.out.next + _HEAD + self.out.done
            self.tx_len = self.out.step(self.out.next) - self.tx_off
        elif self.tx == _CTL:
            self.tx_buf = self.ctl
            self.tx_off = self.ctl_off
            self.tx_len = self.ctl_len - self.ctl_off
        return self.tx

    def _choose(self, now):
        if self.ctl_len:
            return _CTL
        if not self.up:
            return 0
        if self.inbox and self.inbox.todo:
            self.tx_buf = self.inbox.ask(now)
            self.tx_off = 0
            self.tx_len = len(self.tx_buf)
            return _RAW
        p = self.out.peek(self.inflight)
        if p < 0:
            return 0
        if self.out.buf[p + 3] != _RELEASE:
            return _OUT
        self.qos2.release(self, p, now)
        return _CTL

    def wrote(self, n, now):
        """n bytes of the span were written."""
        self.last_tx = now
        self.tx_off += n
        self.tx_len -= n
        if self.tx == _OUT:
            self.out.done += n
            if not self.tx_len:
                self.out.sent(now)
        elif self.tx == _CTL:
            self.ctl_off += n
            if not self.tx_len:
                self.ctl_off = self.ctl_len = 0
                if self.ping == 1:  # its deadline counts from its last byte
                    self.ping = 2
                    self.ping_at = now
        if not self.tx_len:
            self.tx = 0

    def put(self, first, pid):
        """Queue an acknowledgement, in order of receipt [MQTT-4.6.0-2]; pid 0: a PINGREQ or DISCONNECT."""
        pack_into(">BBH", self.ctl, self.ctl_len, first, 2 if pid else 0, pid)
        self.ctl_len += 4 if pid else 2

    # -- in

    def next(self, now):
        """Handle one received packet: its event, 0: nothing more in the window, < 0: the fault."""
        if self.ctl_len > 52:  # no room for answers: write first
            return 0
        k = self.frame()
        if k < 1:
            if not self.up and self.got and (self.head != 0x20 or self.need > 4):  # [MQTT-3.2.0-1]
                return -10
            return k and -12
        if self.up and self.head & 0xF0 == 0x30:
            return (self.inbox or self.open_inbox()).read(k == 1)
        if self.end - self.at != 2 or k == 2 or not self.up:
            return self._other() if k == 1 else -12
        self.pid = self.rx[self.at] << 8 | self.rx[self.at + 1]
        if not self.pid:
            return -14
        if self.head == 0x40:
            k = self.out.find(self.pid)
            if k < 0 or self.out.buf[k + 3] != _SENT or not self.out.buf[k + _HEAD] & 2:
                return -18
            return self.final(k)
        if self.head == 0xB0 and self.inbox:
            return self.inbox.answered()
        return self.qos2.take(self, now) if self.qos2 else -17

    def receipt(self, e):
        """Acknowledge PUBLISH `pid` of QoS 1 or 2: the event `e`, or what it comes to, or a fault."""
        if not self.pid:  # [MQTT-2.3.1-1]
            return -14
        if self.head & 4:
            return self.qos2.received(self, e) if self.qos2 else -16
        self.put(0x40, self.pid)  # [MQTT-4.3.2-2] [MQTT-4.5.0-2] [MQTT-2.3.1-6]
        return e

    def _other(self):
        # What has another length than an acknowledgement: CONNACK, PINGRESP, SUBACK.
        if not self.up:
            return self._connack()
        if self.head == 0xD0 and self.end == self.at:
            self.ping = 0
            return _HANDLED
        if self.head == 0x90 and self.end - self.at == 3 and self.inbox:
            self.pid = self.rx[self.at] << 8 | self.rx[self.at + 1]
            return self.inbox.answered() if self.pid else -14
        return -17

    def final(self, p):
        """The record at `p` is finally acknowledged."""
        self.out.free(p)
        return _HANDLED if p < self.out.base else _DELIVERED

    # -- time

    def due(self, now):
        """Milliseconds until `tick` has something to do; < 1: it has."""
        n = _MASK
        if self.limit:
            if self.out.flying:
                n = self.limit - self.out.oldest(now) << 6
            if self.inbox and self.inbox.asked:
                n = min(n, (self.limit << 6) - (now - self.inbox.asked_at & _MASK))
        if self.beat:
            n = min(n, self._left(now))
        return n

    def _left(self, now):
        # Milliseconds until silence calls for a PINGREQ, or for an end.
        tx = self.beat - (now - self.last_tx & _MASK)
        rx = self.beat - (now - self.last_rx & _MASK)
        if self.ping:
            rx = max(rx, self.beat - (now - self.ping_at & _MASK))
            if self.ping == 1:
                return max(tx, rx)
        return min(tx, rx)

    def tick(self, now):
        """Do what is due: a PINGREQ, or a fault when the link is dead."""
        if self.due(now) > 0:
            return 0
        if not self.beat or self._left(now) > 0:
            return -20
        if self.ping and self.beat <= (now - self.last_rx & _MASK) and self.beat <= (now - self.ping_at & _MASK):
            return -21
        self.put(0xC0, 0)  # [MQTT-3.1.2-23]
        self.ping = 1
        self.ping_at = now
        return 0
