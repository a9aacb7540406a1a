"""The other end of a WebSocket, written from RFC 6455: a server that does what a test says, and a gateway to a plain
broker that cuts what it passes on into whatever frames and segments a test wants.

What must not live here: leanmqtt. What a client must never do is a complaint, which closing the peer raises.
"""

import base64
import contextlib
import hashlib
import select
import socket
import threading

BINARY, CLOSE, PING, PONG = 2, 8, 9, 10
CONNACK = b"\x20\x02\x00\x00"
_SEED = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def frame(payload=b"", code=BINARY, fin=True, reserved=0, mask=False, length=None) -> bytes:
    """A frame of a server. length: the form of the length field in bytes, 0, 2 or 8; None: the shortest."""
    size = len(payload)
    if length is None:
        length = 0 if size < 126 else 2 if size < 65536 else 8
    first = fin << 7 | reserved << 4 | code
    second = mask << 7 | {0: size, 2: 126, 8: 127}[length]
    return bytes([first, second]) + (size.to_bytes(length, "big") if length else b"") + bytes(4 * mask) + payload


def accept(request: bytes) -> str:
    """What answers the key of a request."""
    return base64.b64encode(hashlib.sha1(headers(request)["sec-websocket-key"].encode() + _SEED).digest()).decode()


def headers(request: bytes) -> dict:
    """Of a request, by their names in small letters."""
    pairs = (line.split(": ", 1) for line in request.decode().split("\r\n")[1:] if line)
    return {name.lower(): value for name, value in pairs}


def answer(request: bytes, status="101 Switching Protocols", **changed) -> bytes:
    """A good answer; `changed` names headers with _ for -, None leaves one out."""
    lines = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Accept": accept(request),
        "Sec-WebSocket-Protocol": "mqtt",
    }
    for name, value in changed.items():
        lines[name.replace("_", "-")] = value
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
    return f"HTTP/1.1 {status}\r\n{text}\r\n".encode()


class Listener:
    """Takes connections on `port`, in a thread of its own; a subclass says what becomes of one: `taken(sock)`."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.taken(sock)

    def hang_up(self):
        """No more; who waits for a caller is told."""
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def request_of(sock) -> bytes:
    """The request that a client sends, b"" if it ends before that is whole."""
    request = b""
    while not request.endswith(b"\r\n\r\n"):
        data = sock.recv(1)
        if not data:
            return b""
        request += data
    return request


class Frames:
    """Reads a client's frames; `complaints` of what a client must not send."""

    def __init__(self):
        self.rest = b""
        self.masks = []
        self.sizes = []
        self.complaints = []

    def feed(self, data: bytes):
        """(code, payload) of each frame that is complete."""
        self.rest += data
        while (found := self._one()) is not None:
            yield found

    def _one(self):
        data = self.rest
        if len(data) < 2:
            return None
        size, at = data[1] & 127, 2
        if size > 125:
            wide = 2 if size == 126 else 8
            size, at = int.from_bytes(data[2 : 2 + wide], "big"), 2 + wide
            if len(data) >= at and size < (126 if wide == 2 else 65536):
                self.complaints.append(f"a length of {size} in {wide} bytes")
        if len(data) < at + 4 + size:
            return None
        if not data[1] & 128:
            self.complaints.append("a frame without a mask")
        if data[0] not in (0x82, 0x88, 0x8A):
            self.complaints.append(f"a frame that begins with {data[0]:#x}")
        mask = data[at : at + 4]
        payload = bytes(c ^ mask[i & 3] for i, c in enumerate(data[at + 4 : at + 4 + size]))
        self.masks.append(mask)
        self.sizes.append(size)
        self.rest = data[at + 4 + size :]
        return data[0] & 15, payload


class Server(Listener):
    """Accepts connections, one after the other: each gets `opening(request)` as its answer and is then `talk`ed to.

    talk(peer): runs in the server's thread with a Peer; without one the connection is kept until the client ends it.
    """

    def __init__(self, opening=answer, talk=None, context=None):
        self.opening, self.talk, self.context = opening, talk, context
        self.requests = []
        self.peers = []
        self.failures = []
        super().__init__()

    def taken(self, sock):
        with contextlib.suppress(OSError), sock:
            sock.settimeout(30)
            self._serve(self.context.wrap_socket(sock, server_side=True) if self.context else sock)

    def _serve(self, sock):
        request = request_of(sock)
        if not request:
            return
        self.requests.append(request)
        reply = self.opening(request)
        if reply is not None:
            sock.sendall(reply)
        if reply == b"":
            return
        peer = Peer(sock)
        self.peers.append(peer)
        try:
            if self.talk:
                self.talk(peer)
            peer.drain()
        except AssertionError as e:
            self.failures.append(e)

    def close(self):
        self.hang_up()
        complaints = [text for peer in self.peers for text in peer.frames.complaints]
        assert not complaints and not self.failures, complaints + self.failures


class Peer:
    """One client, seen from a server."""

    def __init__(self, sock):
        self.sock = sock
        self.frames = Frames()
        self.got = []  # (code, payload)

    def send(self, *frames, each=0):
        """each: so many bytes of them in a segment; 0: all at once."""
        data = b"".join(frames)
        for i in range(0, len(data), each or len(data)):
            self.sock.sendall(data[i : i + (each or len(data))])

    def next(self):
        """The next frame of the client that was not taken yet; None at the end."""
        while not self.got:
            data = self.sock.recv(4096)
            if not data:
                return None
            self.got.extend(self.frames.feed(data))
        return self.got.pop(0)

    def connected(self):
        """It has sent its CONNECT and gets its CONNACK."""
        code, payload = self.next()
        assert code == BINARY and payload[:1] == b"\x10", (code, payload)
        self.send(frame(CONNACK))

    def drain(self):
        """What comes until the client ends the connection."""
        found = []
        while (one := self.next()) is not None:
            found.append(one)
        return found


class Gateway(Listener):
    """A WebSocket in front of a plain broker. shape(data) -> list of segments for the client, frames in them.

    slow: reads from the client so many bytes at a time.
    """

    def __init__(self, port, shape=lambda data: [frame(data)], slow=65536):
        self.target, self.shape, self.slow = port, shape, slow
        self.frames = []
        self.pongs = []
        self.closes = []
        self.sockets = []
        self.plugged = True
        super().__init__()

    def taken(self, sock):
        threading.Thread(target=self._pair, args=(sock,), daemon=True).start()

    def _pair(self, near):
        with contextlib.suppress(OSError), near:
            request = request_of(near)
            if not request or not self.plugged:
                return
            with socket.create_connection(("127.0.0.1", self.target)) as far:
                far.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.sockets.append((near, far))
                near.sendall(answer(request))
                self._pass(near, far)

    def _pass(self, near, far):
        frames = Frames()
        self.frames.append(frames)
        while True:
            ready, _, _ = select.select([near, far], [], [], 60)
            if far in ready:
                data = far.recv(65536)
                for segment in self.shape(data) if data else [frame((1000).to_bytes(2, "big"), CLOSE)]:
                    near.sendall(segment)
                if not data:
                    return
            if near in ready:
                data = near.recv(self.slow)
                if not data:
                    return
                for code, payload in frames.feed(data):
                    if code == BINARY:
                        far.sendall(payload)
                    else:
                        (self.pongs if code == PONG else self.closes).append(payload)

    def cut(self):
        """Ends every connection now."""
        for pair in self.sockets:
            for sock in pair:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
        self.sockets = []

    def close(self):
        self.hang_up()
        self.cut()
        complaints = [text for frames in self.frames for text in frames.complaints]
        assert not complaints, complaints
