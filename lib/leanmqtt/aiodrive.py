# The task that keeps one plain client going under asyncio: turns, sleeps, the pause while nobody takes messages, the
# end. It hooks into the client by methods put on the instance (what an instance has goes before what its class has).
# The coroutines of the application are aio.py's.
#
# The pause: while the queue of messages is full nothing is read from the socket, so that the broker has to wait. Then
# what would have to be read cannot be missed: the deadlines of PINGRESP and of acknowledgements stand still, and begin
# anew when it reads on. Pings and messages still go out.
import asyncio
import sys

from . import MQTTError
from .port import const

if sys.implementation.name == "micropython":
    from .aiowait import Wait
else:
    from .aiohost import Wait

_MASK = const(0x3FFFFFFF)  # ticks wrap at 30 bits
_GOODBYE_MS = const(200)  # for DISCONNECT to leave and the broker to close
_SENT = const(4)  # states of a record in the outbox: from here on it waits for an acknowledgement
_MESSAGE = const(2)  # an event of the session
_CALL = const(1)  # who is running: a public call, a callback
_BACK = const(2)

# States of the link
_OFF = const(0)
_WAIT = const(1)
_OPENING = const(2)
_SHAKE = const(3)
_UP = const(4)


class Later(Exception):
    """The transport would wait."""


class Probe:
    """Stands in a transport's poller's place to learn what it would wait for."""

    def __init__(self, driver, mask):
        self.driver = driver
        self.mask = mask

    def ipoll(self, ms):
        """Note it."""
        self.driver.ms = ms
        self.driver.mask = self.mask
        return ()


class Driver:
    """Drives `client`, a plain one; `pulse` is called when something happened that may be waited for."""

    def __init__(self, client, pulse):  # cold: once a client
        self.client = client
        self.pulse = pulse
        self.task = self.wait = None
        self.body = None  # the task inside `async with`
        self.error = None  # what a handler raised
        self.lost = None  # why there is no connection any more, and will be none
        self.struck = False  # the body was cancelled because of it
        self.full = False  # the queue of messages
        self.deaf = False  # the end, with a full queue: messages are left to the broker
        self.watched = 0  # how many wait for what no callback tells
        self.limit = -1  # during the pause: the limit for acknowledgements
        self.most = self.since = 0  # ms that connecting may take, since when
        self.leaving = False
        self.ms = self.mask = 0
        self.probes = Probe(self, 1), Probe(self, 5)
        client._receive = self.receive
        client._handle = self.handle
        client._close = self.close
        self.farewell = client._goodbye
        client._goodbye = self.nothing

    # -- for aio.py

    def start(self, most):  # cold: connecting allocates
        """Begin to connect, within `most` ms if it is not 0."""
        c = self.client
        if self.task:
            if c.connected and not self.leaving and c._quit < 0:
                return
            self.abort()
        c._begin(len(c._hosts) if most else 0)
        self.error = self.lost = None
        self.struck = self.leaving = self.deaf = False
        self.most = most
        self.since = c._now
        self.wait = Wait()
        self.task = asyncio.create_task(self.run(self.wait))

    def leave(self, ms, more):  # cold: the end of a connection
        """Begin the end: within `ms`."""
        c = self.client
        if self.task:
            c._lock = _BACK  # it must not wait itself
            try:
                c.disconnect(ms, **more)
            finally:
                c._lock = 0
            self.wake()

    def abort(self):  # cold: the end of a connection
        """End at once, if it has not ended."""
        if self.task:
            c = self.client
            c._quit = -1
            c._shut(_OFF, 0)
            self.wait.close()
            self.over_now()

    def over_now(self):  # cold: the end of a connection
        """The task does nothing any more."""
        w = self.wait
        self.task = self.wait = None
        w.wake()
        self.resume()
        self.pulse()

    def wake(self):
        """Something is to be looked at."""
        if self.wait:
            self.wait.wake()

    def alive(self):
        """Raise what ended the client, if it has ended."""
        if self.over():
            raise MQTTError("the client is not running: use it within `async with`")

    def over(self):
        """True when it ended in order; raises what ended it else."""
        if self.error or self.lost:
            raise self.error or self.lost
        return not self.task

    def others(self):  # cold: the end of a connection
        """Was the body cancelled by somebody else too?"""
        t = asyncio.current_task()
        return hasattr(t, "uncancel") and t.uncancel() > 0

    # -- the task

    async def run(self, wait):  # cold: once a connection
        """What the task does."""
        c = self.client
        try:
            while self.wait is wait and c._state and not self.leaving:
                self.before()
                try:
                    more = c.poll(0)
                except Exception as e:
                    self.failed(e)
                    more = True
                self.after()
                if more or self.leaving or not c._state:
                    await asyncio.sleep(0)
                else:
                    await self.sleep(self.left(), c._state == _OPENING or c._session.tx != 0)
            if self.wait is wait:
                if self.leaving:
                    await self.goodbye(wait)
                else:
                    self.lost = c.last_error
        except Exception as e:  # of the asyncio of this platform, say
            self.failed(e)
        finally:
            if self.wait is wait:
                c._shut(_OFF, 0)
                wait.end()
                self.over_now()
            else:
                wait.end()

    def before(self):
        """Before a turn: is there a pause?"""
        if self.paused():
            self.pause()
        elif self.limit >= 0:
            self.resume()

    def after(self):
        """After a turn: what else is to be looked at."""
        if self.most:
            self.connecting()
        if self.watched:
            self.pulse()

    def failed(self, e):  # cold: a handler raised
        """An exception of a handler or callback: the first is what `async with` shall raise."""
        if not self.error:
            self.error = e
            if self.body:
                self.struck = True
                self.body.cancel()
            self.pulse()

    def connecting(self):  # cold: connecting allocates
        """Watch over the time that connecting may take."""
        c = self.client
        if c._state == _UP or not c._state:
            self.most = 0
        elif c._now - self.since & _MASK >= self.most:
            c._once = 1
            c._lock = _CALL
            try:
                c._fail(-34 if c._state == _WAIT else -33)
            finally:
                c._lock = 0

    def left(self):
        """Milliseconds until something is due."""
        c = self.client
        c._tick()
        n = c._left()
        if c._quit >= 0:
            n = min(n, max(c._quit - (c._now - c._quit_at & _MASK), 0))
        if self.most:
            n = min(n, max(self.most - (c._now - self.since & _MASK), 0))
        return n

    def sleep(self, ms, write):
        """An awaitable: until the transport can go on, or for `ms`."""
        t = self.client.transport
        sock = t.sock
        self.ms = self.mask = 0
        if sock:
            self.ask(t, ms, write)
            if self.paused():
                self.mask &= 4
            else:
                ms = self.ms
        return self.wait.on(sock, ms, self.mask)

    def ask(self, t, ms, write):
        """What would the transport wait for? Its poller, at the bottom, is asked instead of the system."""
        while hasattr(t, "_below"):
            t = t._below
        real = t._poll
        t._poll = self.probes
        self.client.transport.wait(ms, write)
        t._poll = real

    # -- the pause

    def paused(self):
        """Is nothing read?"""
        c = self.client
        return self.full and c._state == _UP and c._quit < 0

    def pause(self):
        """The pause goes on, or begins."""
        c = self.client
        s = c._session
        if self.limit < 0:
            self.limit = s.limit
            s.limit = 0
        c._tick()
        s.last_rx = c._now
        self.pay(c.transport)

    def pay(self, t):
        """What a transport promised to write and would write when read: it is not read now."""
        while t:
            if getattr(t, "_owed", 0) > 0 or getattr(t, "tx_len", 0) > 0:
                t._pay()
            t = getattr(t, "_below", None)

    def resume(self):
        """The pause is over: all deadlines begin anew."""
        if self.limit < 0:
            return
        c = self.client
        s = c._session
        s.limit = self.limit
        self.limit = -1
        c._tick()
        s.last_rx = c._now
        if s.inbox:
            s.inbox.asked_at = c._now
        self.stamp(c._out, c._now)

    def stamp(self, o, now):
        """Acknowledgements are awaited from now on."""
        p = o.scan()
        while p < o.next:
            if o.buf[p + 3] >= _SENT:
                o.wait(p, o.buf[p + 3], now)
            p = o.step(p)

    def receive(self):
        """In the place of Link._receive."""
        return not self.paused() and type(self.client)._receive(self.client)

    def handle(self):
        """In the place of Link._handle: it stops where the queue is full."""
        c = self.client
        n = 8
        while n and c._state >= _SHAKE and not self.paused():
            e = c._session.next(c._now)
            if e <= 0:
                if e:
                    return c._fail(e)
                break
            n -= 1
            if e == _MESSAGE and c._quit >= 0 and (self.full or self.deaf):
                self.leave_it(c._session)
            else:
                c._event(e)
        return n < 8

    def leave_it(self, s):  # cold: the end of a connection
        """The message at hand has no room any more: it was not received, and this and all that follow are sent again
        to a session that the broker keeps."""
        self.deaf = True
        s.inbox.turn = -1
        if getattr(s, "owed", False):  # of MQTT 5
            s.owed = False
        elif s.head & 6:
            s.ctl_len -= 4  # the acknowledgement just put
        if s.head & 4:
            s.qos2.leave(s.pid)

    # -- the end

    def close(self):
        """In the place of Client._close, which would wait."""
        self.client._quit = -1
        self.leaving = True

    async def goodbye(self, wait):  # cold: once a connection
        """Client._close with a goodbye that does not hold up other tasks."""
        c = self.client
        s = c._session
        if c._state == _UP:
            c._tick()
            t = c._now
            while s.tx and not c._broken and self.rest(t):  # what is half written
                c._flush()
                await self.sleep(self.rest(t), s.tx != 0)
                if self.wait is not wait:  # abort
                    return
                c._tick()
            if self.bye():
                while self.rest(t):  # closing with bytes unread would reset the connection
                    n = c.transport.read(s)
                    if n is not None and n <= 0:
                        break
                    if n is None:
                        await self.sleep(self.rest(t), False)
                    if self.wait is not wait:
                        return
                    c._tick()
        c._lock = _CALL
        try:
            type(c)._close(c)
        except Exception as e:
            self.failed(e)
        finally:
            c._lock = 0

    def nothing(self):
        """In the place of Link._goodbye: by then it was said."""

    def rest(self, t):
        """Milliseconds that are left of a goodbye that began at `t`."""
        return max(_GOODBYE_MS - (self.client._now - t & _MASK), 0)

    def bye(self):  # cold: once a connection
        """Link._goodbye as far as it goes without waiting; True: the broker has not closed yet."""
        c = self.client
        c.transport.wait = self.later
        c._lock = _CALL
        try:
            self.farewell()
        except Later:
            return True
        finally:
            c._lock = 0
            del c.transport.wait
        return False

    def later(self, ms, write):
        """In the place of the transport's wait."""
        raise Later
