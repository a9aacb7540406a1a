"""Stands between a node and its broker: every byte goes on at once and as it is, and is then looked at.

Nothing of MQTT is known here.
"""

import asyncio
import time
from collections.abc import Callable

from girouette.errors import Failure

from .conversation import DOWN, UP, Conversation, Line

_PIECE = 64 * 1024


class Proxy:
    """`tell(line)` gets what there is to see."""

    def __init__(self, listen: tuple[str, int], broker: tuple[str, int], tell: Callable, memory: int):
        self._listen, self._broker, self._tell, self._memory = listen, broker, tell, memory
        self._count = 0
        self._serving: set[asyncio.Task] = set()

    async def run(self, ready: Callable = lambda port: None):
        """Until it is cancelled. `ready` gets the port."""
        try:
            server = await asyncio.start_server(self._serve, *self._listen)
        except OSError as e:
            words = f"cannot listen on port {self._listen[1]}: {e.strerror}; choose another: --listen N"
            raise Failure(words) from None
        try:
            ready(server.sockets[0].getsockname()[1])
            await asyncio.Future()  # until it is cancelled
        finally:
            server.close()
            for task in self._serving:
                task.cancel()
            await asyncio.gather(*self._serving, return_exceptions=True)

    async def _serve(self, reader, writer):
        task = asyncio.current_task()
        self._serving.add(task)
        try:
            await self._pass_on(reader, writer)
        finally:
            self._serving.discard(task)

    async def _pass_on(self, reader, writer):
        self._count += 1
        talk = Conversation(self._count, memory=self._memory)
        host, port = writer.get_extra_info("peername")[:2]
        self._event(talk, UP, f"{host}:{port} connects")
        try:
            broker = await asyncio.open_connection(*self._broker)
        except OSError as e:
            where = ":".join(map(str, self._broker))
            self._event(talk, DOWN, f"the broker {where} does not answer: {e.strerror or e}", True)
            writer.close()
            return
        try:
            await self._join(talk, (reader, writer), broker)
        finally:
            for end in (writer, broker[1]):
                end.close()

    async def _join(self, talk: Conversation, node, broker):
        """Both directions, until one of the two closes; then what the other has under way goes on, too."""
        pumps = {
            asyncio.create_task(self._pump(talk, UP, node[0], broker[1])): UP,
            asyncio.create_task(self._pump(talk, DOWN, broker[0], node[1])): DOWN,
        }
        try:
            done, left = await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            side = pumps[next(iter(done))]
            if left:
                await asyncio.wait(left, timeout=2)
        finally:
            for pump in pumps:
                pump.cancel()
        self._lines(talk.closed(side, time.time(), f"closed by the {'node' if side == UP else 'broker'}"))

    async def _pump(self, talk: Conversation, side: str, reader, writer):
        try:
            while data := await reader.read(_PIECE):
                writer.write(data)
                self._lines(talk.feed(side, data, time.time()))
                await writer.drain()
            writer.write_eof()
        except (ConnectionError, OSError):
            writer.transport.abort()  # a reset is passed on as one

    def _event(self, talk: Conversation, side: str, words: str, wrong: bool = False):
        self._tell(Line(time.time(), talk.number, side, None, words, [], wrong))

    def _lines(self, lines: list[Line]):
        for line in lines:
            self._tell(line)
