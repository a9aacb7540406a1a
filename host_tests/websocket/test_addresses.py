"""What may stand in `host` and among the headers; everything else is a ValueError that repeats no secret."""

import pytest
from leanmqtt import Client, MQTTError
from leanmqtt.transport import Tcp
from leanmqtt.websocket import WebSocket

TLS = {"insecure": True}


@pytest.mark.parametrize(
    ("host", "tls", "name", "port", "path", "says"),
    [
        ("ws://broker.local", None, "broker.local", 80, "/", "broker.local"),
        ("ws://broker.local/", None, "broker.local", 80, "/", "broker.local"),
        ("ws://broker.local:9001/mqtt", None, "broker.local", 9001, "/mqtt", "broker.local:9001"),
        ("WS://10.0.0.1/a?b=c:d@e/f", None, "10.0.0.1", 80, "/a?b=c:d@e/f", "10.0.0.1"),
        ("ws://h?b=/c", None, "h", 80, "/?b=/c", "h"),
        ("ws://[::1]:9001/x", None, "::1", 9001, "/x", "[::1]:9001"),
        ("ws://[::1]", None, "::1", 80, "/", "[::1]"),
        ("wss://broker.local/mqtt", TLS, "broker.local", 443, "/mqtt", "broker.local"),
        ("wss://broker.local:80/mqtt", TLS, "broker.local", 80, "/mqtt", "broker.local:80"),
    ],
)
def test_an_address(host, tls, name, port, path, says):
    from leanmqtt.wsopen import Opening

    client = Client("a", host, tls=tls)
    ws = client.transport
    assert client._hosts == [(name, port)] and type(ws) is WebSocket
    Opening(ws)
    assert bytes(ws.tx_buf).startswith(f"GET {path} HTTP/1.1\r\nHost: {says}\r\n".encode())


def test_the_port_of_the_client_is_for_entries_without_one():
    client = Client("a", ["ws://one/x", "ws://two:9002/y"], 9001)
    assert client._hosts == [("one", 9001), ("two", 9002)]


def test_a_host_that_a_broker_named_has_the_path_of_the_first():
    """MQTT 5's redirection puts it into the list."""
    from leanmqtt.wsopen import Opening

    client = Client("a", ["ws://one:1/x", "ws://two:2/y"])
    client._hosts[:0] = [("three", 3)]
    for i, line in enumerate((b"GET /x HTTP/1.1\r\nHost: three:3\r\n", b"GET /x ", b"GET /y ")):
        client._host = i
        Opening(client.transport)
        assert client.transport.tx_buf.startswith(line)


def test_a_host_without_a_scheme_loads_nothing(mp, lib_mpy):
    code = """
import sys
from leanmqtt import Client
Client('a', ['b', '[::1]:1'])
print([m for m in sys.modules if '.w' in m or '.o' in m])
"""
    assert mp.run(code, path=(lib_mpy,)).stdout == "['leanmqtt.outbox']\n"


def test_only_what_runs_stays_loaded(mp, lib_mpy):
    code = """
import sys
from leanmqtt import Client
Client('a', 'ws://b/c')
names = ['leanmqtt.' + name for name in ('websocket', 'wsmake', 'wsopen', 'wswords', 'over', 'config')]
print([name for name in names if name in sys.modules])
"""
    assert mp.run(code, path=(lib_mpy,)).stdout == "['leanmqtt.websocket']\n"


@pytest.mark.parametrize(
    ("host", "options", "words"),
    [
        ("mqtt://broker", {}, "host: mqtt:// is not known: ws:// or wss://, or the bare name"),
        ("http://secret@broker", {}, "host: http:// is not known"),
        ("broker/secret", {}, "host: an entry without a scheme"),
        (["ws://a", "b"], {}, "host: an entry without a scheme"),
        (["a", "ws://b"], {}, "host: an entry without a scheme"),
        (["ws://a", "wss://b"], {}, "host: ws:// and wss:// in one list"),
        (["ws://a/secret", "ws://a:80/secreter"], {}, "host: a:80 twice, with two paths"),
        (["ws://a", ("b", 1)], {}, "host: beside an entry with a scheme, each has to be like"),
        (b"ws://a", {}, "host: beside an entry with a scheme"),
        ("ws://", {}, "host '': a name or address, with a port"),
        ("ws://:9001/", {}, "a name or address, with a port"),
        ("ws://a:b/secret", {}, "host 'a:b': a name or address, with a port from 1 to 65535"),
        ("ws://a:70000/secret", {}, "host 'a:70000': a name or address"),
        ("ws://me:secret@a/b", {}, "host: no account in an address"),
        ("ws://a/secret#b", {}, "host: a: '#' and what follows has no meaning"),
        ("ws://a/se cret", {}, "host: a: a path has no blanks and is ASCII"),
        ("ws://a/secr\u00e9t", {}, "host: a: a path has no blanks and is ASCII"),
        ("ws://a/secret\r\nX: y", {}, "host: a: a path has no blanks and is ASCII"),
        ("wss://a", {}, "host: wss:// needs tls"),
        ("ws://a", {"tls": TLS}, "tls: with ws:// nothing is encrypted"),
        ("ws://a", {"transport": Tcp()}, "transport: with ws:// or wss:// in host it must be a WebSocket"),
        ("wss://a", {"tls": TLS, "transport": WebSocket(below=Tcp())}, "with wss:// the WebSocket runs over TLS"),
        ("wss://a", {"tls": {}}, "tls: no ca"),
    ],
)  # fmt: skip
def test_another_is_refused_by_what_is_wrong_with_it(host, options, words):
    with pytest.raises(ValueError) as e:
        Client("a", host, **options)
    assert words in str(e.value) and "secr" not in str(e.value)


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"Host": "secret"}, "headers: Host is not for a user to choose"),
        ({"upgrade": "secret"}, "headers: upgrade is not for a user to choose"),
        ({"Sec-WebSocket-Protocol": "secret"}, "headers: Sec-WebSocket-Protocol is not for a user"),
        ({"A b": "secret"}, "headers: 'A b' is no name of a header"),
        ({"A:": "secret"}, "headers: 'A:' is no name"),
        ({"": "secret"}, "headers: '' is no name"),
        ({1: "secret"}, "headers: 1 is no name"),
        ({"X": "secret\r\nY: z"}, "headers: the value of X must be a str of ASCII, without line ends"),
        ({"X": "secr\u00e9t"}, "headers: the value of X must"),
        ({"X": b"secret"}, "headers: the value of X must"),
        ({"X": None}, "headers: the value of X must"),
    ],
)
def test_a_bad_header_is_named_and_its_value_never(headers, words):
    with pytest.raises(ValueError) as e:
        WebSocket(headers)
    assert words in str(e.value) and "secr" not in str(e.value)


def test_a_websocket_belongs_to_one_client_and_to_an_address_with_a_scheme():
    ws = WebSocket()
    Client("a", "ws://a", transport=ws)
    with pytest.raises(ValueError, match="another client's"):
        Client("b", "ws://b", transport=ws)
    with pytest.raises(ValueError, match="needs ws:// or wss:// in host"):
        Client("c", "c", transport=WebSocket()).connect()


def test_it_runs_over_any_transport():
    """Here over one that cannot connect, and says why."""

    class Broken(Tcp):
        def open(self, host, port):
            raise OSError(113, "no route")

    client = Client("a", "ws://a/b", transport=WebSocket(below=Broken()))
    with pytest.raises(MQTTError, match="a:80: cannot connect: no route"):
        client.connect()
