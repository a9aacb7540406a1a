"""A peer that never sleeps: it spins on its socket, so a measurement does not hold the time a broker takes to wake up.

It speaks as little MQTT as a benchmark needs: CONNACK, PUBACK, and a flood of messages after a SUBSCRIBE. No topics,
no sessions, one connection after the other. Started as a process of its own; prints its port.
"""

import socket

CONNACK = b"\x20\x02\x00\x00"
MESSAGES = b"\x30\x14\x00\x0eha/temperature21.5" * 200
CONNECT, PUBLISH, SUBSCRIBE = 1, 3, 8


class Peer:
    """One connection."""

    def __init__(self, sock: socket.socket):
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = sock
        self.rest = b""  # the beginning of a packet whose end has not come yet
        self.flooding = False
        self.flood = memoryview(MESSAGES)

    def serve(self):
        """Spin until the other side is gone."""
        try:
            while True:
                try:
                    data = self.sock.recv(65536)
                except BlockingIOError:
                    if self.flooding:
                        self.pour()
                    continue
                if not data:
                    return
                self.take(self.rest + data)
        except ConnectionError:
            return

    def pour(self):
        try:
            taken = self.sock.send(self.flood)
        except BlockingIOError:
            return
        self.flood = self.flood[taken:] or memoryview(MESSAGES)

    def take(self, data: bytes):
        """Answer every whole packet in `data`. No packet of the benchmark is longer than 127 bytes."""
        at, end, replies = 0, len(data), []
        while at + 1 < end and at + 2 + data[at + 1] <= end:
            if data[at] != 0x30:  # QoS 0 publishes come by the hundred thousand and need no answer
                replies.append(self.reply(data, at))
            at += 2 + data[at + 1]
        self.rest = data[at:]
        if replies:
            self.sock.sendall(b"".join(replies))

    def reply(self, data: bytes, at: int) -> bytes:
        kind = data[at] >> 4
        if kind == CONNECT:
            return CONNACK
        if kind == PUBLISH:
            packet_id = at + 4 + (data[at + 2] << 8 | data[at + 3])
            return b"\x40\x02" + data[packet_id : packet_id + 2]
        if kind == SUBSCRIBE:
            self.flooding = True
            return b"\x90\x03" + data[at + 2 : at + 4] + b"\x00"
        return b""


def main():
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            sock, _ = server.accept()
            with sock:
                Peer(sock).serve()


if __name__ == "__main__":
    main()
