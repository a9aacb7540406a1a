# The received message as a handler sees it. Loaded with inbox.py, by a client that receives.


class Message:
    """The message at hand: one reused object, a view of the receive buffer that is valid inside the handler only.

    `topic` and `payload` are made anew at each access; everything else allocates nothing.
    """

    def __init__(self, session):
        self.session = session
        self.client = None  # the one whose handler sees the message just now
        self.start = 0  # of a chunk in the payload
        self.whole = -1  # length of the payload a chunk is of; -1: it is at hand

    def _view(self):
        if not self.client or not self.client._lock & 2:  # 2: a callback is running
            raise RuntimeError("a message is valid inside its handler only: copy what you need")
        return self.session

    @property
    def topic(self):
        """The topic as str."""
        s = self._view()
        return str(s.rx[s.at : s.topic_end], "utf-8")

    @property
    def payload(self):
        """The payload as bytes."""
        s = self._view()
        return bytes(s.rx[s.pay : s.end])

    @property
    def payload_len(self):
        """Length of the payload in bytes."""
        s = self._view()
        return s.end - s.pay

    @property
    def offset(self):
        """Where the chunk at hand lies in the payload: 0, but for a handler that takes streams."""
        self._view()
        return self.start

    @property
    def total(self):
        """Length of the whole payload, of which a stream's `payload` is one chunk."""
        return self.payload_len if self.whole < 0 else self.whole

    @property
    def qos(self):
        """QoS it was delivered with: 0, 1 or 2."""
        return self._view().head >> 1 & 3

    @property
    def retain(self):
        """True for a retained message."""
        return self._view().head & 1 == 1

    @property
    def dup(self):
        """True when the broker says it may have sent it before."""
        return self._view().head & 8 == 8

    def topic_is(self, topic):
        """True when the topic is `topic` (bytes)."""
        s = self._view()
        return len(topic) == s.topic_end - s.at and s.rx.find(topic, s.at, s.topic_end) >= 0

    def payload_is(self, payload):
        """True when the payload is `payload` (bytes)."""
        s = self._view()
        return len(payload) == s.end - s.pay and s.rx.find(payload, s.pay, s.end) >= 0

    def payload_int(self, default=None):
        """The payload as a decimal integer, e.g. b"-12"; `default` when it is not one."""
        s = self._view()
        i = s.pay
        n = 0
        if i < s.end and (s.rx[i] == 43 or s.rx[i] == 45):
            i += 1
        if i == s.end:
            return default
        while i < s.end:
            if not 48 <= s.rx[i] <= 57:
                return default
            n = n * 10 + s.rx[i] - 48
            i += 1
        return -n if s.rx[s.pay] == 45 else n

    def readinto(self, buf):
        """Copy the payload to the start of `buf`, as far as it fits; return the number of bytes."""
        s = self._view()
        n = min(len(buf), s.end - s.pay)
        s.mover.move(buf, 0, s.rx, s.pay, n)
        return n
