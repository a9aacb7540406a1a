# A non-blocking byte stream over TCP. The contract, which other transports share:
#   open(host, port)     begin to connect; raises OSError. Name resolution is the one thing that blocks.
#   opening()            True while connecting, False once open; raises OSError when that failed
#   read(span)           read at most span.want bytes to the start of span.rx
#   write(span)          write span.tx_buf[span.tx_off : span.tx_off + span.tx_len]
#                        both answer n > 0 bytes, None: would block, 0: closed by the peer, -1: lost
#   wait(ms, write)    return when readable (or writable, if `write`), or after ms
#   close()              any number of times;  sock: the socket, or None
# No packets and no policy here: when to connect and where to is the client's business.
from .port import Poller, getaddrinfo, sleep_ms, socket


class Tcp:
    """TCP. The addresses of a name are kept until a connect to all of them has failed."""

    def __init__(self):
        self.sock = self._poll = None  # two pollers: for reading, and for reading and writing
        self._hosts = None  # host, port, their addresses; not known once connecting to all of them has failed
        self._tries = 0

    def open(self, host, port):  # cold: connecting allocates
        """Begin a connection to `host`, `port`."""
        self.close()
        self._tries = 0
        if not self._hosts or self._hosts[0] != host or self._hosts[1] != port:
            self._hosts = None
            self._hosts = host, port, getaddrinfo(host, port, 0, 1)
        self._begin()

    def _begin(self):  # cold: connecting allocates
        a = self._hosts[2][self._tries]
        self.sock = s = socket(a[0], a[1], a[2])
        s.setblocking(False)
        self._poll = Poller(), Poller()
        self._poll[0].register(s, 1)
        self._poll[1].register(s, 5)
        try:
            s.connect(a[-1])
        except OSError as e:
            if e.errno not in (115, 119, 11, 36, 10035):  # EINPROGRESS of Linux and lwIP, newlib, BSD; EAGAIN
                self._fail(e)

    def _fail(self, e):  # cold: once a connection
        self.close()
        self._tries += 1
        if self._tries == len(self._hosts[2]):
            self._hosts = None
            raise e
        self._begin()

    def opening(self):  # cold: connecting allocates
        """True while the connection is being made."""
        for _, mask in self._poll[1].ipoll(0):
            if not mask & 0x38:  # POLLERR | POLLHUP | POLLNVAL
                self._poll[0].ipoll(0)  # its first use allocates: better now
                return False
            error = OSError(104)
            try:
                self.sock.readinto(bytearray(1), 1)  # raises what connect met
            except OSError as e:
                error = e
            self._fail(error)
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

    def wait(self, ms, write):
        """Sleep until there is something to do, at most `ms`."""
        if not self.sock:
            sleep_ms(ms)
        else:
            for _ in self._poll[1 if write else 0].ipoll(ms):
                return

    def close(self):
        """Close the socket; nothing of it stays behind."""
        if self.sock:
            self.sock.close()
        self.sock = self._poll = None
