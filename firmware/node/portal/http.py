"""A small HTTP server: several visitors at once, nobody waited for, nothing of a request kept that nobody asks for.

Of the head only the first line, Host, Content-Length and a cookie are kept, of a line its first bytes; a body has a
limit. An answer is an iterator of pieces of bytes. A visitor who is slow is given up, and the slowest one when a new
one comes and there is no room. RFC 9112, of which an answer to one request on each connection is enough. What is
asked and answered is not known here.
"""
# cold file: nothing of a node that is set up is here

import gc
import socket

from micropython import const

_MOST = const(4)  # visitors at once
_LINE = const(256)
_HEAD = const(8_192)
_BODY = const(2_048)
_SWALLOWED = const(65_536)  # of a body that is too long: who still writes does not read
_SLOW_MS = const(8_000)  # without a byte either way
_FAIR_MS = const(300)  # the same, while others wait for room
_READ = const(256)

COOKIE = b"visitor="

_HEADING = const(0)
_IN_BODY = const(1)
_ANSWERING = const(2)


class Visitor:
    """One connection and its request: method, path, host (all bytes), body; token: what its cookie says, or None."""

    def __init__(self, sock, now):
        self.sock = sock
        self.moved = now  # when a byte went either way
        self.method = self.path = self.host = self.body = b""
        self.token = None
        self.refused = None  # the status of an answer that needs no handler
        self.state = _HEADING
        self.pieces = None
        self._line = b""
        self._head = self._length = 0
        self._piece = b""

    def feed(self, data):
        """What came in; True once the request is whole."""
        at = 0
        while self.state == _HEADING and at < len(data):
            at = self._heading(data, at)
        if self.state == _IN_BODY:
            if self.refused is None:
                self.body += data[at:]
            self._length -= len(data) - at
            if self._length <= 0:
                self.state = _ANSWERING
        return self.state == _ANSWERING

    def _heading(self, data, at):
        end = data.find(b"\n", at)
        stop = len(data) if end < 0 else end
        self._line += data[at : min(stop, at + _LINE - len(self._line))]
        self._head += stop - at
        if self._head > _HEAD:
            self._refuse(b"431 Request Header Fields Too Large")
        elif end >= 0:
            self._ended(self._line.strip())
            self._line = b""
        return stop + 1

    def _ended(self, line):
        if not line and self.method:
            self._begin_body()
        elif not self.method:
            words = line.split(b" ")
            self.method, self.path = (words[0], words[1]) if len(words) > 1 else (b"?", b"")
        else:
            name, _, value = line.partition(b":")
            name, value = name.lower(), value.strip()
            if name == b"host":
                self.host = value
            elif name == b"cookie" and COOKIE in value:  # others may have been given one at the same address
                self.token = value[value.find(COOKIE) + len(COOKIE) :].split(b";")[0]
            elif name == b"content-length":
                self._length = int(value) if value.isdigit() and len(value) < 9 else _SWALLOWED + 1

    def _begin_body(self):
        if self._length > _SWALLOWED:
            return self._refuse(b"413 Content Too Large")
        self.state = _IN_BODY
        if self.method not in (b"GET", b"HEAD", b"POST"):
            self.refused = b"405 Method Not Allowed"
        elif self._length > _BODY:
            self.refused = b"413 Content Too Large"

    def _refuse(self, status):
        self.refused = status
        self.state = _ANSWERING

    def send(self):
        """Write what the socket takes: None while it takes no more now, False at the end."""
        while True:
            if not self._piece:
                self._piece = next(self.pieces, None)
                if self._piece is None:
                    return False
            n = self.sock.write(self._piece)
            if n is None:
                return None
            if not n:
                return False
            self._piece = self._piece[n:]


class Server:
    """Listens on port 80. answer(visitor) makes the pieces of an answer."""

    def __init__(self, answer, poller, clock):
        self._answer = answer
        self._poller = poller
        self._clock = clock
        self._visitors = []
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(socket.getaddrinfo("0.0.0.0", 80)[0][-1])
        self._listener.listen(_MOST)
        self._listener.setblocking(False)
        poller.register(self._listener, 1)

    def turn(self):
        """What can be done without waiting."""
        self._accept()
        now = self._clock.ticks_ms()
        for visitor in list(self._visitors):
            try:
                self._serve(visitor, now)
            except (OSError, MemoryError):  # it is gone, or asks for more than there is
                self._leave(visitor)
            if visitor in self._visitors and self._clock.ticks_diff(now, visitor.moved) > _SLOW_MS:
                self._leave(visitor)

    def close(self):
        for visitor in list(self._visitors):
            self._leave(visitor)
        self._poller.unregister(self._listener)
        self._listener.close()

    def _accept(self):
        now = self._clock.ticks_ms()
        slowest = None
        if len(self._visitors) == _MOST:
            slowest = max(self._visitors, key=lambda one: self._clock.ticks_diff(now, one.moved))
            if self._clock.ticks_diff(now, slowest.moved) < _FAIR_MS:
                return  # who comes waits
        try:
            sock = self._listener.accept()[0]
        except OSError:  # nobody
            return
        if slowest:
            self._leave(slowest)
        sock.setblocking(False)
        self._poller.register(sock, 1)
        self._visitors.append(Visitor(sock, self._clock.ticks_ms()))

    def _serve(self, visitor, now):
        if visitor.state != _ANSWERING:
            data = visitor.sock.read(_READ)
            if data is None:
                return
            visitor.moved = now
            if not data:
                return self._leave(visitor)
            if not visitor.feed(data):
                return
            gc.collect()
            visitor.pieces = iter(refusal(visitor.refused) if visitor.refused else self._answer(visitor))
            if visitor.method == b"HEAD":
                visitor.pieces = iter((next(visitor.pieces),))
            self._poller.modify(visitor.sock, 4)
        piece = visitor._piece
        if visitor.send() is False:
            self._leave(visitor)
        elif visitor._piece is not piece:
            visitor.moved = now

    def _leave(self, visitor):
        self._poller.unregister(visitor.sock)
        visitor.sock.close()
        self._visitors.remove(visitor)
        if hasattr(visitor.pieces, "close"):  # of a page that is still open
            visitor.pieces.close()


def head(status, *lines):
    """The beginning of an answer. Nothing may be kept: not by a phone, and not by what is in between."""
    return b"\r\n".join((b"HTTP/1.1 " + status, b"Connection: close", b"Cache-Control: no-store") + lines + (b"", b""))


def refusal(status):
    """The pieces of an answer that is only its status, in words."""
    return (head(status, b"Content-Type: text/plain", b"Content-Length: %d" % len(status)), status)
