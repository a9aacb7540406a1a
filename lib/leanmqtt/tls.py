# TLS over TCP: the transport of a Client with `tls=`, and loaded only then. The contract is that of transport.py.
# What the options become is tlsmake.py's, the words of what fails tlswords.py's, CPython's side tlshost.py's.
#
# MicroPython has no call for a step of the handshake and none that tells whether it is over: it goes on within reads
# and writes. So the first read and write are what drive it, under the deadline of CONNACK; until CONNACK comes, what
# they raise is kept for its words (_cold).
#
# A TLS write that would block has already become a record, and the next one must have the same bytes. The session
# may have changed its mind by then, so these bytes are kept here (_kept, _owed), count as written, and go first.
import gc
import sys
from time import gmtime

from .port import Mover, const, release
from .transport import Tcp

if sys.implementation.name == "micropython":

    def wrap(context, sock, name):  # cold: once a connection
        """A TLS stream over `sock`, its handshake not begun."""
        return context.wrap_socket(sock, server_hostname=name, do_handshake_on_connect=False)

else:
    from .tlshost import wrap

_CHUNK = const(512)  # of one TLS record: what must be kept when it cannot leave
_LOOK_MS = const(50)  # in the handshake
_FULL_MS = const(5)  # with more to read and no room to answer
_YEAR = const(2024)  # a clock before it was never set
_SHAKE = const(3)  # a state of the link: for CONNACK


class Tls(Tcp):
    """TLS for one client. options: as tlsmake.py says, or an SSLContext."""

    def __init__(self, client, options):  # cold: once a client
        from .tlsmake import made

        Tcp.__init__(self)
        self._context, self._hostname, self._log, self._certified, self._insecure = made(options)
        release("tlsmake")
        self._tls = self._name = self._fault = None
        self._cold = self._sent = False
        self._kept = bytearray(_CHUNK)
        self._more = False  # there may be more to read that the socket knows nothing of: it is decrypted already
        self._owed = 0  # bytes of _kept that were promised
        self._size = 0  # bytes of the record that is being written
        self._mover = Mover()
        self._client = client
        client._fail = self._failed  # what an instance has goes before what its class has
        client.due_ms = self._due

    def open(self, host, port):  # cold: connecting allocates
        """Begin a connection; `host` is who the certificate must be of, unless a hostname was given."""
        self._name = self._hostname or host
        self._fault = None  # of a connection before, if nobody was told
        Tcp.open(self, host, port)

    def opening(self):  # cold: connecting allocates
        """True while the TCP connection is being made; what follows goes through TLS."""
        if Tcp.opening(self):
            return True
        if self._insecure:
            self._log("TLS does not verify %s: whoever answers there is believed (insecure)" % self._name)
        gc.collect()  # the handshake wants large pieces
        try:
            self._tls = wrap(self._context, self.sock, self._name)
        except (OSError, ValueError, MemoryError) as e:
            self._fault = e
            raise OSError(12)
        self._cold = True
        return False

    # -- bytes

    def read(self, span):
        """Read to the window of `span`."""
        if self._cold:
            return self._first_read(span)
        if self._owed:
            self._pay()
        n = self._take(span)
        self._more = n == span.want
        return n

    def _take(self, span):
        try:
            return self._tls.readinto(span.rx, span.want)
        except OSError:
            return -1

    def write(self, span):
        """Write what `span` says, or the beginning of it."""
        if self._cold:
            return self._first_write(span)
        if self._owed and not self._pay():
            return None if self._owed > 0 else -1
        self._size = min(span.tx_len, _CHUNK)
        n = self._send(span)
        return self._keep(span) if n is None else n

    def _send(self, span):
        try:
            return self._tls.write(span.tx_buf, span.tx_off, self._size)
        except OSError:
            return -1

    def _keep(self, span):
        self._owed = self._size
        self._mover.move(self._kept, 0, span.tx_buf, span.tx_off, self._size)
        return self._size

    def _pay(self):
        """Write what is owed; True when it is gone. A fault makes it -1."""
        n = self._rest() if self._owed > 0 else -1
        if n is None:
            return False
        self._owed = 0 if n > 0 else -1
        return n > 0

    def _rest(self):
        try:
            return self._tls.write(self._kept, 0, self._owed)
        except OSError:
            return -1

    def wait(self, ms, write):
        """Sleep until there is something to do, at most `ms`."""
        if self._cold:  # it is almost always the other side's turn
            Tcp.wait(self, min(ms, _LOOK_MS), False)
        elif not self._more:
            Tcp.wait(self, ms, write or self._owed)
        elif write or self._owed:
            Tcp.wait(self, min(ms, _FULL_MS), True)

    def _due(self):
        # Client.due_ms, for a loop of the application's own
        return 0 if self._more else type(self._client).due_ms(self._client)

    def close(self):
        """Close the connection; nothing of it stays behind."""
        if self._tls:
            self._tls.close()  # after a failed handshake this does not close what is below
        self._tls = None
        self._cold = self._sent = self._more = False
        self._owed = 0
        Tcp.close(self)

    # -- the handshake

    def _first_read(self, span):  # cold: the handshake
        try:
            n = self._tls.readinto(span.rx, span.want)
        except (OSError, ValueError) as e:
            if not self._fault or "ALERT" in str(e):  # a second is an echo, or what the broker said before it closed
                self._fault = e
            return -1
        if n:
            self._cold = False
            if not self._insecure and gmtime()[0] < _YEAR:  # it was not looked at, or it would have failed
                self._log("TLS: this firmware does not check the dates of certificates: one that is over still passes")
        return n

    def _first_write(self, span):  # cold: the handshake
        try:
            n = self._tls.write(span.tx_buf, span.tx_off, min(span.tx_len, _CHUNK))
        except (OSError, ValueError) as e:
            self._fault = self._fault or e
            return -1
        if n:
            self._sent = True
        return n

    def _failed(self, e):  # cold: the end of a connection
        """Link._fail, in words of TLS where it is TLS that failed."""
        state = self._client._state
        if self._fault or self._cold and state == _SHAKE and (e == -30 or e == -32 and not self._sent):
            from .tlswords import fault

            e = fault(self._fault, e, self._name, self._certified, self._sent)
            release("tlswords")
        self._fault = None
        return type(self._client)._fail(self._client, e)
