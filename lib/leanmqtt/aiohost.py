# CPython's side of aiowait.py. Never loaded on a microcontroller.
# cold file: CPython allocates anyway
import asyncio


class Wait:
    """What one task sleeps by."""

    def __init__(self):
        self._future = None

    async def on(self, sock, ms, mask):
        """Sleep until `sock` can be read (mask 1) or written (4), for `ms` at most, or until `wake`."""
        loop = asyncio.get_running_loop()
        self._future = loop.create_future()
        timer = loop.call_later(ms / 1000, self.wake)
        fd = sock.fileno() if sock else -1
        try:
            if sock and mask & 1:
                loop.add_reader(fd, self.wake)
            if sock and mask & 4:
                loop.add_writer(fd, self.wake)
            await self._future
        finally:
            self._future = None
            timer.cancel()
            if sock:
                loop.remove_reader(fd)
                loop.remove_writer(fd)

    def wake(self):
        """End the sleep."""
        if self._future and not self._future.done():
            self._future.set_result(None)

    def close(self):
        """Let go of the socket: nothing is held between two sleeps."""

    end = close
