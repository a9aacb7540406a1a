# The optional journal: what waits for its acknowledgement outlives a reset, in a file, and more can wait there
# than the outbox holds. Here: what is written, read and dropped when, and the Client that has a journal. The protocol
# is the session's, which knows nothing of this; the file is store.py's.
from binascii import crc32

from . import MQTTError, records
from . import client as core
from .kept import NONE, Kept, Once
from .port import const, pack_into
from .store import Store

_MASK = const(0x3FFFFFFF)  # ticks wrap at 30 bits
_SEAL = const(4)  # behind it in the file
_RESEND = const(2)  # states of a message
_RELEASE = const(3)
_IDS = const(60_000)  # packet ids a file may span


class Journal(Store):
    """A file of at most `size` bytes (twice that while it is compacted) for messages of QoS 1 and 2.

    A message not acknowledged within `delay_ms` is written; so are acknowledgements of written messages.
    """

    def __init__(self, path, size=200_000, delay_ms=5000):
        if not 1000 <= delay_ms <= 1_800_000:
            raise ValueError("delay_ms must be from 1000 to 1800000, not %r" % (delay_ms,))
        self.path = path
        self.size = size
        self.delay_ms = delay_ms
        self.stored = 0  # messages on flash and not finally acknowledged
        self.waiting = 0  # those of them that are not in the outbox
        self.live = 0  # bytes of the stored in the file
        self.rd = NONE  # offset of the first of the waiting, or of the first behind the gap
        self.edge = 0  # before it, only what `back` lists is alive
        self.back = bytearray()  # packet id and state of what was perhaps sent before the reset and is not read yet
        self.lost = False  # the broker lost the session: what it had released begins again
        self.must = 0  # to be written before another byte goes out: 1 the state, 2 and the messages
        self.acked = 0  # stored messages acknowledged since the last state
        self.acked_at = 0
        self.clocked = 0  # the outbox's clock in the last state
        self.pause = self.paused_at = 0  # ms until another attempt where something could not be written
        self.broken = False  # the disk fails
        self.top = self.first = 0  # ids of QoS 2 are covered up to `top`; the first packet id in the file
        self.amend = None  # what to do to a message read from the file: see amend.py
        self.new = None  # the file that will take this one's place
        self.cursor = self.rd2 = self.edge2 = self.first2 = 0  # how far it is

    def attach(self, client):  # cold: once a client
        """Take over the outbox of `client`, which must be new, and read the file."""
        s = client._session
        if s.clean:
            raise ValueError("journal: clean=False is needed: the broker must keep the session too")
        n = s.out.limit - s.out.base
        self.slack = max(self.size >> 3, 4 * n + 1024)  # what the file may hold that is not alive
        if self.size < 2 * self.slack:
            raise ValueError("journal: size must be at least %d for this outbox" % (8 * n + 2048))
        self.client = client
        self.session = s
        self.drop = client._drop
        self.log = records.Log(self.path, b"")
        owner = bytearray(4)
        five = hasattr(client, "v5")
        pack_into(">I", owner, 0, crc32(client._who[0] + (b"\5" if five else b"")))
        self.log.owner = bytes(owner)
        kind = Kept
        if five:
            from .v5kept import Kept5 as kind
        self.out = s.out = client._out = kind(s.out, self, client)
        self.qos2 = s.qos2
        if s.qos2:
            s.qos2 = Once(self, s.qos2)
        self.top = s.last
        try:
            records.clear(self.path)
            fits = self.log.open()
            if fits:
                self._replay()
        except OSError as e:
            raise ValueError(str(records.words(self.path, e)))
        if not fits:
            self.log.close()
            raise ValueError("journal: %s is another client's, another version's or damaged: remove it" % self.path)
        if five:
            client.v5.keep(self.log.end > records.START)

    # -- hooks of the outbox and of QoS 2

    def freed(self, n):
        """A stored message left the outbox for good."""
        self.stored -= 1
        self.live -= n + _SEAL
        if not self.acked:
            self.acked_at = self.client._now
        self.acked += 1

    def begin_again(self):  # cold: the session is lost
        """The broker lost the session: what it had released is to be sent again."""
        self.must |= 1
        self.lost = True
        for i in range(2, len(self.back), 3):
            self.back[i] = min(self.back[i], _RESEND)

    def reserve(self, pid):
        """A packet id for QoS 2: a broker remembers it, so none may come again after a reset."""
        if (self.top - pid) % 65535 > 32767:
            self.must |= 1

    def spill(self):  # cold: a file is written
        """Make room in the outbox."""
        self.save()
        self.evict()

    # -- what is due

    def work(self):
        """Do what is due, a little of it; True when something was done."""
        if self.out.gap <= self.out.next and self.session.up:
            return self._forward()
        if self.due(self.client._now) <= 0:
            self.flush()
            return True
        if self.pause:
            return False
        return (self.new or self._wasteful()) and self._tidy()

    def due(self, now):
        """Milliseconds until something is to be written."""
        if self.pause:
            return self.pause - (now - self.paused_at & _MASK)
        n = _MASK
        p = self.out.unsaved()
        if p >= 0:
            n = self.delay_ms - (self.out._age(p, now) << 6)
        if self.acked:
            n = min(n, self.delay_ms - (now - self.acked_at & _MASK))
        return n

    def _wasteful(self):
        n = self.log.end
        waste = n - self.live
        if waste > self.size >> 1 or n > self.size - (self.slack >> 1) and waste > self.slack >> 2:
            return True
        return self._span() > _IDS >> 1 and waste > self.live

    def flush(self):  # cold: a file is written
        """Write everything now; False: it could not be, the client's last_error says why."""
        self.pause = 0
        self.broken = False
        if self.stored and self.out.clock != self.clocked:
            self.must |= 1
        return self.out.unsaved() < 0 and not self.acked and not self.must or self.save()

    def barrier(self):  # cold: a file is written
        """Write what must be on flash before another byte goes out."""
        if self.must > 1:
            self.save()
        else:
            self._write(False)

    def save(self, force=False):  # cold: a file is written
        """Write the messages that are not on flash, and the state; False: not all could be written."""
        fits = not self.broken and self._fits(force)
        if (fits or self.acked or self.must) and not self._write(fits):
            return False
        return fits or self._wait()

    def _fits(self, force):
        # Is there room for the messages that are not on flash? It is made, if the oldest may be dropped.
        o = self.out
        p = o.unsaved()
        if 0 <= p < o.gap < NONE:
            return False  # one that overtook what waits: its place in the file would be wrong
        n = self.live
        while 0 <= p < o.tail:
            if o.buf[p + 3] and not o.fleeting(p):
                n += o.step(p) - p + _SEAL
            p = o.step(p)
        n -= self.size - self.slack
        while not force and (n > 0 or self._span() > _IDS):
            n -= self.live
            if not self._drop():
                return False
            n += self.live
        return True

    # -- between outbox and file

    def _forward(self):  # cold: a file is read and written
        # The outbox is about to send what is behind the gap; False: not yet.
        o = self.out
        if self.waiting:
            p = o.unsaved()
            if 0 <= p < o.gap or o._kept(o.gap) - o.base > o.limit - o.base >> 1:
                return False  # what is under way is enough
            if p >= 0:
                self.save(True)
                if o.unsaved() >= 0:
                    o.gap = o.tail  # the disk fails: rather out of order than not at all
                    return True
            try:
                if not self._feed():
                    p = o.gap
                    o.gap = o.tail  # messages of QoS 0 may pass
                    return p < o.gap
            except OSError as e:
                self._failed(e)
                self._give_up()
        o.gap = o.tail
        if not self.waiting:
            o.gap = self.rd = NONE
        self._write(False)  # before they go out, the file is to say that they may have
        return True

    def _feed(self):
        # Read from the file what half the outbox holds; False: there is no room.
        o = self.out
        done = False
        while self.waiting:
            n = self._next()
            if not n:
                raise OSError(5, "damaged")
            if n > o.limit - o.base:
                self._lose(n)  # the outbox was larger before the reset
                continue
            if o.used and o.used + n > o.limit - o.base >> 1:
                break
            if o.tail + n > o.limit:
                o._compact()
            if not self.log.read(self.rd, o.view[o.tail : o.tail + n]):
                raise OSError(5, "damaged")
            self._enter(n)
            done = True
        return done or not self.waiting

    def _drop(self):
        # Drop the oldest message never sent; False: there is none, or it may not be.
        if not self.drop:
            return False
        if not self.waiting:
            self.evict()
        n = self.waiting and self._next()
        if not n or self.rd < self.edge:
            return False
        o = self.out
        pack_into(">BB", o.buf, o.limit + 4, self.log.head[8], self.log.head[9])  # in the slack, as _report reads it
        if not o._report(o.limit):
            return False
        self._lose(n)
        return True

    def _lose(self, n):
        o = self.out
        self._consume(n)
        o.count -= 1
        o.dropped += 1
        self.freed(n)

    def _give_up(self):
        # The file cannot be read further.
        o = self.out
        self.client.last_error = MQTTError("journal: %s is damaged: %d messages are lost" % (self.path, self.waiting))
        o.count -= self.waiting
        o.dropped += self.waiting
        self.stored -= self.waiting
        self.waiting = 0
        self.back = bytearray()
        self.edge = 0


class Client(core.Client):
    """leanmqtt's Client with a Journal: `journal`, and all the parameters of the other."""

    def __init__(self, *args, journal, **options):
        core.Client.__init__(self, *args, **options)
        self.journal = journal
        journal.attach(self)

    @property
    def stored(self):
        """Messages on flash and not finally acknowledged: a reset does not lose them."""
        return self.journal.stored

    def _put(self, topic, payload):
        # Never past the outbox: the journal looks on there.
        o = self._out
        o.measure()
        if o.tail + o.size > o.limit and not o.room(self._drop) or o.count > 65000:
            self._refuse()
        o.pid = self._session.new_id() if o.first & 6 else 0
        o.encode(topic, payload)
        o.commit()
        if self._session.up:
            self._tick()
            self._flush()
        return o.pid

    def _turn(self):
        if core.Client._turn(self):
            self.journal.work()
            return True
        return self.journal.work()

    def _left(self):
        n = self.journal.due(self._now)
        return max(min(n, core.Client._left(self)), 0)

    def _flush(self):
        if self.journal.must:
            self.journal.barrier()
        return core.Client._flush(self)

    def _close(self):
        self.journal.flush()
        core.Client._close(self)
