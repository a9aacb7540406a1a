# Runs on MicroPython: a clock and a network with one broker behind it, made up, that allocate nothing once made. The
# broker acknowledges by the book, at once; what it is asked to send travels as prepared bytes. No meters here, and of
# leanmqtt only its seams `clock` and `transport`.

from io import BytesIO


class Clock:
    """Milliseconds that pass only while the client waits, or by `add`. It wraps soon after the start."""

    def __init__(self):
        self.now = 0x3FFFFFFF - 3000

    def __call__(self):
        return self.now

    def add(self, ms):
        self.now = self.now + ms & 0x3FFFFFFF


class Message:
    """A PUBLISH to be sent by the broker; it gets a new packet id each time."""

    def __init__(self, topic, payload, qos=0, flags=0):
        n = len(topic) + len(payload) + (4 if qos else 2)
        head = bytearray((0x30 | flags | qos << 1,))
        head += bytes((n,)) if n < 128 else bytes((n & 127 | 128, n >> 7))
        head += bytes((len(topic) >> 8, len(topic) & 255)) + topic
        self.pid_at = len(head) if qos else 0
        self.bytes = head + (b"\0\0" if qos else b"") + payload


class Wire:
    """The transport, and the broker at its other end."""

    def __init__(self, clock):
        self.clock = clock
        self.sock = None
        self.line = BytesIO(2048)  # under way to the client: its bytes from `at` to `end`
        self.at = self.end = 0
        self.answer = bytearray(b"\0\2\0\0")
        self.granted = bytearray(b"\x90\3\0\0\0")
        self.part = bytearray(512)  # of a packet that is written in pieces
        self.filled = 0
        self.chunk = self.grain = 4096  # at most so many bytes per read, per write
        self.held = self.full = self.lost = False  # nothing arrives; nothing is taken; the broker is gone
        self.kept = False  # the CONNACK says that the session was kept
        self.body = self.stop = 0  # of the packet at hand
        self.pid = 0  # the last that the broker used
        self.published = self.acknowledged = self.pinged = self.connects = 0  # what the broker got

    # -- the transport's contract

    def open(self, host, port):
        self.at = self.end = self.filled = 0
        self.lost = False
        self.sock = self

    def opening(self):
        return False

    def close(self):
        self.sock = None

    def wait(self, ms, writing):
        if self.held or not self.sock or self.at == self.end and not self.lost:
            self.clock.add(ms)

    def read(self, span):
        if self.held:
            return None
        n = min(span.want, self.chunk, self.end - self.at)
        if not n:
            return 0 if self.lost else None
        self.line.seek(self.at)
        self.line.readinto(span.rx, n)
        self.at += n
        if self.at == self.end:
            self.at = self.end = 0
        return n

    def write(self, span):
        if self.full:
            return None
        if span.tx_len <= self.grain and not self.filled:
            self._take(span.tx_buf, span.tx_off, span.tx_off + span.tx_len)
            return span.tx_len
        n = min(span.tx_len, self.grain)
        self._gather(span.tx_buf, span.tx_off, n)
        return n

    def _gather(self, buf, i, n):
        while n:
            self.part[self.filled] = buf[i]
            self.filled += 1
            i += 1
            n -= 1
        if self._take(self.part, 0, self.filled):
            self.filled = 0

    # -- the broker

    def _take(self, buf, i, end):
        # Answers whole packets; returns where an unfinished one begins.
        while i + 2 <= end and self._measure(buf, i + 1) <= end:
            self._answer(buf, buf[i])
            i = self.stop
        return i

    def _measure(self, buf, i):
        self.body = i + 1
        self.stop = self.body + buf[i]
        if buf[i] > 127:
            self.body = i + 2
            self.stop = self.body + (buf[i] & 127 | buf[i + 1] << 7)
        return self.stop

    def _answer(self, buf, first):
        if first & 0xF0 == 0x30:
            self.published += 1
            if first & 6:
                self.body += 2 + (buf[self.body] << 8 | buf[self.body + 1])
                self._say(0x40 if first & 2 else 0x50, buf)
        elif first == 0x50:
            self._say(0x62, buf)
        elif first == 0x62:
            self._say(0x70, buf)
        elif first == 0x40 or first == 0x70:
            self.acknowledged += 1
        else:
            self._greet(buf, first)

    def _greet(self, buf, first):
        if first == 0x10:
            self.connects += 1
            self._put(b"\x20\2\1\0" if self.kept else b"\x20\2\0\0")
        elif first == 0x82:
            self.granted[2] = buf[self.body]
            self.granted[3] = buf[self.body + 1]
            self.granted[4] = buf[self.stop - 1]
            self._put(self.granted)
        elif first == 0xC0:
            self.pinged += 1
            self._put(b"\xd0\0")

    def _say(self, first, buf):
        # The answer to the packet id at `body`.
        self.answer[0] = first
        self.answer[2] = buf[self.body]
        self.answer[3] = buf[self.body + 1]
        self._put(self.answer)

    def _put(self, packet):
        self.line.seek(self.end)
        self.end += self.line.write(packet)

    def send(self, message):
        """The broker sends a Message."""
        if message.pid_at:
            self.pid = self.pid % 65535 + 1
            message.bytes[message.pid_at] = self.pid >> 8
            message.bytes[message.pid_at + 1] = self.pid & 255
        self._put(message.bytes)

    def reverse(self):
        """Turn the order of the acknowledgements under way round."""
        i = stop = self.end
        while i > self.at:
            i -= 4
            self.line.seek(i)
            self.line.readinto(self.answer, 4)
            self._put(self.answer)
        self.at = stop
