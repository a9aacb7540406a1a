# How a task of MicroPython's asyncio waits for a socket and a deadline at once, and is woken: what asyncio itself has
# no call for. The task sleeps in asyncio's queue of times; two other tasks, one for reading and one for writing, wait
# for the socket and bring it forward. CPython's side is aiohost.py. Nothing of MQTT belongs here.
#
# A socket stays registered until it is ready: a turn in which only time passes allocates nothing.
from asyncio import core
from time import ticks_add, ticks_ms

from .port import const

_LONGEST = const(0xFFFFFFF)  # ms; half of what ticks can tell

_STARTING = const(0)  # states of a watch
_PARKED = const(1)  # in no queue of asyncio
_ARMED = const(2)  # waits for the socket, or is ready to run


class Once:
    """Hands control back to asyncio once: an awaitable that is used again and again."""

    def __init__(self):
        self._again = StopIteration()
        self._ran = False

    def __iter__(self):
        self._ran = False
        return self

    def __next__(self):
        if self._ran:
            self._over()
            self._again.__traceback__ = None
            raise self._again
        self._ran = True
        self._begin()

    def _begin(self):
        pass

    def _over(self):
        pass


class Watch(Once):
    """A task that wakes `wait` when its socket is ready."""

    def __init__(self, wait):  # cold: once a connection
        Once.__init__(self)
        self._wait = wait
        self.state = _STARTING
        self.task = core.create_task(self._run())

    async def _run(self):
        while True:
            self.state = _PARKED
            self._wait.wake()
            await self

    def arm(self, sock, write):
        """Wait for `sock`."""
        if self.state == _PARKED:
            self.state = _ARMED
            now = core.cur_task
            core.cur_task = self.task  # it is who waits
            if write:
                core._io_queue.queue_write(sock)
            else:
                core._io_queue.queue_read(sock)
            core.cur_task = now

    def park(self):
        """Wait no more."""
        if self.state == _ARMED and self.task.data is core._io_queue:
            core._io_queue.remove(self.task)
            self.task.data = None
            self.state = _PARKED


class Wait(Once):
    """What one task sleeps by."""

    def __init__(self):  # cold: once a connection
        Once.__init__(self)
        self._sock = None
        self._mask = self._ms = 0
        self._task = None  # while it sleeps
        self._read = Watch(self)
        self._write = Watch(self)

    def on(self, sock, ms, mask):
        """An awaitable: sleep until `sock` can be read (mask 1) or written (4), for `ms` at most, or until `wake`."""
        if sock is not self._sock or mask != self._mask:
            self.close()
            self._sock = sock
            self._mask = mask
        if sock:
            if mask & 1:
                self._read.arm(sock, False)
            if mask & 4:
                self._write.arm(sock, True)
        self._ms = min(ms, _LONGEST)
        return self

    def _begin(self):
        self._task = core.cur_task
        core._task_queue.push(core.cur_task, ticks_add(ticks_ms(), self._ms))

    def _over(self):
        self._task = None

    def wake(self):
        """End the sleep."""
        t = self._task
        if t and not t.data:  # else it is being cancelled
            core._task_queue.remove(t)
            core._task_queue.push(t)

    def close(self):
        """Let go of the socket."""
        self._sock = None
        self._read.park()
        self._write.park()

    def end(self):
        """Nobody sleeps any more."""
        self._task = None
        self.close()
