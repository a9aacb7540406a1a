"""The default transport on real sockets: the seam's contract, with a peer in the same process."""

import socket
import time

from harness import raises
from leanmqtt.transport import Tcp


class Span:
    """A window to read into and a span to write."""

    def __init__(self, rx=64, data=b""):
        self.rx, self.want = bytearray(rx), rx
        self.tx_buf, self.tx_off, self.tx_len = bytearray(data), 0, len(data)

    def got(self, n):
        return bytes(self.rx[:n])


def bind():
    """A socket with a free port of 127.0.0.1, and the port. Below the range of outgoing connections."""
    port = 10000 + time.time_ns() // 1000 % 20000
    while True:
        s = socket.socket()
        try:
            s.bind(socket.getaddrinfo("127.0.0.1", port)[0][-1])
            return s, port
        except OSError:
            s.close()
            port += 7


def listen():
    """A listening socket and its port."""
    s, port = bind()
    s.listen(1)
    return s, port


def settled(tcp):
    """Waits for the end of the opening."""
    for _ in range(500):
        if not tcp.opening():
            return
        tcp.wait(10, True)
    raise AssertionError("never open")


def pair():
    """An open transport and its peer."""
    server, port = listen()
    tcp = Tcp()
    tcp.open("127.0.0.1", port)
    settled(tcp)
    peer, _ = server.accept()
    server.close()
    return tcp, peer


def read(tcp, span):
    """What read() answers, once it no longer would block."""
    for _ in range(500):
        n = tcp.read(span)
        if n is not None:
            return n
        tcp.wait(10, False)
    raise AssertionError("nothing came")


def test_nothing_to_read_is_none_and_not_a_wait():
    tcp, peer = pair()
    assert tcp.read(Span()) is None
    peer.close()
    tcp.close()


def test_bytes_arrive_at_the_start_of_the_window():
    tcp, peer = pair()
    peer.send(b"hello")
    span = Span(64)
    n = read(tcp, span)
    assert span.got(n) == b"hello"[:n] and n > 0
    peer.close()
    tcp.close()


def test_no_more_is_read_than_was_wanted():
    tcp, peer = pair()
    peer.send(b"\x20\x02\x00\x05rest")
    span = Span(64)
    span.want = 4
    assert read(tcp, span) == 4 and span.got(4) == b"\x20\x02\x00\x05"
    span.want = 64
    n = read(tcp, span)
    assert span.got(n) == b"rest"[:n]
    peer.close()
    tcp.close()


def test_a_closed_peer_is_0():
    tcp, peer = pair()
    peer.close()
    assert read(tcp, Span()) == 0
    tcp.close()


def test_a_span_is_written_from_its_offset():
    tcp, peer = pair()
    span = Span(8, b"..payload..")
    span.tx_off, span.tx_len = 2, 7
    assert tcp.write(span) == 7
    got = b""
    while len(got) < 7:
        got += peer.recv(100)
    assert got == b"payload"
    peer.close()
    tcp.close()


def test_a_full_socket_takes_a_part_and_then_nothing():
    tcp, peer = pair()
    span, total = Span(8, bytes(100000)), 0
    while True:
        n = tcp.write(span)
        if n is None:
            break
        assert n > 0
        total += n
        assert total < 100000000
    assert tcp.write(span) is None
    peer.setblocking(False)
    while total:
        data = peer.recv(min(total, 65536))
        total -= len(data)
    peer.close()
    tcp.close()


def test_writing_to_a_peer_that_is_gone_ends_in_minus_1():
    tcp, peer = pair()
    peer.send(b"x")
    peer.close()
    answers = []
    for _ in range(200):
        answers.append(tcp.write(Span(8, b"x" * 1000)))
        if answers[-1] == -1:
            break
        tcp.wait(5, False)
    assert answers[-1] == -1
    tcp.close()


def test_a_refused_connection_raises_oserror():
    nobody, port = bind()  # it has the port and does not listen
    tcp = Tcp()

    def attempt():
        tcp.open("127.0.0.1", port)
        settled(tcp)

    raises(OSError, attempt)
    tcp.close()
    nobody.close()


def test_an_unknown_name_raises_oserror():
    raises(OSError, lambda: Tcp().open("no-such-host.invalid", 1883))


def test_close_may_be_called_any_number_of_times():
    tcp, peer = pair()
    for _ in range(3):
        tcp.close()
        assert tcp.sock is None
    assert peer.recv(10) == b""
    peer.close()
    Tcp().close()


def test_the_same_object_opens_again():
    tcp, peer = pair()
    tcp.close()
    peer.close()
    server, port = listen()
    tcp.open("127.0.0.1", port)
    settled(tcp)
    peer, _ = server.accept()
    peer.send(b"again")
    span = Span()
    assert read(tcp, span) > 0
    tcp.close()
    peer.close()
    server.close()


def test_wait_returns_at_once_when_there_is_something_to_do():
    tcp, peer = pair()
    tcp.wait(10000, True)
    peer.send(b"x")
    tcp.wait(10000, False)
    assert tcp.read(Span()) == 1
    peer.close()
    tcp.wait(10000, False)
    tcp.close()
