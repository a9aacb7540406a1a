"""How fast the board's time goes: everything that a model measures or waits for in the board's seconds asks here."""

import asyncio
import time


class Pace:
    """`rate` seconds of the board in one of the host's."""

    def __init__(self, rate: float = 1):
        if rate <= 0:
            raise ValueError(f"time cannot go {rate} times as fast; rate is a number above 0")
        self.rate = rate

    def now(self) -> float:
        """Seconds of the board since any moment."""
        return time.monotonic() * self.rate

    def measuring(self) -> float:
        """The clock of what measures for milliseconds. It goes faster still: each transfer on a bus takes the host's
        time, during which a conversion must not seem to last as many times longer."""
        return self.now() * self.rate

    def later(self, seconds: float, function, *args) -> asyncio.TimerHandle:
        """Call it after so many of the board's seconds."""
        return asyncio.get_running_loop().call_later(seconds / self.rate, function, *args)

    async def sleep(self, seconds: float):
        await asyncio.sleep(seconds / self.rate)

    async def within(self, seconds: float, event: asyncio.Event):
        """Wait for it, TimeoutError after so many of the board's seconds."""
        await asyncio.wait_for(event.wait(), seconds / self.rate)
