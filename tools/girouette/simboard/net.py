"""The network between the board and the world: every TCP link of the board passes through here, UDP by datagrams.py.

The board's sockets are real ones. What its `getaddrinfo` returns is a listener of this process, one per destination;
each connection to it is carried on to where the board wanted to go, in chunks of a radio frame. So a link can be held
still (nothing flows, nothing is reset: a lost radio), slowed, or cut, and a board that loses its power leaves its
peer with a link that is open and dead. Lives on the board's event loop; nothing here knows MicroPython.
"""

import asyncio
import contextlib
import socket
import struct

from .datagrams import Gate
from .ntp import TimeServers
from .pace import Pace
from .traffic import Traffic

_CHUNK = 1436  # one Wi-Fi frame of TCP
_ROOM = 2880  # what each side may have under way; Linux doubles it
_DNS_PATIENCE_S = 5.0
EAI_FAIL = -202  # what an ESP32's getaddrinfo raises


def _reset(sock: socket.socket):
    """Close with RST: the peer sees a reset, not an end."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


class Link:
    """One TCP connection of the board: its end, and the end towards the world."""

    def __init__(self, net: "Network", near: socket.socket, far: socket.socket):
        self._net, self._near, self._far = net, near, far
        self._abandoned = False
        self._life = net.spawn(self._live())

    async def _live(self):
        ways = [asyncio.create_task(self._carry(*ends)) for ends in ((self._near, self._far), (self._far, self._near))]
        end = _reset
        try:
            await asyncio.gather(*ways)
            end = socket.socket.close
        except (OSError, asyncio.CancelledError):  # reset by one side, or cut
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        self._net.links.discard(self)
        end(self._near)
        self._net.traffic.came()
        if self._abandoned:
            await self._haunt()
        end(self._far)

    async def _carry(self, source: socket.socket, sink: socket.socket):
        loop = asyncio.get_running_loop()
        while data := await loop.sock_recv(source, _CHUNK):
            await self._net.flow(len(data))
            await loop.sock_sendall(sink, data)
            self._seen(sink)
        await self._net.flow(0)
        sink.shutdown(socket.SHUT_WR)
        self._seen(sink)

    def _seen(self, sink: socket.socket):
        if sink is self._near:
            self._net.traffic.came()
        else:
            self._net.traffic.went()

    async def _haunt(self):
        """The end of a board that is gone: silent, until it is back on the air and answers what it does not know."""
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await asyncio.get_running_loop().sock_recv(self._far, 1)
            await self._net.flow(0)

    def cut(self):
        """Reset both ends."""
        self._life.cancel()

    def abandon(self):
        """The board is gone without a word."""
        self._abandoned = True
        self._life.cancel()


class Network:
    """The board's TCP and UDP. `names` adds to what the host can resolve; `pace` is the board's time."""

    def __init__(self, names: dict[str, str] | None, time_servers: TimeServers, pace: Pace):
        self.links: set[Link] = set()
        self.time_servers = time_servers
        self.pace = pace
        self.traffic = Traffic()
        self._names = names or {}
        self._doors: dict[object, Door] = {}
        self._tasks: set[asyncio.Task] = set()
        self._connected, self._frozen = False, False
        self._flowing = asyncio.Event()
        self._bytes_per_s: float | None = None

    # What the board's chip and a test may change

    def connected(self, yes: bool):
        """The chip has, or has lost, its address."""
        self._connected = yes
        self._update()

    def freeze(self, yes: bool):
        """Nothing gets through, and nobody is told."""
        self._frozen = yes
        self._update()

    def slow(self, bytes_per_second: float | None):
        self._bytes_per_s = bytes_per_second

    def cut(self):
        for link in list(self.links):
            link.cut()

    def power_lost(self):
        """The links stay open towards the world until it notices: that is what a last will is for."""
        for link in list(self.links):
            link.abandon()
        self.traffic.forget()

    def close(self):
        """Stop listening; what is still open ends with the event loop's tasks."""
        for door in self._doors.values():
            door.close()

    async def resolve(self, host: str, port: int) -> int:
        """The local port that leads to this destination. OSError(-202) as on an ESP32."""
        try:
            socket.inet_aton(host)
        except OSError:
            host = await self._look_up(host)
        return self.door(host, port).port

    def door(self, host: str, port: int, of: object = None) -> "Door":
        """The door to a destination, or the one `of` something that is led to its own later."""
        key = of or (host, port)
        while key not in self._doors:
            with contextlib.suppress(OSError):  # the port number may be taken for one of the two
                self._doors[key] = Door(self, host, port)
                self._update()
        return self._doors[key]

    def spawn(self, coroutine) -> asyncio.Task:
        """A task that is kept until it is done."""
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def flow(self, count: int):
        """Wait until `count` bytes are through the air."""
        if self._bytes_per_s:
            await asyncio.sleep(count / self._bytes_per_s)
        await self._flowing.wait()

    @property
    def flows(self) -> bool:
        """Whether anything gets through."""
        return self._flowing.is_set()

    # Inside

    def _update(self):
        if self._connected and not self._frozen:
            self._flowing.set()
        else:
            self._flowing.clear()
        for door in self._doors.values():
            door.set("open" if self._flowing.is_set() else "silent" if self._connected else "shut")

    async def _look_up(self, name: str) -> str:
        if not self._connected:
            raise OSError(EAI_FAIL)
        loop = asyncio.get_running_loop()
        try:
            await self.pace.within(_DNS_PATIENCE_S, self._flowing)
            if name in self._names:
                return self._names[name]
            if address := self.time_servers.address(name):
                return address
            return (await loop.getaddrinfo(name, None, family=socket.AF_INET, type=socket.SOCK_STREAM))[0][4][0]
        except (OSError, asyncio.TimeoutError):
            raise OSError(EAI_FAIL) from None


class Door:
    """The listener behind which one destination lies, and beside it the gate for datagrams.

    Open: connections are carried on. Shut (the chip has no address): refused at once. Silent (the radio is lost and
    the chip does not know): a connection neither opens nor fails, since the listener's queue is full and the SYN lost.
    """

    def __init__(self, net: Network, host: str, port: int):
        self._net, self._host, self._port = net, host, port
        self._keeper = self._bound(0)  # keeps the port while nothing listens on it
        self.port = self._keeper.getsockname()[1]
        try:
            self._gate = Gate(net, host, port, self.port)
        except OSError:
            self._keeper.close()
            raise
        self._state = "shut"
        self._listener: socket.socket | None = None
        self._accepting: asyncio.Task | None = None
        self._stuffing: list[socket.socket] = []

    def set(self, state: str):
        if state == self._state:
            return
        self._state = state
        self._stop_listening()
        if state != "shut":
            self._listener = self._bound(self.port)
            self._listener.listen(8 if state == "open" else 0)
        if state == "open":
            self._accepting = self._net.spawn(self._accept())
        if state == "silent":
            self._stuff()

    def lead(self, host: str, port: int):
        """To another destination from now on."""
        self._host, self._port = host, port
        self._gate.lead(host, port)

    def close(self):
        self.set("shut")
        self._gate.close()
        self._keeper.close()

    def _bound(self, port: int) -> socket.socket:
        sock = socket.socket()
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _ROOM)
        sock.bind(("127.0.0.1", port))
        return sock

    def _stop_listening(self):
        for sock in (self._listener, *self._stuffing):
            if sock:
                sock.close()
        self._listener = None
        self._stuffing.clear()
        if self._accepting:
            self._accepting.cancel()
        self._accepting = None

    def _stuff(self):
        for _ in range(2):  # a queue of length 0 still takes one
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect_ex(("127.0.0.1", self.port))
            self._stuffing.append(sock)

    async def _accept(self):
        loop = asyncio.get_running_loop()
        while True:
            near, _ = await loop.sock_accept(self._listener)
            near.setblocking(False)
            self._net.traffic.went()
            self._net.spawn(self._carry_on(near))

    async def _carry_on(self, near: socket.socket):
        far = socket.socket()
        far.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(far, (self._host, self._port))
            far.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._net.links.add(Link(self._net, near, far))
        except OSError:
            far.close()
            _reset(near)
            self._net.traffic.came()
