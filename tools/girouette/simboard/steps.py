"""A board's time in steps: it stands still, and goes on by `Board.advance` only.

The board's waits are what moves it: one in which nothing comes costs the host next to nothing, however long it is, and
what is under way on the network takes the host's time and none of the board's. So a week is over in minutes, each
deadline of the firmware has its length, and what a test does between two advances happens at one moment.
"""

import asyncio
import contextlib
import heapq
import itertools
import time
from collections.abc import Awaitable, Callable

from .pace import Pace

_PATIENCE_S = 60.0  # of the host, for a board that neither waits nor ends
_LOOK_S = 0.02


class Timer:
    """What `later` returns, like an asyncio.TimerHandle."""

    def __init__(self, function: Callable, args: tuple):
        self._function, self._args = function, args

    def cancel(self):
        self._function = None

    def fire(self) -> bool:
        """Whether it was still wanted."""
        if self._function:
            self._function(*self._args)
        return self._function is not None


class Steps(Pace):
    """`runs()`: whether there is a program that goes on to wait; without one only the models' timers are left.

    settle(): gives the network the host's time; True if something has come to the board meanwhile.
    """

    def __init__(self, runs: Callable[[], bool], settle: Callable[[], Awaitable[bool]]):
        super().__init__(1)
        self._runs, self._settle = runs, settle
        self._now = self._until = 0.0
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()
        self._held: set[asyncio.Future] = set()  # waits, while the time stands still
        self._changed = asyncio.Event()

    def now(self) -> float:
        return self._now

    def measuring(self) -> float:
        return self._now

    def later(self, seconds: float, function, *args) -> Timer:
        timer = Timer(function, args)
        heapq.heappush(self._timers, (self._now + seconds, next(self._order), timer))
        return timer

    async def sleep(self, seconds: float):
        """Something holds the board up for so long."""
        end = self._now + seconds
        while self._now < end:
            self._go(end)

    async def within(self, seconds: float, event: asyncio.Event):
        if not event.is_set():
            await self.sleep(seconds)
        if not event.is_set():
            raise asyncio.TimeoutError

    async def wait(self, seconds: float):
        """The board waits at most that long, less if something happens."""
        if await self._settle():
            return
        while self._now >= self._until:
            await self._hold()
        self._go(min(self._now + seconds, self._until))

    async def advance(self, seconds: float):
        """Let so much time pass; returns when it is over and the board waits for more."""
        self._until = self._now + seconds
        for wait in self._held:
            if not wait.done():
                wait.set_result(None)
        self._held.clear()
        last, deadline = self._now, time.monotonic() + _PATIENCE_S
        while not (self._now >= self._until and (self._held or not self._runs())):
            if not self._runs():
                self._go(self._until)
            await self._look()
            if last != self._now:
                last, deadline = self._now, time.monotonic() + _PATIENCE_S
            elif time.monotonic() > deadline:
                raise TimeoutError(f"the board has not waited for {_PATIENCE_S:g} s of the host")

    async def _hold(self):
        wait = asyncio.get_running_loop().create_future()
        self._held.add(wait)
        self._changed.set()
        try:
            await wait
        finally:
            self._held.discard(wait)  # the board may have lost its power

    async def _look(self):
        self._changed.clear()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._changed.wait(), _LOOK_S)

    def _go(self, end: float):
        # Up to there, or to the first timer: what that does may concern the board.
        while self._timers and self._timers[0][0] <= end:
            at, _, timer = heapq.heappop(self._timers)
            self._now = max(at, self._now)
            if timer.fire():
                return
        self._now = max(end, self._now)
