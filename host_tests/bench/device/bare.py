# The limit: a bare non-blocking socket that writes the same bytes and spins for the same acknowledgement.
from socket import getaddrinfo, socket

CONNECT = b"\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04bare"
QOS0 = b"\x30\x14\x00\x0eha/temperature21.5"
QOS1 = b"\x32\x16\x00\x0eha/temperature\x00\x0121.5"
SUBSCRIBE = b"\x82\x09\x00\x01\x00\x04ha/#\x00"
DISCONNECT = b"\xe0\x00"


class Subject:
    def __init__(self, host, port):
        self.sock = socket()
        self.sock.connect(getaddrinfo(host, port)[0][-1])
        self.sock.write(CONNECT)
        self.sock.read(4)
        self.sock.setblocking(False)
        self.buf = bytearray(32)
        self.waiting = 0

    def write(self, packet):
        at = 0
        while at < len(packet):
            at += self.sock.write(packet, at, len(packet) - at) or 0

    def publish0(self, n):
        write = self.sock.write
        size = len(QOS0)
        while n:
            k = write(QOS0)
            if k == size:
                n -= 1
            elif k:
                self.write(QOS0[k:])
                n -= 1

    def publish1(self, n):
        write = self.sock.write
        read = self.sock.readinto
        while n:
            write(QOS1)
            k = 4
            while k:
                k -= read(self.buf, k) or 0
            n -= 1

    def window1(self, n):
        # Eight of the same id are the same bytes; a broker answers each.
        write = self.sock.write
        read = self.sock.readinto
        while n:
            if self.waiting < 32:  # bytes of acknowledgements
                write(QOS1)
                self.waiting += 4
                n -= 1
            else:
                self.waiting -= read(self.buf, 32) or 0

    def subscribe(self, topic_filter):
        self.write(SUBSCRIBE)
        n = 5
        while n:
            n -= self.sock.readinto(self.buf, n) or 0

    def receive0(self, n):
        read = self.sock.readinto
        size = len(QOS0)
        while n:
            k = read(self.buf, size)
            while k != size:
                k = (k or 0) + (read(self.buf, size - (k or 0)) or 0)
            n -= 1

    def close(self):
        self.sock.close()
