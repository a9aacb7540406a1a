"""The client on real sockets of CPython: names, address families, links that end in every way."""

import contextlib
import select
import socket
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from leanmqtt import Client, MQTTError
from support import free_port, wait_for

LIB = Path(__file__).parents[2] / "lib"
CONNACK = b"\x20\x02\x00\x00"


class Server:
    """Accepts one connection after the other; each gets the next of the answers, at once or after CONNECT."""

    def __init__(self, *answers, family=socket.AF_INET, address="127.0.0.1", reset=False):
        self.listener = socket.create_server((address, 0), family=family)
        self.port = self.listener.getsockname()[1]
        self.answers, self.reset = answers, reset
        self.sockets, self.received = [], []
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        for answer in self.answers:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            self.sockets.append(sock)
            self.received.append(sock.recv(1000))
            sock.sendall(answer)
            if self.reset:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                sock.close()

    def close(self):
        self.listener.close()
        for sock in self.sockets:
            sock.close()


@pytest.fixture
def server():
    """Server(...), closed at the end."""
    with contextlib.ExitStack() as stack:
        yield lambda *args, **kwargs: stack.enter_context(contextlib.closing(Server(*args, **kwargs)))


def test_connect_and_disconnect(server):
    peer = server(CONNACK)
    client = Client("a", "127.0.0.1", peer.port)
    client.connect()
    assert client.connected and client.sock is not None and client.sock.fileno() > 0
    client.disconnect()
    assert client.sock is None
    assert peer.sockets[0].recv(10) == b"\xe0\x00" and peer.sockets[0].recv(10) == b""


@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_ipv6(server, host):
    peer = server(CONNACK, family=socket.AF_INET6, address="::1")
    client = Client("a", [(host, peer.port)] if host == "::1" else f"{host}:{peer.port}")
    client.connect()
    assert client.connected
    client.disconnect()


@pytest.mark.parametrize("family, address", [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_every_address_of_a_name_is_tried(server, family, address):
    """localhost is 127.0.0.1 and ::1; the server listens on one of them."""
    peer = server(CONNACK, family=family, address=address)
    if family not in {entry[0] for entry in socket.getaddrinfo("localhost", 0)}:
        peer = server(CONNACK)  # this machine's localhost has one address only: then that one must do
    client = Client("a", "localhost", peer.port)
    client.connect()
    assert client.connected
    client.disconnect()


def test_a_refusal_is_read_though_the_broker_resets_at_once(server):
    """The reset comes behind the four bytes; reading more than those would lose them."""
    for _ in range(10):
        peer = server(b"\x20\x02\x00\x05", reset=True)
        with pytest.raises(MQTTError, match="code 5"):
            Client("a", "127.0.0.1", peer.port).connect()


def test_a_closed_port_says_so_in_time():
    with socket.socket() as nobody:  # it has the port and does not listen
        nobody.bind(("127.0.0.1", 0))
        client = Client("a", "127.0.0.1", nobody.getsockname()[1])
        with pytest.raises(MQTTError) as caught:
            client.connect(timeout_ms=500)
    assert "127.0.0.1" in str(caught.value) and "refused" in str(caught.value) and client.sock is None


def test_an_unknown_name_says_so():
    with pytest.raises(MQTTError) as caught:
        Client("a", "no-such-host.invalid").connect(timeout_ms=500)
    assert "no-such-host.invalid" in str(caught.value)


def test_a_reset_link_is_made_anew(server):
    peer = server(CONNACK, CONNACK, CONNACK)
    client = Client("a", "127.0.0.1", peer.port, backoff_ms=(10, 50))
    client.connect()
    for count in (2, 3):
        old = peer.sockets[-1]
        old.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        old.close()
        wait_for(lambda: (client.poll(10), len(peer.sockets) == count and client.connected)[1], "a new link")  # noqa: B023
    client.disconnect()


def test_no_socket_is_left_behind(server):
    """Twenty links, one file descriptor."""
    folder = Path("/proc/self/fd")
    peer = server(*[CONNACK] * 20)
    client = Client("a", "127.0.0.1", peer.port, backoff_ms=(5, 10))
    client.start()
    counts = []
    for count in range(1, 21):
        wait_for(lambda: (client.poll(5), len(peer.sockets) == count and client.connected)[1], "a link")  # noqa: B023
        counts.append(len(list(folder.iterdir())))
        peer.sockets[-1].shutdown(socket.SHUT_RDWR)
        wait_for(lambda: (client.poll(5), not client.connected)[1], "its end")
        peer.sockets[-1].close()
    client.disconnect(timeout_ms=0)
    assert max(counts[2:]) - min(counts[2:]) <= 1, counts


def test_an_own_select_loop_over_sock_and_due_ms(server):
    peer = server(CONNACK)
    got = []
    client = Client("a", "127.0.0.1", peer.port, on_message=lambda m: got.append(m.payload))
    client.connect()
    peer.sockets[0].sendall(b"\x30\x04\x00\x01ax" * 3)
    while len(got) < 3:
        select.select([client.sock], [], [], client.due_ms() / 1000)
        while client.poll(0):
            pass
    assert got == [b"x"] * 3
    client.disconnect()


def test_a_name_is_asked_again_after_a_failed_connect_and_only_when_ready(server):
    """In a process of its own, where the resolver answers first with a closed port, then with the right one."""
    peer = server(CONNACK, CONNACK)
    code = f"""
        import socket, sys
        asked, real = [], socket.getaddrinfo

        def getaddrinfo(host, port, *args, **kw):
            asked.append(host)
            assert allowed, "resolved before ready() allowed it"
            return real("127.0.0.1", {free_port()} if len(asked) == 1 else {peer.port}, *args, **kw)

        socket.getaddrinfo = getaddrinfo
        sys.path.insert(0, {str(LIB)!r})
        from leanmqtt import Client
        allowed = False
        client = Client("a", "broker.test", backoff_ms=(1, 20), ready=lambda: allowed)
        client.start()
        for _ in range(20):
            client.poll(10)
        assert not asked
        allowed = True
        while not client.connected:
            client.poll(10)
        print(len(asked))
        client.disconnect()
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=20)
    assert done.stdout == "2\n", done.stdout + done.stderr
