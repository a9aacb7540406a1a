# A non-blocking byte stream over TCP. The contract, which other transports share:
#   open(host, port)     begin to connect; raises OSError. Name resolution is the one thing that blocks.
#   opening()            True while connecting, False once open; raises OSError when that failed
#   read(span)           read at most span.want bytes to the start of span.rx
#   write(span)          write span.tx_buf[span.tx_off : span.tx_off + span.tx_len]
#                        both answer n > 0 bytes, None: would block, 0: closed by the peer, -1: lost
#   wait(ms, writing)    return when readable (or writable, if `writing`), or after ms
#   close()              any number of times;  sock: the socket, or None
# No packets and no policy here: when to connect and where to is the client's business.
from .port import Poller, getaddrinfo, sleep_ms, socket


class Tcp:
    """TCP. The addresses of a name are kept until a connect to all of them has failed."""

    def __init__(self):
        self.sock = self.reader = self.writer = self.name = self.addrs = None
        self.tried = 0

    def open(self, host, port):  # cold: connecting allocates
        """Begin a connection to `host`, `port`."""
        self.close()
        self.tried = 0
        if not self.addrs or self.name != (host, port):
            self.addrs = None
            self.addrs = getaddrinfo(host, port, 0, 1)
            self.name = host, port
        self._connect()

    def _connect(self):  # cold: connecting allocates
        a = self.addrs[self.tried]
        self.sock = s = socket(a[0], a[1], a[2])
        s.setblocking(False)
        self.reader = Poller()
        self.reader.register(s, 1)
        self.writer = Poller()
        self.writer.register(s, 5)  # in and out
        try:
            s.connect(a[-1])
        except OSError as e:
            if e.errno not in (115, 119, 11, 36, 10035):  # EINPROGRESS of Linux and lwIP, newlib, BSD; EAGAIN
                self._failed(e)

    def _failed(self, error):  # cold: once a connection
        self.close()
        self.tried += 1
        if self.tried == len(self.addrs):
            self.addrs = None
            raise error
        self._connect()

    def opening(self):  # cold: connecting allocates
        """True while the connection is being made."""
        for _, mask in self.writer.ipoll(0):
            if not mask & 0x38:  # POLLERR | POLLHUP | POLLNVAL
                return False
            error = OSError(104)
            try:
                self.sock.readinto(bytearray(1), 1)  # raises what connect met
            except OSError as e:
                error = e
            self._failed(error)
        return True

    def read(self, span):
        """Read to the window of `span`."""
        try:
            return self.sock.readinto(span.rx, span.want)
        except OSError:
            return -1

    def write(self, span):
        """Write what `span` says."""
        try:
            return self.sock.write(span.tx_buf, span.tx_off, span.tx_len)
        except OSError:
            return -1

    def wait(self, ms, writing):
        """Sleep until there is something to do, at most `ms`."""
        if not self.sock:
            sleep_ms(ms)
        else:
            for _ in (self.writer if writing else self.reader).ipoll(ms):
                return

    def close(self):
        """Close the socket; nothing of it stays behind."""
        if self.sock:
            self.sock.close()
        self.sock = self.reader = self.writer = None
