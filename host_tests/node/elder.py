"""A broker that may know MQTT 3.1.1 only: stands in front of one that knows more, and keeps each CONNECT."""

import contextlib
import select
import socket
import threading

from girouette.trace import packets

_UNACCEPTABLE = b"\x20\x02\x00\x01"  # CONNACK of 3.1.1: unacceptable protocol version


class Elder:
    """On `host` and `port`. knows: the protocol levels that it lets through; hellos: `packets.Packet`s of CONNECT."""

    host = "127.0.0.1"

    def __init__(self, broker, knows=(4,)):
        self._broker, self._knows = broker, knows
        self.hellos: list[packets.Packet] = []
        self._listener = socket.create_server((self.host, 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def close(self):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _run(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near):
        with contextlib.suppress(OSError), near:
            near.settimeout(60)
            hello = self._hello(near)
            if self.hellos[-1].version not in self._knows:
                near.sendall(_UNACCEPTABLE)
                return
            with socket.create_connection((self._broker.host, self._broker.port)) as far:
                far.sendall(hello)
                ends = {near: far, far: near}
                while all(self._passed(end, ends[end]) for end in select.select([near, far], [], [])[0]):
                    pass

    def _hello(self, near) -> bytes:
        """The CONNECT packet, of less than 16 KB, byte by byte."""
        head = near.recv(2, socket.MSG_WAITALL)
        size = head[1] & 127
        if head[1] & 128:
            head += near.recv(1, socket.MSG_WAITALL)
            size |= head[2] << 7
        body = near.recv(size, socket.MSG_WAITALL)
        self.hellos.append(packets.decode(head[0], body, 4, len(head) + size, size))
        return head + body

    @staticmethod
    def _passed(end, other) -> bool:
        data = end.recv(65536)
        other.sendall(data)
        return bool(data)
