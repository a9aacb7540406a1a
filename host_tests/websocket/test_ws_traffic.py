"""Messages over mosquitto's own WebSocket listener, also over TLS, and through gateways that cut them up."""

import random
import socket
import ssl
from functools import partial

import pytest
import traffic
from support import wait_for
from support.certificates import Authority
from traffic import bulk
from wspeers import BINARY, PING, answer, frame


@pytest.fixture(params=["ws", "wss"])
def way(request, broker, authority: Authority):
    """(address, options) of a broker's listener."""
    if request.param == "ws":
        return f"ws://127.0.0.1:{broker.ws}/mqtt", {}
    return f"wss://localhost:{broker.wss}/mqtt", {"tls": {"ca": str(authority.path("ca.pem"))}}


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_there_and_back(actor, broker, way, watcher, qos):
    url, options = way
    seen = watcher(broker.port, "a/#")
    client = actor(
        url, ["connect"], ["subscribe", "a/+", qos], ["subscribed", 1], ["publish", "a/b", "hällo", qos], ["drain"],
        ["heard", 1], ["disconnect"],
        qos2=True, **options,
    )  # fmt: skip
    said = ["connect 0", f"subscribed a/+ {qos}", f"message a/b {qos} 0 hällo", "drained 0"]
    assert sorted(client.finish()) == sorted([*said, "disconnect None", "left 0", "end"])
    assert seen.wait(1) == [("a/b", "hällo", qos, False)]


def test_retained_and_will(actor, broker, way, watcher):
    url, options = way
    seen = watcher(broker.port, "w")
    seen.publish("r", "kept", 1, retain=True)
    client = actor(
        url, ["connect"], ["subscribe", "r", 1], ["heard", 1], ["publish", "r2", "mine", 1, True], ["drain"],
        ["say", "ready"], ["hang"],
        will=["w", "gone", 1, False], **options,
    )  # fmt: skip
    client.wait_line("ready")
    assert client.starting("message") == ["message r 1 1 kept"]
    client.kill()
    assert seen.wait(1) == [("w", "gone", 1, False)]
    assert watcher(broker.port, "r2", client_id="late").wait(1) == [("r2", "mine", 1, True)]


@pytest.mark.parametrize("qos", [1, 2])
def test_large_messages_both_ways(actor, broker, way, watcher, qos):
    url, options = way
    traffic.large_both_ways(partial(actor, url, **options), watcher(broker.port, "big/#"), qos)


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_streams_both_ways(actor, broker, way, watcher, qos):
    url, options = way
    traffic.streams_both_ways(partial(actor, url, **options), watcher(broker.port, "big/#"), qos)


def test_the_connection_stands_through_pings(actor, way):
    url, options = way
    client = actor(url, ["connect"], ["poll", 5000], ["publish", "a", "x", 1], ["drain"], keepalive=1, **options)
    assert client.finish() == ["connect 0", "drained 0", "end"]


def test_another_client_of_the_name_ends_it_in_words(actor, broker):
    """Mosquitto says so by a close frame, or just ends the connection."""
    url = f"ws://127.0.0.1:{broker.ws}/"
    first = actor(url, ["connect"], ["say", "ready"], ["hang"], reconnect=False)
    first.wait_line("ready")
    actor(url, ["connect"], ["disconnect"]).finish()
    said = first.wait_line("disconnect ")
    assert "closed by the broker" in said or "the connection was lost" in said


@pytest.mark.parametrize("qos", [1, 2])
def test_a_broker_killed_under_load_loses_nothing(actor, broker, way, watcher, cable, qos):
    url, options = way
    port = broker.wss if options else broker.ws
    link = cable(port)
    start = partial(actor, url.replace(str(port), str(link.port)), **options)
    traffic.a_broker_killed_under_load(start, broker, link, watcher(broker.port, "load", qos=0), qos)


class Shape:
    """Cuts what a broker says: into frames, these into fragments, with pings and frames of nothing between them, and
    all of it into segments."""

    def __init__(self, seed, most=40):
        self.chance = random.Random(seed)
        self.most = most
        self.pings = 0

    def frames(self, data):
        while data:
            n = self.chance.randint(1, 300)
            part, data = data[:n], data[n:]
            code = BINARY
            while True:
                k = self.chance.randint(0, len(part))
                last = k == len(part)
                yield frame(part[:k], code, fin=last, length=self.chance.choice((None, 8)))
                part, code = part[k:], 0
                if self.chance.random() < 0.1:
                    self.pings += 1
                    yield frame(self.chance.randbytes(self.chance.choice((0, 4, 125))), PING)
                if last:
                    break

    def __call__(self, data):
        whole = b"".join(self.frames(data))
        while whole:
            n = self.chance.randint(1, self.most)
            yield whole[:n]
            whole = whole[n:]


@pytest.mark.parametrize(("seed", "slow"), [(1, 65536), (2, 1), (3, 7), (4, 700)])
def test_any_cut_of_both_directions(actor, mosquitto_factory, gateway, watcher, seed, slow):
    """Mixed sizes at each QoS come back whole and in order, though nothing is aligned to anything [MQTT-6.0.0-2]."""
    broker = mosquitto_factory(packet_log=False, extra="max_inflight_messages 0")
    shape = Shape(seed)
    link = gateway(broker.port, shape, slow)
    steps = [["bulk", "t", i * 10, i * 10 + 10, i % 3, size] for i, size in enumerate((5, 130, 300, 700, 10, 1500))]
    client = actor(
        f"ws://127.0.0.1:{link.port}/", ["connect"], ["subscribe", "t", 2], ["subscribed", 1], *steps, ["drain"],
        ["heard", 60], ["disconnect"],
        qos2=True, overflow="refuse", outbox_size=4096, rx_size=2000,
    )  # fmt: skip
    lines = client.finish(110)
    got = [line.split(" ")[4:] for line in client.starting("message")]
    sizes = [5, 130, 300, 700, 10, 1500]
    assert sorted(int(words[0]) for words in got) == list(range(60)) and "drained 0" in lines
    for number, rest in got:
        assert rest == number[-1] * (sizes[int(number) // 10] - len(number) - 1)
    wait_for(lambda: link.pongs or not shape.pings, "pongs")
    assert len(link.pongs) <= shape.pings and max(link.frames[0].sizes) <= 504


def test_what_is_sent_again_is_what_was_sent(actor, mosquitto, gateway, watcher):
    """The connection is cut again and again, in the middle of frames: the outbox still holds the caller's bytes."""
    link = gateway(mosquitto.port, slow=100)
    seen = watcher(mosquitto.port, "t", qos=0)
    client = actor(
        f"ws://127.0.0.1:{link.port}/", ["start"], ["bulk", "t", 0, 60, 1, 900], ["drain"], ["disconnect"],
        clean=False, overflow="refuse", backoff_ms=[5, 20], outbox_size=4096,
    )  # fmt: skip
    for count in (5, 20, 40):
        wait_for(lambda n=count: len(seen.messages) >= n, "messages", 30)
        link.cut()
    assert "drained 0" in client.finish()
    wait_for(lambda: len(set(seen.payloads())) >= 60, "all messages", 30)
    assert set(seen.payloads()) == set(bulk(60, 900))
    assert len(client.starting("connect")) >= 2


def test_a_broker_that_takes_nothing_for_a_while(actor, broker, way, watcher):
    url, options = way
    seen = watcher(broker.port, "bulk")
    traffic.a_broker_that_takes_nothing(partial(actor, url, **options), broker, seen, 400, 1)


def refused(process) -> str:
    process.popen.wait(60)
    process.thread.join(10)
    (said,) = process.starting("refused ")
    return said


def test_the_faults_of_tls_have_the_words_of_tls(actor, broker, authority, tmp_path, mosquitto):
    stranger = Authority(tmp_path, "Another CA")
    url = f"wss://localhost:{broker.wss}/mqtt"
    said = refused(actor(url, ["connect"], tls={"ca": str(stranger.path("ca.pem"))}))
    assert f"localhost:{broker.wss}: TLS: " in said and "was not signed by this ca" in said
    said = refused(actor(url, ["connect"], tls={"ca": str(authority.path("ca.pem")), "hostname": "other.test"}))
    assert "TLS: the broker's certificate is not for other.test" in said
    said = refused(actor(f"wss://localhost:{broker.ws}/", ["connect"], tls={"ca": str(authority.path("ca.pem"))}))
    assert ": TLS: " in said and ("closed in the handshake" in said or "no TLS server" in said)


def test_a_port_for_tls_without_tls_is_named(actor, broker):
    said = refused(actor(f"ws://localhost:{broker.wss}/", ["connect"]))
    assert "WebSocket: " in said and ("TLS is wss://" in said or "no web server" in said)


def test_plain_mqtt_over_tls_is_no_websocket(actor, mosquitto_factory, authority, free_port):
    mosquitto_factory(packet_log=False, extra=f"listener {free_port} 127.0.0.1\n{authority.listens('server')}")
    said = refused(actor(f"wss://localhost:{free_port}/", ["connect"], tls={"ca": str(authority.path("ca.pem"))}))
    assert "closed in the opening handshake" in said or "TLS: " in said


def test_who_says_nothing_to_tls_is_given_up_in_the_words_of_tls(actor, authority):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"wss://127.0.0.1:{listener.getsockname()[1]}/"
        client = actor(url, ["start"], ["poll", 10_500], tls={"ca": str(authority.path("ca.pem"))})
        said = client.wait_line("disconnect", timeout=40)
    assert "TLS: no TLS handshake in time" in said


def test_a_handshake_that_breaks_anywhere_is_tried_again(actor, way, broker, cable):
    """And nothing of it stays: the last connection is as good as a first."""
    url, options = way
    port = broker.wss if options else broker.ws
    link = cable(port)
    link.fuses = [1, 60, 150, 300, 400, 500, 800, 1000, 1200]
    client = actor(
        url.replace(str(port), str(link.port)), ["start"], ["connected"], ["publish", "a", "x", 1], ["drain"],
        ["disconnect"],
        backoff_ms=[5, 20], **options,
    )  # fmt: skip
    lines = client.finish()
    assert len(client.starting("disconnect 1") + client.starting("disconnect l")) >= 4, lines
    assert "drained 0" in lines


def test_a_proxy_of_tls_that_answers_no_websocket(actor, server, authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.path("server.pem"), authority.path("server.key.pem"))
    one = server(opening=lambda request: answer(request, "502 Bad Gateway"), context=context)
    said = refused(actor(f"wss://localhost:{one.port}/", ["connect"], tls={"ca": str(authority.path("ca.pem"))}))
    assert "WebSocket: the server refused to open one: HTTP 502 Bad Gateway: the proxy does not reach" in said
