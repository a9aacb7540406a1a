"""The board's UDP: one door of this process per destination, as net.py has for TCP, and on the same port number.

Nothing gets through while the network does not flow, and nobody is told. What goes to a modelled time server is
answered here; the rest goes out and its answers come back, from the address that the board sent to.
"""

import asyncio
import contextlib
import socket

from . import ntp


class Gate:
    """Where the board's datagrams for one destination go through. OSError if the local port is taken."""

    def __init__(self, net, host: str, port: int, local: int):
        self._net, self._host, self._port = net, host, port
        self._server = net.time_servers.at.get(host) if port == ntp.PORT else None
        self._nobody = host in net.time_servers.at and self._server is None
        self._sock = self._bound(local)
        self._ways: dict[tuple, socket.socket] = {}  # to the world, by the address of the board's socket
        self._tasks = [net.spawn(self._serve())]

    def _bound(self, port: int) -> socket.socket:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(False)
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            sock.close()
            raise
        return sock

    def lead(self, host: str, port: int):
        """To another destination from now on."""
        self._host, self._port = host, port
        for task in self._tasks[1:]:
            task.cancel()
        for sock in self._ways.values():
            sock.close()
        self._ways.clear()

    def close(self):
        for task in self._tasks:
            task.cancel()
        for sock in (self._sock, *self._ways.values()):
            sock.close()

    async def _serve(self):
        loop = asyncio.get_running_loop()
        while True:
            data, near = await loop.sock_recvfrom(self._sock, 2048)
            if not self._net.flows or self._nobody:
                continue
            if self._server:
                self._tell(self._server, data, near)
            else:
                with contextlib.suppress(OSError):
                    self._way(near).send(data)

    def _tell(self, server, request: bytes, near: tuple):
        answer = server.answer(request)
        if answer and server.delay:
            self._net.pace.later(server.delay, self._back, answer, near)
        elif answer:
            self._back(answer, near)

    def _back(self, data: bytes, near: tuple):
        if self._net.flows:
            with contextlib.suppress(OSError):
                self._sock.sendto(data, near)
                self._net.traffic.came()

    def _way(self, near: tuple) -> socket.socket:
        if near not in self._ways:
            self._ways[near] = far = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            far.setblocking(False)
            far.connect((self._host, self._port))
            self._tasks.append(self._net.spawn(self._return(far, near)))
        return self._ways[near]

    async def _return(self, far: socket.socket, near: tuple):
        while True:
            try:
                data = await asyncio.get_running_loop().sock_recv(far, 2048)
            except ConnectionRefusedError:  # nobody there; the next one may find somebody
                continue
            self._back(data, near)
