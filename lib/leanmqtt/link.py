# The life of the connection: which host, when, with what patience; the reconnect with full-jitter
# backoff; the deadlines of TCP connect and CONNACK; bytes between transport and session. It knows no
# subscriptions, handlers or public calls: those are client.py's.
from .codec import connect
from .port import const, release

_MASK = const(0x3FFFFFFF)  # ticks wrap at 30 bits
_OPEN_MS = const(10_000)  # deadline of TCP connect, and again of CONNACK
_STABLE_MS = const(60_000)  # a link that lasts this long has forgiven the failures before it
_ASK_MS = const(250)  # between two questions whether the network is ready
_GOODBYE_MS = const(200)  # for DISCONNECT to leave and the broker to close

# States; client.py has the same numbers
_OFF = const(0)
_WAIT = const(1)  # for the backoff and the network
_OPENING = const(2)
_SHAKE = const(3)  # for CONNACK
_UP = const(4)


class Link:
    """What a Client is made of below its public calls."""

    def __init__(self, session, hosts, clock, transport):
        self._session = session
        self._hosts = hosts
        self.clock = clock
        self.transport = transport
        self._host = 0
        self._tries = 0  # failures in a row
        self._once = 0  # connect(): hosts still to be tried
        self.last_error = None
        self._now = clock() & _MASK
        self._looked = -1  # when the deadlines were looked at last
        self._enter(_OFF, 0)
        self.connected = self._broken = False  # broken: a fault of writing, with which poll ends the connection

    def _enter(self, state, ms):
        self._state = state
        self._since = self._now
        self._delay = ms  # how long it may last

    def _tick(self):
        self._now = self.clock() & _MASK

    def _left(self):
        # Milliseconds until something is to be done without any byte arriving.
        if self._state == _UP:
            return max(self._session.due(self._now), 0)
        if self._state == _OFF:
            return _MASK
        return max((self._delay if self._state == _WAIT else _OPEN_MS) - (self._now - self._since & _MASK), 0)

    # -- up

    def _wait(self):
        """Is it still too early to connect?"""
        if self._now - self._since & _MASK < self._delay:
            return True
        if self.ready and not self.ready():
            self._enter(_WAIT, _ASK_MS)
            return True
        return False

    def _advance(self):  # cold: connecting allocates
        """One step towards a connection; True when something came of it."""
        try:
            if self._state == _WAIT:
                self._enter(_OPENING, 0)
                self.transport.open(*self._hosts[self._host])
                self._tick()  # name resolution may have taken long
                self._enter(_OPENING, 0)
                return True
            if self.transport.opening():
                return (self._now - self._since & _MASK) >= _OPEN_MS and self._fail(-31)
        except OSError as e:
            return self._fail(e)
        self._enter(_SHAKE, 0)
        self._session.open(connect(*self._who), self._now)
        if self._session.inbox:
            self._session.inbox.prompt(self.transport.sock)
        return True

    def _pump(self):
        """Write and read what there is; True when something was handled."""
        k = self._flush()
        if self._receive():
            k = True
            if self._state >= _SHAKE:
                self._flush()
        if self._broken:
            return self._fail(self._broken)
        if self._state < _UP:
            if self._state == _SHAKE and (self._now - self._since & _MASK) >= _OPEN_MS:
                return self._fail(-32)
            return k
        if self._now != self._looked:  # once a millisecond is enough
            self._looked = self._now
            if self._tries and (self._now - self._since & _MASK) >= _STABLE_MS:
                self._tries = 0
            e = self._session.tick(self._now)
            if e:
                return self._fail(e)
            if self._session.ctl_len:  # a PINGREQ, before poll goes to sleep
                self._flush()
        return k

    def _flush(self):
        """Write what waits, at most eight spans; True when bytes went out."""
        n = 8
        while n and not self._broken and self._session.span(self._now):
            k = self.transport.write(self._session)
            if not k:
                break
            if k < 0:
                self._broken = -30
                break
            self._session.wrote(k, self._now)
            n -= 1
        return n < 8

    def _receive(self):
        s = self._session
        if s.pos < s.have:
            if self._handle():
                return True
            if s.pos < s.have:  # answers must leave first
                return False
        n = self.transport.read(s)
        if n is None:
            return False
        if n <= 0:
            return self._fail(-30)
        s.pos = 0
        s.have = n
        s.last_rx = self._now
        return self._handle()

    def _handle(self):
        n = 8
        while n and self._state >= _SHAKE:
            e = self._session.next(self._now)
            if e <= 0:
                if e:
                    return self._fail(e)
                break
            n -= 1
            self._event(e)
        return n < 8

    # -- down

    def _shut(self, state, ms):
        """Close the connection, if there is one, and go on in `state`."""
        self.transport.close()
        self._session.close()
        self._broken = self.connected = False
        self._enter(state, ms)

    def _fail(self, e):  # cold: the end of a connection
        """The connection, or the attempt at one, ended with the fault or OSError `e`; always True."""
        from .words import fault

        release("words")
        up = self._state == _UP
        self.last_error = fault(e, None if up else self._hosts[self._host])
        if not up:
            self._host = (self._host + 1) % len(self._hosts)
        if self._once:
            self._once -= 1
            self._shut(_WAIT if self._once else _OFF, 0)
        elif self.reconnect:
            # Full jitter: anything up to a bound that doubles with each failure in a row. Where the broker does
            # not authorise this client, trying again soon will not help: the upper half of the highest bound.
            n = self.backoff_ms[1]
            k = n // 2
            if e != -4 and e != -5:
                n = min(n, self.backoff_ms[0] << min(self._tries, 16))
                k = 0
            self._tries += 1
            self._shut(_WAIT, k + ((n - k >> 5) * self.rand(10) >> 5))
        else:
            self._shut(_OFF, 0)
        self._call(self.on_disconnect, self.last_error)
        return True

    def _goodbye(self):  # cold: once a connection
        """Write DISCONNECT behind what is half written, and nothing after it [MQTT-3.14.4-2]."""
        s = self._session
        s.put(0xE0, 0)
        t = self._now
        while self._now - t & _MASK < _GOODBYE_MS:
            if s.tx or s.ctl_len:
                n = self.transport.write(s) if s.span(self._now) else -1
                if n:
                    if n < 0:
                        return
                    s.wrote(n, self._now)
                    continue
            else:  # closing with bytes unread would reset the connection, and DISCONNECT might be lost with it
                n = self.transport.read(s)
                if n is not None and n <= 0:
                    return
            if n is None:
                self.transport.wait(_GOODBYE_MS, s.tx != 0)
            self._tick()
