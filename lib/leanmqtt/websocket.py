# MQTT over WebSocket (RFC 6455): the transport of a Client whose `host` is ws:// or wss://, and loaded only then. The
# contract is that of transport.py, upwards and downwards: it runs over TCP, over tls.py, over any other.
# What the addresses and headers become is wsmake.py's, the opening handshake wsopen.py's, the words of what fails
# wswords.py's. Nothing of MQTT's packets: they are not aligned to frames [MQTT-6.0.0-2].
#
# A frame goes out of a buffer of this file's own: the mask must not touch the bytes of who writes, who keeps them to
# send them again. What of it cannot leave at once counts as written and goes first the next time, as with TLS.
# Of what comes in, a header is read to its last byte and not further, and the payload behind it straight to where it
# is wanted: nothing is ever read ahead, and nothing is copied.
import sys

from .port import Mover, const, pack_into, release

if sys.implementation.name == "micropython":
    from array import array

    def buffers(n):  # cold: once a client
        """Room for n bytes, as bytes for who writes and as 16-bit numbers for who masks."""
        a = array("H", bytes(n))
        return a, a

else:

    def buffers(n):
        """Room for n bytes, as bytes for who writes and as 16-bit numbers for who masks."""
        b = bytearray(n)
        return b, memoryview(b).cast("H")


_CHUNK = const(504)  # payload of a frame; with 4 bytes of header and 4 of mask it fills one record of tls.py
_ROOM = const(520)  # and what copying 64 bytes at a time writes behind it
_BINARY = const(0x82)  # a first byte: the last frame of a message, and its kind
_CLOSE = const(0x88)
_PONG = const(0x8A)

# What is read next
_FIRST = const(0)  # a header's first byte
_LENGTH = const(1)  # its second
_LONGER = const(2)  # more of the length
_CONTROL = const(3)  # payload of a control frame; that of a data frame is what _data counts

# Faults; wswords.py has the same numbers
_CLOSED = const(1)
_MASKED = const(2)
_RESERVED = const(3)
_TEXT = const(4)
_KIND = const(5)
_CUT = const(6)
_ORDER = const(7)
_LARGE = const(8)


class WebSocket:
    """WebSocket for one client. headers: of the opening handshake, by their names; below: what it runs over, or TCP.

    To a Client with a scheme in `host` it may be given as `transport`, for the sake of its headers.
    """

    def __init__(self, headers=None, below=None):  # cold: once a client
        from .wsmake import lines

        self._headers = lines(headers)
        self._below = below
        self._client = self._step = self._fault = None
        self._ctl = bytearray(126)  # payload of the control frame read last
        self._in = bytearray(8)
        self._kept, self._halves = buffers(_ROOM)
        self._mover = Mover()
        self.tx_buf = self._kept  # what is read and written below: this is a span for it
        self.tx_off = self.tx_len = 0  # tx_len > 0: promised and not written; -1: no more can be
        self.rx = None
        self.want = 0
        self._up = False
        self._reset()

    def _reset(self):
        self._part = _FIRST
        self._need = 2  # bytes that are sure to follow in a header or a control frame
        self._head = self._size = self._got = 0
        self._data = 0  # bytes that are left of a data frame
        self._within = False  # more frames of this message follow
        self._pong = -1  # length of the answer to a ping that is still to be written

    def bind(self, client, below, paths, usual):  # cold: once a client
        """It is `client`'s now. paths: by (name, port), of any other by None; usual: the port that need not be said."""
        self._client = client
        self._below = below
        self._paths = paths
        self._usual = usual
        self._rand = client.rand
        self._end = client._fail  # the class's, or that of TLS
        client._fail = self._failed  # what an instance has goes before what its class has

    @property
    def sock(self):
        """The socket, or None."""
        return self._below.sock

    # -- the connection

    def open(self, host, port):  # cold: connecting allocates
        """Begin a connection."""
        self._fault = None
        self._below.open(host, port)

    def opening(self):  # cold: connecting allocates
        """True while the connection is being made, and while the opening handshake goes on."""
        if not self._step:
            if self._below.opening():
                return True
            from .wsopen import Opening

            release("wsopen")
            self._step = Opening(self)
        if self._step.goes_on():
            return True
        self._step = self.rx = None
        self.tx_buf = self._kept
        self._up = True
        return False

    def wait(self, ms, write):
        """Sleep until there is something to do, at most `ms`."""
        if self._step:  # it is the other side's turn
            write = False
        self._below.wait(ms, write or self.tx_len > 0)

    def close(self):  # cold: the end of a connection
        """Say goodbye, if that can be done at once, and close the connection; nothing of it stays behind."""
        if not self._client:  # the first call of a Client that was told of no WebSocket by its host
            raise ValueError("a WebSocket as transport needs ws:// or wss:// in host")
        if self._up:
            self._goodbye(1000)
            self._drain()
        self._up = False
        self._step = self.rx = None
        self._below.close()
        self.tx_buf = self._kept
        self.tx_len = 0
        self._reset()

    def _failed(self, e):  # cold: the end of a connection
        """Link._fail, in words of WebSocket where that is what failed."""
        if self._step or self._fault:
            from .wswords import fault

            release("wswords")
            e = fault(self, e)
        self._fault = None
        return self._end(e)

    # -- out

    def write(self, span):
        """Write what `span` says, or the beginning of it, as a frame."""
        if not self._free():
            return None if self.tx_len > 0 else -1
        n = min(span.tx_len, _CHUNK)
        self._frame(_BINARY, span.tx_buf, span.tx_off, n)  # [MQTT-6.0.0-1]
        self._pay()
        return n if self.tx_len >= 0 else -1

    def _free(self):
        """Write what is promised, and the answer to a ping; True: another frame may be made."""
        if self.tx_len and not self._pay():
            return False
        if self._pong < 0:
            return True
        self._frame(_PONG, self._ctl, 0, self._pong)
        self._pong = -1
        return self._pay()

    def _pay(self):
        """Write what is promised: True when it is gone."""
        while self.tx_len > 0:
            n = self._below.write(self)
            if n is None:
                return False
            if n <= 0:
                self.tx_len = -1
            else:
                self.tx_off += n
                self.tx_len -= n
        return not self.tx_len

    def _frame(self, first, src, at, n):
        """Make a frame of n bytes of `src`."""
        self._header_of(first, n)
        self._copy(self.tx_len, src, at, n)
        self._mask(self.tx_len - 4 >> 1, n)
        self.tx_len += n

    def _header_of(self, first, n):
        self.tx_off = 0
        if n < 126:
            pack_into("BB", self._kept, 0, first, n | 0x80)
            self.tx_len = 6  # with the mask
        else:
            pack_into(">BBH", self._kept, 0, first, 0xFE, n)
            self.tx_len = 8

    def _copy(self, p, src, q, n):
        while n > 0:
            self._mover.load(src, q)
            pack_into("64s", self._kept, p, self._mover.tmp)
            p += 64
            q += 64
            n -= 64

    def _mask(self, i, n):
        """Mask the n bytes behind number i, each frame with a mask of its own (RFC 6455, 5.3)."""
        a = self._halves
        j = a[i] = self._rand(16)
        k = a[i + 1] = self._rand(16)
        i += 2
        n = i + (n + 1 >> 1)
        while i < n:
            a[i] ^= j
            a[i + 1] ^= k
            i += 2

    # -- in

    def read(self, span):
        """Read to the window of `span` what data frames carry."""
        if self.tx_len:
            self._free()
        while not self._data:
            n = self._header()
            if n != 1:
                return n
        self.rx = span.rx
        self.want = min(span.want, self._data)
        n = self._below.read(self)
        if n is not None and n > 0:
            self._data -= n
        return n

    def _header(self):
        # Read on in a header or a control frame. 1: go on; None: nothing, or enough for one turn; 0 and -1: the end.
        self.rx = self._in
        self.want = min(self._need, 8)
        n = self._below.read(self)
        if n is None or n <= 0:
            return n
        k = i = 0
        while i < n:
            k = self._byte(self._in[i])
            i += 1
        return k

    def _byte(self, c):
        self._need -= 1
        if self._part == _CONTROL:
            if self._head != _PONG:  # nobody asked for that
                self._ctl[self._got] = c
            self._got += 1
            return 1 if self._need else self._control()
        if self._part == _FIRST:
            self._head = c
            self._part = _LENGTH
            return 1
        if self._part == _LENGTH:
            return self._length(c)
        if self._size >> 22:
            return self._wrong(_LARGE, 1009)
        self._size = self._size << 8 | c
        return 1 if self._need else self._begin()

    def _length(self, c):
        k = self._head & 15
        if c > 127:
            return self._wrong(_MASKED, 1002)
        if self._head & 0x70:
            return self._wrong(_RESERVED, 1002)
        if k == 1:  # [MQTT-6.0.0-1]
            return self._wrong(_TEXT, 1003)
        if k > 10 or 2 < k < 8:
            return self._wrong(_KIND, 1002)
        if k > 7:
            if c > 125 or self._head < 128:
                return self._wrong(_CUT, 1002)
        elif self._within is not (k == 0):
            return self._wrong(_ORDER, 1002)
        self._size = c
        if c < 126:
            return self._begin()
        self._size = 0
        self._need = 2 if c == 126 else 8
        self._part = _LONGER
        return 1

    def _begin(self):
        # A header is complete.
        if self._head & 8:
            self._part = _CONTROL
            self._got = 0
            self._need = self._size
            if self._head != _PONG:
                self._pong = -1  # of pings only the last needs an answer, and its bytes are about to take the place
            return 1 if self._size else self._control()
        self._within = self._head < 128
        self._part = _FIRST
        self._need = 2
        self._data = self._size
        return 1 if self._size else None

    def _control(self):
        # A control frame is complete.
        self._part = _FIRST
        self._need = 2
        if self._head == _CLOSE:
            self._fault = _CLOSED
            self._goodbye(self._ctl[0] << 8 | self._ctl[1] if self._got > 1 else 0)
            return 0
        if self._head != _PONG:
            self._pong = self._got
            self._free()
        return None

    # -- the end

    def _wrong(self, fault, code):  # cold: the end of a connection
        self._fault = fault
        self._goodbye(code)
        return -1

    def _goodbye(self, code):  # cold: the end of a connection
        """Write a close frame with `code`, 0: without one, if it can be done at once, and nothing after it."""
        if not self.tx_len or self._pay():
            self._ctl[0] = code >> 8
            self._ctl[1] = code & 255
            self._frame(_CLOSE, self._ctl, 0, 2 if code else 0)
            self._pay()
        self.tx_len = -1

    def _drain(self):  # cold: the end of a connection
        # A socket that is closed with bytes unread resets the connection, and the close frame might be lost with it.
        self.rx = self._kept
        self.want = _ROOM
        for _ in range(8):
            n = self._below.read(self)
            if n is None or n <= 0:
                return
