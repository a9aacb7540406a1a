# Bytes <-> MQTT 3.1.1 packets: the packets built when a connection or a subscription is made, and the
# framing of what arrives; what UTF-8 and topic names may be. All over caller-owned buffers. No I/O, no
# clock, no state of a session.
from .port import pack_into


def varint(buf, i, n):
    """Write the remaining length `n` at buf[i]; return the offset behind it."""
    while n > 127:
        buf[i] = n & 127 | 128
        n >>= 7
        i += 1
    buf[i] = n
    return i + 1


def packet(first, body):
    """A packet of its first byte and what follows the remaining length."""
    head = bytearray(5)
    head[0] = first
    return head[: varint(head, 1, len(body))] + body


def string(s):
    """`s` (bytes) with its length before it."""
    return bytes((len(s) >> 8, len(s) & 255)) + s


def connect(client_id, user, password, will, keepalive, clean):  # cold: once a connection
    """A CONNECT packet; strings as bytes or None, `will` a Will or None, keepalive in seconds."""
    flags = 2 if clean else 0
    body = string(client_id)  # [MQTT-3.1.3-3]; the order is that of [MQTT-3.1.3-1]
    if will:  # [MQTT-3.1.2-9]
        flags |= 4 | will.qos << 3 | (32 if will.retain else 0)
        body += string(will.topic) + string(will.payload)
    if user is not None:  # [MQTT-3.1.2-18] [MQTT-3.1.2-19]
        flags |= 128
        body += string(user)
    if password is not None:  # [MQTT-3.1.2-20] [MQTT-3.1.2-21]
        flags |= 64
        body += string(password)
    head = bytearray(b"\0\x04MQTT\x04\0\0\0")  # [MQTT-3.1.2-1]
    pack_into(">BH", head, 7, flags, keepalive)
    return packet(0x10, head + body)


def utf8(buf, i, j, state=0):
    """Check buf[i:j]; feed pieces by handing the state on. 0: well-formed and complete, > 0: cut inside
    a character, -1: ill-formed, a surrogate or U+0000 [MQTT-1.5.3-1] [MQTT-1.5.3-2].

    The state is what the next byte must be: its greatest value << 16 | its least << 8 | bytes to come
    (Unicode Standard, table 3-7).
    """
    while i < j:
        c = buf[i]
        i += 1
        if state:
            if c > state >> 16 or c < (state >> 8 & 0xFF):
                return -1
            state = (state & 3) - 1
            if state:
                state |= 0xBF8000
        elif c > 0x7F:
            if c < 0xC2 or c > 0xF4:
                return -1
            if c < 0xE0:
                state = 0xBF8001
            elif c < 0xF0:
                state = 0xBFA002 if c == 0xE0 else 0x9F8002 if c == 0xED else 0xBF8002
            else:
                state = 0xBF9003 if c == 0xF0 else 0x8F8003 if c == 0xF4 else 0xBF8003
        elif not c:
            return -1
    return state


def wild(buf, i, j):
    """True when buf[i:j] holds '+' or '#', which a topic name must not [MQTT-3.3.2-2] [MQTT-4.7.1-1]."""
    return buf.find(b"+", i, j) >= 0 or buf.find(b"#", i, j) >= 0


class Frames:
    """Cuts the received bytes into packets.

    Reads land in the window rx[:window], of which rx[pos:have] is not used yet; a packet wholly inside
    it is parsed where it lies, any other is assembled behind it. Of one that is larger than `size` only
    the beginning and the packet id are kept, the rest is read through. A found packet is `head` (its
    first byte) and rx[at:end].
    """

    def __init__(self, size, mover):
        self.window = min(size, 256)
        self.rx = bytearray(self.window + size)
        self.mover = mover
        self.size = size
        self.head = self.at = self.end = 0
        self.pos = self.have = 0
        self.got = self.need = 0  # bytes assembled, and to be assembled (0: length not known yet)
        self.skip = self.total = 0  # bytes to read through behind them; size of the packet
        self.pid = 0

    def frame(self):
        """1: a packet is found; 2: a larger one was read through; 0: more bytes wanted; -1: malformed."""
        i = self.pos
        if not self.got and i + 1 < self.have:
            self.end = i + 2 + self.rx[i + 1]
            if self.end <= self.have and self.rx[i + 1] < 128:
                self.head = self.rx[i]
                self.at = i + 2
                self.pos = self.end
                return 1
        return self._assemble() if i < self.have else 0

    def _assemble(self):
        while not self.need:
            if self.pos == self.have:
                return 0
            c = self.rx[self.window + self.got] = self.rx[self.pos]
            self.pos += 1
            n = self.got
            self.got = n + 1
            if not n:
                self.head = c
                self.total = self.skip = 0
            else:
                self.total |= (c & 127) << 7 * n - 7
                if c < 128:
                    self.at = self.window + n + 1
                    self.total += n + 1
                    self.need = min(self.total, self.size)
                    self.skip = self.total - self.need
                    self.end = self.window + self.need
                    self.pid = 0
                if n == 4 and c > 127 or self.skip and self.head & 0xF0 != 0x30:  # a fifth length byte (2.2.3)
                    return -1
        c = min(self.need - self.got, self.have - self.pos)
        self.mover.move(self.rx, self.window + self.got, self.rx, self.pos, c)
        self.pos += c
        self.got += c
        if self.got < self.need or self._skip():
            return 0
        self.got = self.need = 0
        return 1 if self.total <= self.size else 2

    def _skip(self):
        # Read through what is not kept, but for the packet id: the topic before it may be as long as anything.
        n = min(self.skip, self.have - self.pos)
        first = self.total - self.skip == self.size
        i = self.at - self.window + 2 + (self.rx[self.at] << 8 | self.rx[self.at + 1]) - self.total + self.skip
        k = i + 2
        while i < k:  # i is counted from `pos`; before that lies what was kept
            if n and i < n and (i >= 0 or first):
                self.pid = self.pid << 8 | self.rx[i + (self.pos if i >= 0 else self.end)]
            i += 1
        self.skip -= n
        self.pos += n
        return self.skip
