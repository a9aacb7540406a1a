"""version=(5, 4) over TLS: a broker that ends the connection instead of refusing MQTT 5; and what TLS refuses."""

import contextlib
import socket
import ssl
import struct
import threading

import pytest
from support import closing


class Old:
    """A broker of 3.1.1 that resets the connection of whoever says 5, and ends any other after a packet."""

    def __init__(self, authority):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(authority.path("server.pem"), authority.path("server.key.pem"))
        self.levels = []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while True:
            try:
                near, _ = self.server.accept()
            except OSError:
                return
            with near:
                self._serve(self.context.wrap_socket(near, server_side=True))

    def _serve(self, sock):
        self.levels.append(sock.recv(200)[8])
        if self.levels[-1] == 5:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            sock.sendall(b" \x02\x00\x00")
            sock.recv(200)  # a PUBLISH, which it does not like
            with contextlib.suppress(ssl.SSLError):  # the client ends without a word of TLS
                sock.unwrap()
        sock.close()

    def close(self):
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.thread.join(10)


@pytest.fixture
def old(authority):
    yield from closing(lambda: Old(authority))


def test_a_reset_is_taken_for_a_refusal_and_not_told_of_a_later_end(actor, old, authority):
    steps = ["start"], ["connected"], ["version"], ["publish", "a", "x", 0], ["down"], ["disconnect"]
    broker = old()
    lines = actor(broker.port, *steps, tls={"ca": authority.path("ca.pem")}, version=[5, 4], reconnect=False).finish()
    assert lines[:2] == ["connect 0", "version 4"] and broker.levels == [5, 4, 5, 4]
    assert [line for line in lines if line.startswith("disconnect")] == [
        "disconnect the connection was lost: closed by the broker or the network"
    ]


@pytest.mark.parametrize("more", ["", "tls_version tlsv1.2"])
def test_what_tls_refuses_is_told_in_its_words(actor, secure, authority, more):
    broker = secure(clients=True, more=more)
    client = actor(broker.tls, ["connect"], tls={"ca": authority.path("ca.pem")}, version=[5, 4])
    client.popen.wait(60)
    client.thread.join(10)
    (said,) = client.starting("refused")
    assert "it may want a client certificate: give cert and key" in said
    assert broker.log_text().count("peer did not return a certificate") == 1, "and it is not asked again"
