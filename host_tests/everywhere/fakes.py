"""A made-up clock, made-up dice and a made-up network: the seams `clock`, `rand` and `transport` of a Client.

What lives here: every mood a network can have, as knobs. What must not: packets, and anything of leanmqtt.
Runs on CPython and MicroPython.
"""


class FakeClock:
    """Milliseconds that pass only when a test says so."""

    def __init__(self, now=5000):
        self.now = now

    def __call__(self):
        return self.now

    def add(self, ms):
        self.now += ms


class Dice:
    """random.getrandbits with a seed; or the same number for ever."""

    def __init__(self, seed=1, fixed=None):
        self.state, self.fixed = seed, fixed

    def __call__(self, bits):
        value = self.fixed
        if value is None:
            value = 0
            for _ in range((bits + 15) // 16):
                self.state = (self.state * 1103515245 + 12345) & 0x7FFFFFFF
                value = value << 16 | self.state >> 15
        return value & ((1 << bits) - 1)


class FakeTransport:
    """A network of one peer. Every knob may be turned at any time."""

    def __init__(self, clock):
        self.clock = clock
        self.sock = None
        self.refuse = None  # an OSError: open() raises it
        self.fail = None  # an OSError: opening() raises it
        self.delay = 0  # ms an opening takes; None: for ever
        self.chunk = 0  # at most so many bytes per read, 0: no limit
        self.grain = 0  # at most so many bytes per write, 0: no limit
        self.room = None  # so many bytes will still be taken, None: no limit
        self.deaf = False  # every write fails
        self.hook = None  # runs inside every read and write, like an interrupt
        self.answer = None  # gets the bytes of every write, like a broker that answers at once
        self.opens = []  # (host, port) of every open()
        self.times = []  # when
        self.closes = 0
        self.writes = []  # what each write() of this connection took
        self.asked = []  # how much each read() of this connection asked for
        self.stream = bytearray()  # all of this connection's writes
        self.timeline = []  # [(time, bytes to send or function to run)]
        self.is_open = self.made = False
        self._hang_up()

    def _hang_up(self):
        self.inbox, self.at, self.end = [], 0, None

    # What the peer does

    def feed(self, *chunks):
        """The peer sends."""
        self.inbox.extend(chunks)

    def later(self, ms, what):
        """The peer sends bytes, or a function runs, so many milliseconds from now."""
        self.timeline.append((self.clock.now + ms, what))

    def unread(self):
        return sum([len(chunk) for chunk in self.inbox]) - self.at

    def _play(self):
        for event in [event for event in self.timeline if event[0] <= self.clock.now]:
            self.timeline.remove(event)
            if callable(event[1]):
                event[1]()
            else:
                self.feed(event[1])

    # The seam

    def open(self, host, port):
        assert not self.is_open, "the old connection was not closed before a new one was opened"
        self._play()
        self.opens.append((host, port))
        self.times.append(self.clock.now)
        if self.refuse is not None:
            raise OSError(*self.refuse.args)  # a new one: on MicroPython a traceback grows with every raise
        self._hang_up()
        self.is_open, self.made, self.sock = True, False, self
        self.writes, self.asked, self.stream = [], [], bytearray()

    def opening(self):
        assert self.is_open, "opening() of a closed transport"
        self._play()
        if self.fail is not None:
            raise OSError(*self.fail.args)
        self.made = self.delay is not None and self.clock.now >= self.times[-1] + self.delay
        return not self.made

    def read(self, span):
        self._use()
        buf, n = span.rx, span.want
        assert 0 < n <= len(buf), "a read outside its buffer"
        self.asked.append(n)
        n, got = min(n, self.chunk or n), 0
        while got < n and self.inbox:
            chunk = self.inbox[0]
            take = min(n - got, len(chunk) - self.at)
            buf[got : got + take] = chunk[self.at : self.at + take]
            got, self.at = got + take, self.at + take
            if self.at == len(chunk):
                self.inbox.pop(0)
                self.at = 0
        return got or self.end

    def write(self, span):
        self._use()
        assert span.tx_len > 0, "a write of nothing"
        if self.deaf:
            return -1
        take = min(span.tx_len, self.grain or span.tx_len)
        if self.room is not None:
            take = min(take, self.room)
            self.room -= take
        if not take:
            return None
        data = bytes(memoryview(span.tx_buf)[span.tx_off : span.tx_off + take])
        self.writes.append(data)
        self.stream.extend(data)
        if self.answer:
            self.answer(data)
        return take

    def _use(self):
        assert self.is_open, "a closed transport was used"
        assert self.made, "a transport was used before it was open"
        if self.hook:
            self.hook()
        self._play()

    def wait(self, ms, writing):
        assert ms >= 0, "a wait of a negative time"
        end = self.clock.now + ms
        self._play()
        while self.clock.now < end and not self._ready(writing):
            ahead = [event[0] for event in self.timeline if event[0] > self.clock.now]
            if self.is_open and not self.made and self.delay is not None:
                ahead.append(max(self.times[-1] + self.delay, self.clock.now + 1))
            self.clock.now = min(ahead + [end])
            self._play()

    def _ready(self, writing):
        """Whether a real socket would have ended its wait."""
        if not self.is_open:
            return False
        if not self.made:
            return writing and self.delay is not None and self.clock.now >= self.times[-1] + self.delay
        return bool(self.inbox) or self.end is not None or (writing and self.room != 0)

    def close(self):
        self.closes += 1
        self.is_open, self.sock = False, None
        self._hang_up()
