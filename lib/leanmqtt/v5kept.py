# The outbox of a client of MQTT 5 with a journal: kept.py's, with the properties of v5outbox.py's. In the file an
# expiry is the second of the outbox's clock at which it is over, so that what waits there need not be counted down.
# The clock goes on after a reset where the file's last state left it: while the power is off no time goes by.
from .kept import Kept
from .port import const, pack_into
from .v5outbox import Outbox5

_HALF = const(0xFFFF)
_QUEUED = const(1)  # a state of a record


class Kept5(Kept):
    """As Kept."""

    plain = Outbox5.plain
    properties = Outbox5.properties
    _load = Outbox5._load
    field = Outbox5.field
    measure = Outbox5.measure
    encode = Outbox5.encode
    _topic = Outbox5._topic
    describe = Outbox5.describe
    described = Outbox5.described
    counted = Outbox5.counted
    expiry = Outbox5.expiry
    age = Outbox5.age
    _count = Outbox5._count
    refuse = Outbox5.refuse
    fate = Outbox5.fate

    def _over(self, p, k):
        if self.buf[p + 3] == _QUEUED and self.gap <= p < self.wr:
            self.journal.evict()  # the file cannot lose it alone: it is told, as others there, when it is read
        else:
            Outbox5._over(self, p, k)

    def filed(self, p):
        """The record at `p` is about to be written to the file: where its expiry stands, 0: it has none."""
        k = self.expiry(p)
        if k:
            self._shift(k, self.clock)
        return k

    def _shift(self, k, n):  # cold: a file is written
        b = self.buf
        low = (b[k + 2] << 8 | b[k + 3]) + (n & _HALF)
        high = (b[k] << 8 | b[k + 1]) + (n >> 16) + (low >> 16)
        if high > _HALF:
            high = low = _HALF
        pack_into(">HH", b, k, high, low & _HALF)

    def unfiled(self, k):
        """It was written."""
        if k:
            self._count(k, self.clock)

    def entered(self, p):
        """The record at `p` was read from the file: it may be over meanwhile."""
        k = self.expiry(p)
        if k:
            self.expiring = True
            if self._count(k, self.clock):
                if self.told == len(self.fates):  # many at once, and reading allocates anyway
                    self.fates.extend((0, 0))
                Outbox5._over(self, p, k)
