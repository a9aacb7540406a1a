"""What a TLS layer asks of who writes: a record that could not leave is written again with the very same bytes.

The layer here is a model: over a plain socket to a plain broker, it blocks by chance after it has taken a record, and
fails the test when the next write is another. That is the rule of mbedTLS and of OpenSSL (SSL_write, "retried with the
same arguments"); with chance in the place of a full socket, every kind of packet meets it.
"""

import random
import ssl
import time

import pytest
from leanmqtt import Client, OutboxFull, Will


class Layer:
    """A socket as SSLSocket is one. seed: of when it blocks."""

    def __init__(self, sock, chance):
        self.sock, self.chance = sock, chance
        self.record = None  # taken, and not left
        self.blocked = 0
        self.ready = False  # what is said first completes the handshake

    def __getattr__(self, name):
        return getattr(self.sock, name)

    def send(self, data):
        data = bytes(data)
        assert 0 < len(data) <= 512
        if self.record is not None:
            assert data == self.record, "another record than the one that is pending"
        elif self.chance.random() < 0.5:
            self.record = data
        if self.record is not None and self.chance.random() < 0.6:
            self.blocked += 1
            raise ssl.SSLWantWriteError
        self.record = None
        self.sock.setblocking(True)
        self.sock.sendall(data)
        self.sock.setblocking(False)
        return len(data)

    def recv_into(self, buf, n):
        if self.chance.random() < 0.3:
            raise ssl.SSLWantReadError
        try:
            return self.sock.recv_into(buf, n)
        except BlockingIOError:
            raise ssl.SSLWantReadError from None


class Context:
    """An SSLContext whose layers are such."""

    verify_mode = ssl.CERT_REQUIRED

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.layers = []

    def wrap_socket(self, sock, server_hostname, do_handshake_on_connect):
        assert server_hostname == "127.0.0.1" and not do_handshake_on_connect
        self.layers.append(Layer(sock, self.chance))
        return self.layers[-1]


def publish(client, topic, payload, qos):
    while True:
        try:
            return client.publish(topic, payload, qos)
        except OutboxFull:
            client.poll(20)


@pytest.mark.parametrize("seed", range(8))
def test_a_record_that_is_pending_is_never_changed(mosquitto, seed):
    """Publishes at all QoS, acknowledgements, pings, subscriptions and a birth message cross each other."""
    context, heard = Context(seed), []
    client = Client(
        "a", "127.0.0.1", mosquitto.port, tls=context, qos2=True, overflow="refuse", outbox_size=4096, rx_size=4096,
        will=Will("w", b"x" * 600), birth=Will("b", b"y" * 600), on_message=lambda m: heard.append(bytes(m.payload)),
    )  # fmt: skip
    chance = random.Random(seed)
    client.connect()
    client.subscribe("t/#", 2)
    sent = []
    for i in range(150):
        payload = b"%d " % i + bytes((97 + i % 26,)) * chance.choice((0, 20, 500, 1400))
        qos = chance.randrange(3)
        publish(client, f"t/{qos}", payload, qos)
        sent.append(payload)
        if chance.random() < 0.3:
            client.poll(0)
        if i % 40 == 39:
            client.subscribe(f"u/{i}", 1)
    while client.pending or len(heard) < len(sent) - client.dropped and client.poll(300):
        client.poll(20)
    assert context.layers[0].blocked > 20 and len(context.layers) == 1
    assert client.dropped == 0 and set(heard) <= set(sent) and len(heard) == len(set(heard))
    assert len(heard) >= 0.95 * len(sent), "a subscription is granted a little after the first publish, no more is lost"
    client.disconnect()


class Ahead(Layer):
    """A layer that reads ahead: the socket is empty then, and there is more to come out of the layer."""

    def __init__(self, sock):
        super().__init__(sock, None)
        self.kept = b""

    def send(self, data):
        return self.sock.send(data)

    def recv_into(self, buf, n):
        if not self.kept:
            try:
                self.kept = self.sock.recv(16384)
            except BlockingIOError:
                raise ssl.SSLWantReadError from None
        n = min(n, len(self.kept))
        buf[:n] = self.kept[:n]
        self.kept = self.kept[n:]
        return n


def test_what_is_decrypted_already_is_read_without_a_wait(mosquitto):
    """Messages longer than the window of reads, one a second in a world where only the socket is waited for."""
    context, heard = Context(0), []
    context.wrap_socket = lambda sock, **options: Ahead(sock)
    client = Client("a", "127.0.0.1", mosquitto.port, tls=context, on_message=lambda m: heard.append(m.payload_len))
    client.connect()
    client.subscribe("t", 0)
    client.poll(1000)
    began = time.monotonic()
    for i in range(1, 11):
        client.publish("t", bytes(300), 0)
        while len(heard) < i:
            client.poll(5000)
    assert time.monotonic() - began < 15 and heard == [300] * 10
    client.disconnect()
