"""The opening handshake: what is asked, and what each answer but the right one is called."""

import re
import socket
import time

import pytest
from leanmqtt import Client
from leanmqtt.transport import Tcp
from leanmqtt.websocket import WebSocket
from wspeers import Server, answer, headers


def refused(process) -> str:
    """Why it could not connect, in its only words."""
    process.popen.wait(60)
    process.thread.join(10)
    said = process.starting("refused ")
    assert len(said) == 1, process.lines
    return said[0]


def good(server: Server) -> str:
    return f"ws://127.0.0.1:{server.port}/mqtt"


def test_what_is_asked(actor, server):
    """Path with its query, the headers of RFC 6455, and those that a user chose."""
    one = server(talk=lambda peer: peer.connected())
    url = f"ws://127.0.0.1:{one.port}/a/b?c=d"
    actor(url, ["connect"], ["disconnect"], headers={"Authorization": "Bearer x y", "X-A": ""}).finish()
    request = one.requests[0]
    assert request.startswith(b"GET /a/b?c=d HTTP/1.1\r\n")
    found = headers(request)
    assert len(re.fullmatch(r"[A-Za-z0-9+/]{22}==", found.pop("sec-websocket-key"))[0]) == 24
    assert found == {
        "host": f"127.0.0.1:{one.port}", "upgrade": "websocket", "connection": "Upgrade",
        "sec-websocket-version": "13", "sec-websocket-protocol": "mqtt", "authorization": "Bearer x y", "x-a": "",
    }  # fmt: skip


def test_each_connection_has_a_key_of_its_own(actor, server):
    one = server(talk=lambda peer: peer.connected())
    actor(good(one), *[["connect"], ["disconnect"]] * 3).finish()
    assert len({headers(request)["sec-websocket-key"] for request in one.requests}) == 3


@pytest.mark.parametrize(
    "change",
    [
        {"Upgrade": "WebSocket"},
        {"Connection": "keep-alive, upgrade"},
        {"Server": "x" * 1500},
        {"Sec_WebSocket_Extensions": ""},
    ],
    ids=["letters", "a list", "a long answer", "no extension"],
)
@pytest.mark.parametrize("each", [1, 5, 10_000])
def test_a_good_answer_in_any_form_and_in_pieces(actor, server, change, each):
    def talk(peer):
        data = answer(one.requests[-1], **change)
        peer.send(data, each=each)
        peer.connected()

    one = server(opening=lambda request: None, talk=talk)
    assert actor(good(one), ["connect"], ["disconnect"]).finish()[0] == "connect 0"


def test_frames_right_behind_the_answer_are_not_lost(actor, server):
    """A server may ping before it has heard anything."""
    from wspeers import CONNACK, PING, PONG, frame

    found = []

    def talk(peer):
        found.append(peer.next())
        found.append(peer.next())
        peer.send(frame(CONNACK))

    one = server(opening=lambda request: answer(request) + frame(b"early", PING), talk=talk)
    assert actor(good(one), ["connect"], ["disconnect"]).finish()[0] == "connect 0"
    assert (PONG, b"early") in found and any(payload[:1] == b"\x10" for _, payload in found)


FAULTS = {
    "not found": (lambda r: answer(r, "404 Not Found"), "HTTP 404 Not Found: the path is not known there"),
    "unauthorized": (lambda r: answer(r, "401 Unauthorized"), "HTTP 401 Unauthorized: who asks must say who it is"),
    "forbidden": (lambda r: answer(r, "403 Forbidden"), "HTTP 403 Forbidden: not allowed"),
    "another status": (lambda r: answer(r, "418 I'm a teapot"), "the server refused to open one: HTTP 418 I'm"),
    "ok": (lambda r: answer(r, "200 OK"), "the server refused to open one: HTTP 200 OK"),
    "moved": (
        lambda r: answer(r, "301 Moved Permanently", Location="wss://other.test/mqtt?token=hidden"),
        "sends to another place (HTTP 301 Moved Permanently): take what it says as host: wss://other.test/mqtt",
    ),
    "moved nowhere": (lambda r: answer(r, "302 Found"), "the server sends to another place (HTTP 302 Found)"),
    "no upgrade": (lambda r: answer(r, Upgrade=None), "the answer opens no WebSocket"),
    "another upgrade": (lambda r: answer(r, Upgrade="h2c"), "the answer opens no WebSocket"),
    "no connection": (lambda r: answer(r, Connection="close"), "the answer opens no WebSocket"),
    "no accept": (lambda r: answer(r, Sec_WebSocket_Accept=None), "Sec-WebSocket-Accept is wrong"),
    "wrong accept": (lambda r: answer(r, Sec_WebSocket_Accept="x" * 27 + "="), "Sec-WebSocket-Accept is wrong"),
    "no subprotocol": (lambda r: answer(r, Sec_WebSocket_Protocol=None), "did not agree to the subprotocol mqtt"),
    "another": (lambda r: answer(r, Sec_WebSocket_Protocol="amqp"), "the broker chose the subprotocol amqp, not mqtt"),
    "an extension": (
        lambda r: answer(r, Sec_WebSocket_Extensions="permessage-deflate"),
        "uses an extension of WebSocket that was not asked for",
    ),
    "too long": (lambda r: answer(r, Server="x" * 2100), "has more than 2048 bytes"),
    "endless": (lambda r: b"HTTP/1.1 101 " + b"x" * 5000, "has more than 2048 bytes"),
    "no HTTP": (lambda r: b"SSH-2.0-OpenSSH_9.2\r\n", "what answers there is no web server"),
    "bad bytes": (lambda r: answer(r, "40\x014 \x7f\x1b[31m\u00e9"), "HTTP 40?4 ??[31m??"),
    "half a line": (lambda r: b"HTTP/1.1\r\n\r\n", "the server refused to open one: HTTP HTTP/1.1"),
    "nothing": (lambda r: b"", "closed in the opening handshake: does this port speak WebSocket?"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_another_answer_is_refused_in_its_own_words(actor, server, fault):
    opening, words = FAULTS[fault]
    one = server(opening=opening)
    said = refused(actor(good(one), ["connect"], headers={"Authorization": "secret"}))
    assert said.startswith(f"refused 127.0.0.1:{one.port}: WebSocket: ") and words in said
    assert "hidden" not in said and "secret" not in said


def test_a_header_given_twice_is_not_one(actor, server):
    def opening(request):
        return answer(request)[:-2] + b"Sec-WebSocket-Protocol: mqtt\r\n\r\n"

    assert "the broker chose the subprotocol mqtt" in refused(actor(good(server(opening=opening)), ["connect"]))


def test_a_port_for_plain_mqtt_is_named(actor, mosquitto):
    said = refused(actor(f"ws://127.0.0.1:{mosquitto.port}/mqtt", ["connect"]))
    assert "does this port speak WebSocket? 1883 and 8883 mostly do not" in said


def test_nobody_there_is_told_as_ever(actor, free_port):
    assert "cannot connect: refused" in refused(actor(f"ws://127.0.0.1:{free_port}/", ["connect"]))


def test_who_says_nothing_is_given_up_in_time(actor):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = actor(f"ws://127.0.0.1:{listener.getsockname()[1]}/", ["start"], ["poll", 10_500])
        said = client.wait_line("disconnect", timeout=40)
    assert "no answer to the opening handshake in time" in said


def test_the_next_host_is_tried_with_the_path_of_its_own(actor, server):
    first = server(opening=lambda request: answer(request, "503 Service Unavailable"))
    second = server(talk=lambda peer: peer.connected())
    hosts = [f"ws://127.0.0.1:{first.port}/one", f"ws://127.0.0.1:{second.port}/two"]
    lines = actor(hosts, ["connect"], ["disconnect"]).finish()
    assert "HTTP 503 Service Unavailable: not available now" in lines[0] and lines[1] == "connect 0"
    assert first.requests[0].startswith(b"GET /one ") and second.requests[0].startswith(b"GET /two ")


def test_the_answer_is_waited_for_asleep(server):
    """Not by asking again and again whether the socket can be written to, as it always can."""

    class Counting(Tcp):
        waits = 0

        def wait(self, ms, write):
            self.waits += 1
            Tcp.wait(self, ms, write)

    def opening(request):
        time.sleep(0.3)
        return answer(request)

    below = Counting()
    one = server(opening=opening, talk=lambda peer: peer.connected())
    client = Client("a", good(one), transport=WebSocket(below=below))
    client.connect()
    assert below.waits < 20
    client.disconnect()
