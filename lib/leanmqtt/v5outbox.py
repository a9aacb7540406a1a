# The outbox of MQTT 5: records with properties, expiries that are counted down, the fates of what left unsent. It also
# speaks 3.1.1 once the broker refused 5 (`level`). Aliases are given as a record is written: v5alias.py's.
from .codec import varint
from .outbox import Outbox
from .port import const, pack_into

_HEAD = const(8)  # of a record
_QUEUED = const(1)  # a state of one
_PUBLISH = const(2)  # where a property may stand
_FATES = const(16)


class Outbox5(Outbox):
    """The outbox: each record is the packet with its whole topic, no alias, and the expiry first of its properties."""

    def __init__(self, size, mover, birth=None):  # cold: once a client
        self.level = 5
        self.writer = None  # of properties
        self.given = None  # the properties of the packet being put in
        self.qn = 0  # their bytes
        self.expiring = False  # some record has, or had, an expiry
        self.late = False  # some is over, and there was no room to note that
        self.fates = [0] * _FATES  # packet id, reason of what was refused or expired and is not reported yet
        self.told = 0  # entries of it in use
        self.clock = self.expired = 0  # seconds counted down; messages that were over
        if birth and birth.properties:
            self.mover = mover
            self.properties(birth.properties)
        Outbox.__init__(self, size, mover, birth)
        if birth:
            self.at -= self.field()
        self.plain()

    def plain(self):
        """The next packet has no properties."""
        self.given = None
        self.qn = 0

    def properties(self, given):
        """The next packet has these."""
        if not self.writer:
            self._load()
        self.qn = self.writer.measure(given, _PUBLISH)
        self.given = given
        if "message_expiry_interval" in given and self.level == 5:
            self.expiring = True

    def _load(self):  # cold: once a client
        from .properties import Writer

        self.writer = Writer(self.mover)

    def field(self):
        """Bytes of the properties of the packet being put in, with their length."""
        if self.level == 4:
            return 0
        return self.qn + (1 if self.qn < 128 else 2 if self.qn < 16384 else 3)

    def measure(self):
        """As the outbox's."""
        self.pn += self.field()
        Outbox.measure(self)
        self.pn -= self.field()

    def encode(self, topic, payload):
        """As the outbox's."""
        if self.level == 4:
            return Outbox.encode(self, topic, payload)
        self.pn += self.field()
        self._topic(topic)
        self.pn -= self.field()
        p = self.describe(self.tail + self.size - self.pn - self.field())
        self._copy(p, payload, self.pn)

    def _topic(self, topic):
        p = self.tail + _HEAD
        if self.size < 128 + _HEAD + 2:
            pack_into(">BBH", self.buf, p, self.first, self.size - _HEAD - 2, self.tn)
            p += 4
        else:
            p = self._long(p)
        self._copy(p, topic, self.tn)
        if self.first & 6:  # [MQTT-2.2.1-2]
            pack_into(">H", self.buf, p + self.tn, self.pid)

    def describe(self, p):
        """Write the properties at `p`; where the payload is to stand."""
        p = varint(self.buf, p, self.qn)  # [MQTT-2.2.2-1]
        return self.writer.write(self.buf, p, self.given) if self.given else p

    def described(self, p):
        """Bytes of the properties, with their length, that stand at `p` of a record."""
        return 0 if self.level == 4 else self.counted(p)

    def counted(self, i):
        """Bytes that the variable byte integer at `i` counts, and its own."""
        n = k = 0
        while self.buf[i + k] & 128:
            n |= (self.buf[i + k] & 127) << 7 * k
            k += 1
        return (n | self.buf[i + k] << 7 * k) + k + 1

    # -- expiry

    def expiry(self, p):
        """Where the expiry of the record at `p` stands; 0: it has none."""
        b = self.buf
        p += _HEAD
        k = b[p] & 6
        p += 1
        while b[p] & 128:
            p += 1
        p += 3 + (b[p + 1] << 8 | b[p + 2])
        if k:
            p += 2
        if not b[p]:
            return 0
        while b[p] & 128:
            p += 1
        return p + 2 if b[p + 1] == 2 else 0

    def age(self, n, busy):
        """`n` seconds went by: each expiry is counted down, and what is over and was never sent leaves.

        busy: the record at `next` is being written and stays as it is.
        """
        self.clock += n
        self.late = False
        p = self.head  # the birth message is another one each time
        while p < self.tail:
            if self.buf[p + 3] and not (p == self.next and busy):
                k = self.expiry(p)
                if k and self._count(k, n):
                    self._over(p, k)
            p = self.step(p)

    def _over(self, p, k):
        if self.buf[p + 3] != _QUEUED:
            self.buf[k + 3] = 1  # what is under way keeps one second
        elif self.told < len(self.fates):
            self.expired += 1
            self.refuse(p, -2)
        else:
            self.late = True  # as soon as others are reported

    def _count(self, k, n):
        # Two halves: on 32 bits the whole would be an object. True: it is over.
        high = (self.buf[k] << 8 | self.buf[k + 1]) - (n >> 16)
        n = (self.buf[k + 2] << 8 | self.buf[k + 3]) - (n & 0xFFFF)
        if n < 0:
            n += 65536
            high -= 1
        if high < 0 or not high | n:
            pack_into(">HH", self.buf, k, 0, 0)
            return True
        pack_into(">HH", self.buf, k, high, n)
        return False

    def refuse(self, p, reason):
        """Take the record at `p` out for `reason`, which on_delivered will say."""
        if reason < 0 or not self.buf[p + _HEAD] & 6:
            self.dropped += 1
        if self.buf[p + _HEAD] & 6 and p >= self.base:
            self.fates[self.told] = self.buf[p + 4] << 8 | self.buf[p + 5]
            self.fates[self.told + 1] = reason
            self.told += 2
        self.free(p)

    def fate(self):
        """The oldest fate leaves the list: its packet id; its reason is in `size`."""
        f = self.fates
        p = f[0]
        self.size = f[1]
        self.told -= 2
        for k in range(self.told):
            f[k] = f[k + 2]
        return p
