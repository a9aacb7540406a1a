"""leanmqtt.aio against a real broker, on CPython and MicroPython: every promise of docs/asyncio.md. The scenes say what
they saw, the tests judge it.
"""

import socket
import threading

import pytest
from support import free_port, wait_for


@pytest.mark.parametrize("version", [4, 5])
def test_every_call_does_what_it_says(scene, mosquitto, watcher, version):
    seen = watcher(mosquitto.port, "#")
    lines = scene("everyday", mosquitto.port, version=version).finish()
    assert lines == [
        "connected True None",
        "granted 2",
        "granted 1",
        "published False 0",
        "published True 0",
        "published True 0",
        "message True a/0 b'payload 0' 0 False",
        "message True a/1 b'payload 1' 1 False",
        "message True a/2 b'payload 2' 2 False",
        "message True a/3 b'\\xc3\\xa9' 1 False",
        "handled [('h/1', b'to the handler')]",
        "left 0",
        "kept b'\\xc3\\xa9' True",
        "ticks True",
        "calls connect {0}",
        "closed False 0",
        "end",
    ]
    wait_for(lambda: ("h/3", "abcde", 1, False) in seen.messages, "the stream")


def test_it_ends_in_order_whatever_ended_it(scene, mosquitto, watcher):
    """What is pending is delivered and the will is not sent: a DISCONNECT came each time."""
    seen = watcher(mosquitto.port, "end", "will")
    lines = scene("endings", mosquitto.port, nobody=free_port()).finish()
    assert "refused: is the broker running, on this port?" in lines.pop(0)
    assert lines == [
        "in order 0 False",
        "raised mine 0 False",
        "cancelled True 0 False",
        *["handler of the handler: bad False", "others of the handler: bad"] * 2,
        *["outside MQTTError: the client is not running: use it within `async with`"] * 3,
        "end",
    ]
    wanted = [*(f"in order {i}" for i in range(5)), "raised", "cancelled"]
    wait_for(lambda: seen.payloads() == wanted, f"{wanted}, not {seen.payloads()}")
    assert mosquitto.log_text().count("Received DISCONNECT from") == 5


def test_a_broker_that_refuses_is_told_in_words(scene, mosquitto_factory):
    broker = mosquitto_factory(accounts={"me": "secret"})
    process = scene("refused", broker.port)
    lines = process.finish()
    assert lines[0].startswith(f"connect MQTTError: 127.0.0.1:{broker.port}: the broker refused this client (code 5")
    assert lines[1] == "granted 1"


REFUSING = {
    0x10: lambda pid: b"\x20\2\0\0",
    0x82: lambda pid: b"\x90\3" + pid + b"\x80",
    0xA2: lambda pid: b"\xb0\2" + pid,
}
# of MQTT 5: it takes subscriptions, and does not let go of one
HOLDING = {
    0x10: lambda pid: b"\x20\3\0\0\0",
    0x82: lambda pid: b"\x90\4" + pid + b"\0\1",
    0xA2: lambda pid: b"\xb0\4" + pid + b"\0\x87",
}


def refuse_subscriptions(server, heads=None, answers=REFUSING):
    """A broker for one client: it refuses every subscription, and does not close when told goodbye.

    heads: where it writes down the first byte of each packet. answers: to a packet, by its first byte.
    """
    heads = [] if heads is None else heads
    sock, _ = server.accept()
    with sock, sock.makefile("rb") as file:
        while head := file.read(2):
            body = file.read(head[1])
            heads.append(head[0])
            if head[0] in answers:
                sock.sendall(answers[head[0]](body[:2]))


def test_the_end_of_a_subscription_that_is_refused_raises(scene):
    with socket.create_server(("127.0.0.1", 0)) as server:
        heads: list[int] = []
        thread = threading.Thread(target=refuse_subscriptions, args=(server, heads, HOLDING), daemon=True)
        thread.start()
        lines = scene("stays", server.getsockname()[1]).finish()
        thread.join(10)
    words = "refused MQTTError: the broker goes on with the subscription to %r (code 0x87)"
    assert lines == ["granted 1", words % "a/+", "shared 1", words % "$share/g/a", "end"]
    assert heads == [0x10, 0x82, 0xA2, 0x82, 0xA2, 0xE0]


def test_a_subscription_that_is_refused_raises(scene):
    with socket.create_server(("127.0.0.1", 0)) as server:
        heads: list[int] = []
        thread = threading.Thread(target=refuse_subscriptions, args=(server, heads), daemon=True)
        thread.start()
        lines = scene("refused", server.getsockname()[1], acl=True).finish()
        thread.join(10)
    assert lines == ["refused MQTTError: the broker refused the subscription to 'secret/#' (code 0x80)", "end"]
    assert heads == [0x10, 0x82, 0xA2, 0xE0], "it is given up, or it would be asked for on each connection"


@pytest.mark.parametrize("version", [4, 5])
def test_each_await_can_be_cancelled(scene, mosquitto, watcher, version):
    seen = watcher(mosquitto.port, "c/#")
    lines = scene("cancels", mosquitto.port, qos2=True, version=version).finish()
    assert lines[0] in ("publish 0 True", "publish 0 was written")
    assert lines[1:] == [
        "publish 1 True",
        "publish 2 True",
        *["came b'cancelled'"] * 3,
        "subscribe True",
        "came b'after a cancelled subscribe'",
        "unsubscribe True",
        "iterator True",
        "came b'after a cancelled iterator'",
        "came b'at the same moment'",
        "wait_connected True",
        "connected True None",
        "disconnect False None",
        "again True True",
        "end",
    ]
    seen.wait(5)
    assert sorted(seen.payloads()) == ["after a cancelled iterator", "at the same moment", *["cancelled"] * 3]


def test_a_broker_that_never_answers_holds_nobody_up(scene):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        lines = scene("silent", port).finish()
    assert lines == [
        "connect True False None True",
        f"in time MQTTError: 127.0.0.1:{port}: no connection in time None",
        "not waited False",
        "publish True 1",
        "wait True",
        "subscribe MQTTError: the client is not running: use it within `async with`",
        "left 1 None",
        "end",
    ]


def test_two_clients_and_several_loops_side_by_side(scene, mosquitto):
    lines = scene("crowd", mosquitto.port).finish()
    assert lines == ["ticks True", "one True", "shared True True", "in order True True", "end"]


@pytest.mark.parametrize("version", [4, 5])
def test_many_messages_in_one_read_do_not_overflow_a_small_queue(scene, mosquitto, version):
    assert scene("tiny", mosquitto.port, version=version).finish() == ["got True", "end"]


def test_a_goodbye_that_nobody_answers_holds_nobody_up(scene):
    with socket.create_server(("127.0.0.1", 0)) as server:
        for _ in range(3):
            threading.Thread(target=refuse_subscriptions, args=(server,), daemon=True).start()
        lines = scene("lingers", server.getsockname()[1]).finish()
    assert lines == ["over False None True 0", "cancelled True False None 0", "raised in on_connect", "end"]


COUNT = 120
PAD = "." * 300  # together more than the queue, the receive buffer and what a broker sends ahead by default


@pytest.fixture(params=["tcp", "tls", *(pytest.param(way, marks=pytest.mark.full) for way in ("ws", "wss"))])
def way(request, authority):
    """(port or None for plain TCP, lines of the broker's configuration, options of the client) of a way to a broker."""
    if request.param == "tcp":
        return None, "", {}
    port = free_port()
    lines = f"listener {port} 127.0.0.1\n"
    lines += "protocol websockets\n" if "ws" in request.param else ""
    options = {"host": "localhost" if request.param == "tls" else f"{request.param}://localhost:{port}/mqtt"}
    if request.param == "ws":
        return port, lines, options
    options["tls"] = {"ca": (authority.folder / "ca.pem").read_text()}
    return port, lines + authority.listens("server", False), options


def test_a_slow_consumer_costs_neither_the_connection_nor_a_message(scene, mosquitto_factory, watcher, way):
    """It stands still for several of its keep-alives and acknowledgement deadlines."""
    port, lines, options = way
    extra = f"{lines}\nmax_inflight_messages 0"
    broker = mosquitto_factory(extra=extra)
    seen = watcher(broker.port, "out")
    process = scene("slow", port or broker.port, count=COUNT, **options)
    process.wait_line("granted")
    for i in range(COUNT):
        seen.publish("flood", f"{i:06}{PAD}", 1)
    process.wait_line("full")
    wait_for(lambda: seen.payloads() == ["while it does not read"], "what goes out meanwhile")
    before = broker.log_text().count("Received PINGREQ from slow")
    wait_for(lambda: broker.log_text().count("Received PINGREQ from slow") > before + 3, "pings", 60)
    seen.publish("go", "now", 1)
    lines = process.finish()
    assert lines == [
        "granted 1",
        "full",
        "went on b'now' 4 True False []",
        "got True True",
        "alive True [] True",
        "end",
    ]


def answer_behind_messages(server):
    """A broker for one client: four messages come before its first acknowledgement of a message."""
    sock, _ = server.accept()
    more = 4
    with sock, sock.makefile("rb") as file:
        while head := file.read(2):
            body = file.read(head[1])
            if head[0] == 0x10:
                sock.sendall(b"\x20\2\0\0")
            elif head[0] == 0x82:
                sock.sendall(b"\x90\3" + body[:2] + b"\0" + (b"\x30\5\0\2in0" if more else b""))
            elif head[0] == 0xA2:
                sock.sendall(b"\xb0\2" + body[:2])
            elif head[0] == 0x32:
                sock.sendall(b"\x30\5\0\2in1" * more + b"\x40\2" + body[5:7])
                more = 0


@pytest.mark.parametrize("another", [False, True])
def test_who_takes_messages_is_told_that_it_would_wait_for_ever(scene, another):
    """And what it asked for is done nevertheless; where another task takes them too there is nothing to tell."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer_behind_messages, args=(server,), daemon=True)
        thread.start()
        lines = scene("stuck", server.getsockname()[1], another=another).finish()
        thread.join(10)
    stuck = "MQTTError: client.messages is full, and this task, which takes them, would wait for ever"
    lines = [line.partition(": let another")[0] for line in lines]
    assert lines.pop(0) == "came b'0'"
    if another:
        assert sorted(lines) == [*["came b'1'"] * 4, "end", "published True"]
    else:
        told = [f"published {stuck}", f"asked {stuck}", f"asked {stuck}"]
        assert lines == [*told, *["came b'1'"] * 4, "published True", "end"]


@pytest.mark.parametrize("version", [4, 5])
@pytest.mark.parametrize("qos", [1, 2])
def test_what_has_no_room_at_the_end_is_left_to_the_broker(scene, mosquitto, watcher, qos, version):
    """And what was pending is delivered though its acknowledgement lay behind that."""
    seen = watcher(mosquitto.port, "out")
    process = scene("full", mosquitto.port, qos2=True, version=version, qos=qos)
    process.wait_line("granted")
    for i in range(8):
        seen.publish("in", str(i), qos)
    assert process.finish() == [f"granted {qos}", "left 0 2", "got [0, 1, 2, 3, 4, 5, 6, 7]", "end"]
    seen.wait(1)
    assert seen.payloads() == ["at the end"]


def test_a_broker_that_dies_and_comes_back(scene, mosquitto_factory, tmp_path):
    tmp_path.chmod(0o777)
    broker = mosquitto_factory(persistence_dir=tmp_path)
    process = scene("broken", broker.port)
    process.wait_line("kill")
    broker.kill()
    process.wait_line("start")
    broker._chosen = True
    broker.start()
    process.wait_line("kill again")
    broker.kill()
    lines = process.finish()
    assert lines == [
        "message b'before'",
        "kill",
        "gone False",
        *["dropped MQTTError: the message was dropped: the outbox was full"] * 2,
        "waiting False False",
        "start",
        "back True 0",
        "message b/4 b'x'",
        "message b/5 b'y'",
        "refuse OutboxFull",
        "kill again",
        *["lost MQTTError: the connection was lost: closed by the broker or the network"] * 2,
        "lost 0",
        "end",
    ]


def test_a_client_with_a_journal(scene, mosquitto, watcher, tmp_path):
    seen = watcher(mosquitto.port, "j")
    process = scene("journalled", mosquitto.port, path=str(tmp_path / "journal"), nobody=free_port())
    assert process.finish() == ["cancelled True", "stored 1 1", "waits 1 True", "left 0", "end"]
    seen.wait(2)
    assert seen.payloads() == ["of a life before", "of this one"]
