# leanmqtt for asyncio, MicroPython's and CPython's: a Client with coroutines around the plain one, which one task keeps
# going. Loaded only by who imports it. How a task waits for a socket is aiowait.py's, aiohost.py's on CPython; how that
# task drives the plain client aiodrive.py's. No protocol here.
# cold file: every `await` of asyncio allocates
import asyncio
from collections import deque

from . import MQTTError
from .aiodrive import Driver
from .client import Client as Plain
from .port import const

_QUEUED = const(1)  # states of a record in the outbox
_RESEND = const(2)
_HEAD = const(8)

_STUCK = (
    "client.messages is full, and this task, which takes them, would wait for ever: let another task wait, or use"
    " publish_nowait, subscribe_nowait, unsubscribe_nowait"
)


class Message:
    """A message of one's own. topic: str; payload: bytes; properties: those of MQTT 5, a dict, else None."""

    def __init__(self, m):
        self.topic = m.topic
        self.payload = m.payload
        self.qos = m.qos
        self.retain = m.retain
        self.properties = getattr(m, "properties", None)


class Messages:
    """`client.messages`: what no handler took, in its order. Of several loops over it each message goes to one."""

    def __init__(self, driver, size):  # cold: once a client
        self._driver = driver
        self._queue = deque((), size)
        self._size = size
        self._mail = asyncio.Event()
        self._taker = None  # the one task that takes them; False: several do

    def __len__(self):
        return len(self._queue)

    def __aiter__(self):
        return self

    async def __anext__(self):
        task = asyncio.current_task()
        if self._taker is not task:
            self._taker = task if self._taker is None else False
        while not self._queue:
            if self._driver.over():
                raise StopAsyncIteration
            await self._mail.wait()
        m = self._queue.popleft()
        if self._driver.full:
            self._driver.full = False
            self._driver.wake()
        return m

    def _put(self, m):
        self._queue.append(Message(m))
        self._driver.full = len(self._queue) >= self._size
        self._pulse()
        if self._driver.full:
            self._driver.pulse()  # who waits for an answer may wait for ever now

    def _stuck(self):
        """Is nothing read until the very task that runs takes a message?"""
        return self._driver.full and self._taker is asyncio.current_task()

    def _pulse(self):
        # Whoever waits looks again.
        self._mail.set()
        self._mail.clear()


class Client:
    """An MQTT client for asyncio: `async with Client("me", "broker.local") as client`.

    The arguments are those of leanmqtt's Client (`kind`: of another class like it), and messages: how many may wait in
    `client.messages` before no more are read from the socket; connect_ms: how long `async with` waits for the
    connection, 0: not at all; goodbye_ms: how long its end waits for what is pending. Without on_message all that no
    handler takes goes to `client.messages`. Handlers and callbacks are plain functions; the exception of one ends
    `async with`, which raises it. `client.plain` is the plain client; its attributes are this one's too.
    """

    def __init__(
        self, *args, messages=16, connect_ms=10_000, goodbye_ms=2000, kind=Plain, on_message=None, on_connect=None,
        on_disconnect=None, on_subscribed=None, on_delivered=None, **options
    ):  # fmt: skip  # cold: once a client
        if messages < 1:
            raise ValueError("messages must be at least 1, not %r" % (messages,))
        self.on_connect = on_connect
        self.on_disconnect = on_disconnect
        self.on_subscribed = on_subscribed
        self.on_delivered = on_delivered
        self.connect_ms = connect_ms
        self.goodbye_ms = goodbye_ms
        self.plain = c = kind(
            *args, on_connect=self._connect, on_disconnect=self._disconnect, on_subscribed=self._subscribed,
            on_delivered=self._delivered, **options
        )  # fmt: skip
        self._news = asyncio.Event()
        self._driver = Driver(c, self._pulse)
        self.messages = Messages(self._driver, messages)
        c.on_message = on_message or self.messages._put
        self._fates = {}  # packet ids that are awaited; None: not known yet
        self._number = 0  # of the last message of QoS 0 that was awaited
        self._asked = []  # [filter, None or granted] of awaited subscriptions

    def __getattr__(self, name):
        if name == "plain":  # it could not be made
            raise AttributeError(name)
        return getattr(self.plain, name)

    # -- the connection

    async def __aenter__(self):
        await self.connect(self.connect_ms)
        self._driver.body = asyncio.current_task()
        return self

    async def __aexit__(self, kind, error, trace):
        d = self._driver
        d.body = None
        ours = d.struck and not d.others() and kind is asyncio.CancelledError
        try:
            await self.disconnect(self.goodbye_ms)
        except Exception as e:
            if kind is None or ours:
                raise e

    async def connect(self, timeout_ms=10_000):
        """Connect, trying each host once; raises MQTTError that says why not. 0: do not wait, and go on trying."""
        d = self._driver
        d.start(timeout_ms)
        try:
            while timeout_ms and not self.plain.connected:
                d.alive()
                await self._news.wait()
            d.alive()  # on_connect may have raised
        except BaseException:  # cancelled, too
            d.abort()
            raise

    async def disconnect(self, timeout_ms=2000, **more):
        """Wait until nothing is pending or the time is up, then say goodbye. Returns what is left in the outbox.

        Raises what a handler raised. more: what MQTT 5 says with it.
        """
        d = self._driver
        d.leave(timeout_ms, more)
        try:
            while d.task:
                await self._news.wait()
        finally:
            d.abort()
        if d.error:
            raise d.error
        return self.plain.pending

    async def wait_connected(self, connected=True):
        """Wait until there is a connection, or none; `client.connected` says which."""
        while self.plain.connected is not connected:
            self._driver.alive()
            await self._news.wait()

    def _pulse(self):
        self._news.set()
        self._news.clear()
        if self._driver.error or not self._driver.task:
            self.messages._pulse()

    async def _answer(self):
        # Wait for news of what the broker has to answer.
        self._driver.alive()
        if self.messages._stuck():
            raise MQTTError(_STUCK)
        await self._news.wait()

    def _connect(self, present):
        self._pulse()
        if self.on_connect:
            self.on_connect(present)

    def _disconnect(self, error):
        self._pulse()
        if self.on_disconnect:
            self.on_disconnect(error)

    # -- publish

    def publish_nowait(self, topic, payload, qos=1, retain=False, properties=None):
        """Client.publish of the plain client: queue and return the packet id. For handlers, too."""
        pid = self.plain.publish(topic, payload, qos, retain, properties)
        self._driver.wake()
        return pid

    async def publish(self, topic, payload, qos=1, retain=False, properties=None):
        """Publish and wait for the final acknowledgement; at QoS 0 until it is written. Returns the packet id.

        Raises MQTTError where it was dropped, expired or refused, or cannot be known since `messages` is full and
        nobody but this task takes them, and OutboxFull. Cancelled, it leaves the message in the outbox.
        """
        self._driver.alive()
        return await self._settled(self.publish_nowait(topic, payload, qos, retain, properties))

    async def publish_stream(self, topic, length, readinto, qos=1, retain=False, properties=None):
        """The plain client's publish_stream, and wait as `publish` does."""
        self._driver.alive()
        pid = self.plain.publish_stream(topic, length, readinto, qos, retain, properties)
        self._driver.wake()
        return await self._settled(pid)

    async def _settled(self, pid):
        # Wait for what becomes of the message just queued.
        if not pid:
            await self._written()
            return 0
        self._fates[pid] = None
        try:
            while self._fates[pid] is None:
                await self._answer()
            reason = self._fates[pid]
        finally:
            del self._fates[pid]
        if reason:
            raise MQTTError(_why(reason))
        return pid

    def _delivered(self, pid, reason):
        if pid in self._fates:
            self._fates[pid] = reason
            self._pulse()
        if self.on_delivered:
            self.on_delivered(pid, reason)

    async def _written(self):
        # The message of QoS 0 put in last: where it still waits it gets a number in the place of the stamp that it has
        # no use for, and the state of one that must not be dropped.
        o = self.plain._out
        p = o.head
        last = -1
        while p < o.tail:
            last = p
            p = o.step(p)
        if last < 0 or o.buf[last + 3] != _QUEUED or o.buf[last + _HEAD] & 6:
            return
        self._number = n = self._number + 1 & 0xFFFF
        o.buf[last + 3] = _RESEND
        o.buf[last + 6] = n >> 8
        o.buf[last + 7] = n & 255
        self._driver.watched += 1
        try:
            while self._waits(n):
                self._driver.alive()
                await self._news.wait()
        finally:
            self._driver.watched -= 1

    def _waits(self, n):
        o = self.plain._out
        p = o.head
        while p < o.tail:
            if o.buf[p + 7] == n & 255 and o.buf[p + 6] == n >> 8 and o.buf[p + 3] == _RESEND:
                if not o.buf[p + _HEAD] & 6:
                    return True
            p = o.step(p)
        return False

    # -- subscribe

    def subscribe_nowait(self, topic_filter, qos=1, handler=None, **more):
        """The plain client's subscribe."""
        self.plain.subscribe(topic_filter, qos, handler, **more)
        self._driver.wake()

    def unsubscribe_nowait(self, topic_filter, **more):
        """The plain client's unsubscribe."""
        self.plain.unsubscribe(topic_filter, **more)
        self._driver.wake()

    async def subscribe(self, topic_filter, qos=1, handler=None, **more):
        """Subscribe and wait for the broker's answer: the QoS it grants. MQTTError where it refuses.

        handler(message); None: `client.messages`. Cancelled, it leaves the subscription.
        """
        self._driver.alive()
        self.subscribe_nowait(topic_filter, qos, handler, **more)
        asked = [_bytes(topic_filter), None]
        self._asked.append(asked)
        try:
            while asked[1] is None:
                await self._answer()
        finally:
            self._asked.remove(asked)
        if asked[1] >= 128:
            self.unsubscribe_nowait(topic_filter)  # or it would be asked for again on each connection
            raise MQTTError("the broker refused the subscription to %r (code 0x%02x)" % (topic_filter, asked[1]))
        return asked[1]

    async def unsubscribe(self, topic_filter, **more):
        """Give a subscription up, and wait until the broker has confirmed it. MQTTError where it refuses."""
        self._driver.alive()
        self.unsubscribe_nowait(topic_filter, **more)
        self._driver.watched += 1
        try:
            while self._leaves(topic_filter):
                await self._answer()
        finally:
            self._driver.watched -= 1

    def _leaves(self, given):
        s = self._subscription(given)
        if not s or s.qos >= 0:
            return False
        if s.state < 0:
            raise MQTTError("the broker goes on with the subscription to %r (code 0x%02x)" % (given, -s.state))
        return True

    def _subscription(self, given):
        f = _bytes(given)
        for s in self.plain._session.inbox.subs:
            if getattr(s, "full", s.filter) == f:  # of MQTT 5: with the name of the group that shares it
                return s
        return None

    def _subscribed(self, given, code):
        s = self._subscription(given)
        if not s or s.state == 1 or s.state < 0:  # else it was changed meanwhile: another answer will come
            for asked in self._asked:
                if asked[0] == _bytes(given):
                    asked[1] = code
        self._pulse()
        if self.on_subscribed:
            self.on_subscribed(given, code)


def _bytes(s):
    return s.encode() if isinstance(s, str) else bytes(s)


def _why(reason):  # cold: a message that was not delivered
    if reason == -1:
        return "the message was dropped: the outbox was full"
    if reason == -2:
        return "the message expired before it could be sent"
    return "the broker refused the message (code 0x%02x)" % reason
