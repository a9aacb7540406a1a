"""What is under way between the board and the world, for a board whose time stands still meanwhile (steps.py)."""

import asyncio
import contextlib
import time

_ANSWER_S = 0.25  # of the host: who has not answered until then does not
_QUIET_S = 0.0015  # after which nothing more is expected


class Traffic:
    """The network tells what it has seen; `settle` waits for the rest."""

    def __init__(self):
        self._asked = self._arrived = False
        self._last = 0.0
        self._news = asyncio.Event()

    def went(self):
        """The board has asked the world something."""
        self._asked, self._last = True, time.monotonic()

    def came(self):
        """Something is there for the board to see."""
        self._asked, self._arrived, self._last = False, True, time.monotonic()
        self._news.set()

    def forget(self):
        """The board is off."""
        self._asked = self._arrived = False

    async def settle(self) -> bool:
        """Until no answer is under way; True as soon as one has come."""
        for _ in range(4):  # what the board has just sent has yet to be read, here
            await asyncio.sleep(0)
        while not self._arrived:
            left = self._last + (_ANSWER_S if self._asked else _QUIET_S) - time.monotonic()
            if left <= 0:
                break
            self._news.clear()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._news.wait(), left)
        arrived, self._arrived = self._arrived, False
        if not arrived:
            self._asked = False
        return arrived
