"""Messages over TLS: large ones, many, a socket that takes nothing, brokers that die."""

from functools import partial

import pytest
import traffic


@pytest.fixture
def ca(authority) -> dict:
    return {"ca": str(authority.path("ca.pem"))}


@pytest.mark.parametrize("qos", [1, 2])
@pytest.mark.parametrize("more", ["", "tls_version tlsv1.2"])
def test_large_messages_both_ways(actor, secure, watcher, ca, qos, more):
    """Larger than a record of ours (512 bytes) and, at the broker's side, than one of its (16 KB)."""
    broker = secure(more=more)
    traffic.large_both_ways(partial(actor, broker.tls, tls=ca), watcher(broker.port, "big/#"), qos)


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_streams_both_ways(actor, secure, watcher, ca, qos):
    broker = secure()
    traffic.streams_both_ways(partial(actor, broker.tls, tls=ca), watcher(broker.port, "big/#"), qos)


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_a_socket_that_takes_nothing_for_a_while(actor, secure, watcher, ca, qos):
    broker = secure(more="max_queued_messages 0\nmax_inflight_messages 0")
    seen = watcher(broker.port, "bulk")
    traffic.a_broker_that_takes_nothing(partial(actor, broker.tls, tls=ca), broker, seen, 700, qos)


@pytest.mark.parametrize("qos", [1, 2])
def test_a_broker_killed_under_load_loses_nothing(actor, secure, watcher, ca, cable, qos):
    broker = secure()
    link = cable(broker.tls)
    seen = watcher(broker.port, "load", qos=0)
    traffic.a_broker_killed_under_load(partial(actor, link.port, tls=ca), broker, link, seen, qos)


def test_a_broker_that_falls_silent_is_noticed_by_the_keep_alive(actor, secure, ca, cable):
    link = cable(secure().tls)
    client = actor(link.port, ["start"], ["connected"], ["say", "up"], ["hang"], tls=ca, keepalive=2)
    client.wait_line("up")
    link.silence()
    assert "keep-alive" in client.wait_line("disconnect", timeout=20)


def test_the_connection_stands_through_pings(actor, secure, ca):
    client = actor(secure().tls, ["connect"], ["poll", 5000], ["publish", "a", "x", 1], ["drain"], tls=ca, keepalive=1)
    assert client.finish() == ["connect 0", "drained 0", "end"]


def test_the_port_is_that_of_tls_unless_it_is_said(authority):
    from leanmqtt import Client

    tls = {"ca": authority.path("ca.der").read_bytes()}
    hosts = ["broker", "other:1", ("third", 2)]
    assert Client("a", hosts, tls=tls)._hosts == [("broker", 8883), ("other", 1), ("third", 2)]
    assert Client("a", hosts, 77, tls=tls)._hosts[0] == ("broker", 77)
    assert Client("a", hosts)._hosts[0] == ("broker", 1883)
    with pytest.raises(ValueError, match="a dict or an SSLContext"):
        Client("a", "b", tls=True)


def test_a_context_of_ones_own(secure, authority):
    import ssl

    from leanmqtt import Client, MQTTError

    broker = secure()
    context = ssl.create_default_context(cafile=authority.path("ca.pem"))
    client = Client("a", "localhost", broker.tls, tls=context)
    client.connect()
    client.disconnect()
    with pytest.raises(MQTTError, match="was not signed by this ca"):
        Client("a", "localhost", broker.tls, tls=ssl.create_default_context()).connect()


@pytest.mark.parametrize("verify", [True, False])
def test_a_context_of_ones_own_on_micropython(mp, lib_mpy, secure, authority, verify):
    """Nothing is loaded of what makes one, and one that verifies nobody is told."""
    code = f"""
import sys, tls
from leanmqtt import Client
context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
if {verify}:
    with open({str(authority.path("ca.der"))!r}, "rb") as file:
        context.load_verify_locations(file.read())
else:
    context.verify_mode = tls.CERT_NONE
client = Client("a", "localhost", {secure().tls}, tls=context)
client.connect()
client.disconnect()
print("leanmqtt.tlsmake" in sys.modules, "leanmqtt.tlswords" in sys.modules)
"""
    done = mp.run(code, path=(lib_mpy,))
    assert done.returncode == 0, done.stdout + done.stderr
    assert ("whoever answers there is believed" in done.stdout) is not verify
    assert done.stdout.endswith("False False\n")


def test_a_client_without_tls_loads_nothing_of_it(mp, lib_mpy):
    code = "import sys; from leanmqtt import Client; Client('a', 'b'); print([m for m in sys.modules if 'tls' in m])"
    assert mp.run(code, path=(lib_mpy,)).stdout == "[]\n"
