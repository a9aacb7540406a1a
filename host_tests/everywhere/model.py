"""A small MQTT broker that keeps one client's session across every reset of the client.

What lives here: MQTT-4.3 and MQTT-4.4 of the broker's side, from the standard. What must not: anything of leanmqtt.
Runs on CPython and MicroPython.
"""

import packets as p


class Plugged:
    """What answers at the other end of a FakeTransport, packet by packet."""

    def plug(self, link):
        self.link = link
        self.rest = b""
        self.opens = 0
        link.answer = self.take

    def take(self, data):
        if self.opens != len(self.link.opens):
            self.opens, self.rest = len(self.link.opens), b""
            self.opened()
        raws, self.rest = p.split(self.rest + data)
        for raw in raws:
            self.packet(raw)

    def opened(self):
        """A connection has begun."""


class Broker(Plugged):
    """Plug it into a FakeTransport with `plug`; `received` are its messages, those of QoS 2 once."""

    def __init__(self):
        self.received = []  # payloads
        self.dups = []  # the DUP flag of each
        self.seen = []  # (packet id, payload) of all that came, answered or not
        self.held = []  # QoS 2 ids received and not released
        self.sending = []  # [pid, payload, released]: QoS 2 messages for the client
        self.session = False
        self.silent = False  # takes everything, answers nothing but CONNECT
        self.next_pid = 1

    def forget(self):
        """The session is lost."""
        self.session = False
        self.held, self.sending = [], []

    def send(self, payload):
        """A QoS 2 message for the client."""
        entry = [self.next_pid, payload, False]
        self.next_pid += 1
        self.sending.append(entry)
        self.transmit(entry, False)

    def transmit(self, entry, dup):
        pid, payload, released = entry
        self.link.feed(p.pubrel(pid) if released else p.publish("in", payload, 2, pid, dup=dup))

    def packet(self, raw):
        kind = p.kind(raw)
        if kind == 0x10:
            self.link.feed(p.connack(self.session))
            self.session = True
            for entry in self.sending:
                self.transmit(entry, True)
        elif self.silent:
            if kind == p.PUBLISH and raw[0] & 6:
                self.seen.append((p.fields(raw)[3], p.fields(raw)[1]))
        elif kind == p.PUBLISH:
            self.publish(raw)
        elif kind == p.PUBREL:
            pid = p.packet_id(raw)
            self.held = [i for i in self.held if i != pid]
            self.link.feed(p.pubcomp(pid))
        elif kind == p.SUBSCRIBE:
            self.link.feed(p.suback(p.packet_id(raw), 2))
        elif kind == p.PUBREC:
            for entry in self.sending:
                if entry[0] == p.packet_id(raw):
                    entry[2] = True
                    self.transmit(entry, False)
        elif kind == p.PUBCOMP:
            self.sending = [e for e in self.sending if e[0] != p.packet_id(raw)]

    def publish(self, raw):
        _, payload, qos, pid, _, dup = p.fields(raw)
        if qos:
            assert dup or (pid, payload) not in self.seen, "sent again without DUP"
            self.seen.append((pid, payload))
        if qos < 2 or pid not in self.held:
            self.received.append(payload)
            self.dups.append(dup)
        if qos == 2:
            if pid not in self.held:
                self.held.append(pid)
            self.link.feed(p.pubrec(pid))
        elif qos:
            self.link.feed(p.puback(pid))
