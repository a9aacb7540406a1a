"""Frames: what is taken in any form, what ends the connection with which code and words, what a client sends."""

import pytest
from support import wait_for
from wspeers import BINARY, CLOSE, CONNACK, PING, PONG, frame

TEXT = 1


def publish(payload: bytes, topic=b"t") -> bytes:
    """A PUBLISH of QoS 0."""
    body = len(topic).to_bytes(2, "big") + topic + payload
    size, length = len(body), b""
    while True:
        size, low = divmod(size, 128)
        length += bytes([low | (128 if size else 0)])
        if not size:
            return b"\x30" + length + body


def heard(actor, server, talk, count, **options):
    """The lines of an actor that hears so many messages from a server that talks so once it is connected."""

    def all_of_it(peer):
        peer.connected()
        talk(peer)

    one = server(talk=all_of_it)
    client = actor(f"ws://127.0.0.1:{one.port}/", ["connect"], ["heard", count], ["disconnect"], **options)
    lines = client.finish()
    assert lines[0] == "connect 0" and lines[-2:] == ["left 0", "end"], lines
    return [line.removeprefix("message t 0 0 ") for line in client.starting("message")]


@pytest.mark.parametrize("each", [0, 1, 3])
def test_many_packets_in_a_frame(actor, server, each):
    """[MQTT-6.0.0-2]"""
    data = b"".join(publish(b"%d" % i) for i in range(300))
    assert heard(actor, server, lambda peer: peer.send(frame(data), each=each), 300) == [str(i) for i in range(300)]


@pytest.mark.parametrize("each", [0, 1, 7])
def test_a_packet_over_many_frames(actor, server, each):
    """[MQTT-6.0.0-2]; its frames are messages of their own here."""
    data = publish(b"a" * 400) + publish(b"b")
    frames = [frame(data[i : i + 1]) for i in range(len(data))]
    assert heard(actor, server, lambda peer: peer.send(*frames, each=each), 2, rx_size=500) == ["a" * 400, "b"]


@pytest.mark.parametrize("each", [0, 1])
def test_a_message_in_fragments_with_pings_between_them(actor, server, each):
    pings = [bytes([65 + i]) * i for i in (0, 1, 8, 9, 124, 125)]
    data = publish(b"x" * 90)
    frames = [frame(data[:10], fin=False)]
    for i, ping in enumerate(pings):
        frames += [frame(ping, PING), frame(data[10 + 10 * i : 20 + 10 * i], code=0, fin=False)]
    frames += [frame(code=0, fin=False), frame(data[70:], code=0), frame(publish(b"y"))]
    pongs = []

    def talk(peer):
        peer.send(*frames, each=each)
        peer.send(frame(b"last", PING))
        while not pongs or pongs[-1] != b"last":
            code, payload = peer.next()
            assert code == PONG, code
            pongs.append(payload)
        peer.send(frame(publish(b"z")))

    assert heard(actor, server, talk, 3) == ["x" * 90, "y", "z"]
    assert pongs == [*pings, b"last"]


@pytest.mark.parametrize(("length", "size"), [(0, 100), (2, 20), (2, 126), (2, 60_000), (8, 20), (8, 70_000)])
@pytest.mark.parametrize("each", [0, 1000])
def test_every_form_of_the_length(actor, server, length, size, each):
    data = publish(b"v" * size)
    frames = frame(data[:size], length=length), frame(data[size:] + publish(b"w"))
    talk = lambda peer: peer.send(*frames, each=each)  # noqa: E731
    assert heard(actor, server, talk, 2, rx_size=80_000) == ["v" * size, "w"]


def test_a_pong_nobody_asked_for_and_frames_of_nothing(actor, server):
    frames = [frame(b"what", PONG), frame(), frame(b"", PONG), frame(publish(b"x"), fin=False), frame(code=0)] * 3
    assert heard(actor, server, lambda peer: peer.send(*frames), 3) == ["x"] * 3


@pytest.mark.parametrize("size", [0, 1, 100, 101, 487, 488, 489, 5000])
def test_what_a_client_sends(actor, server, size):
    """Whole binary messages [MQTT-6.0.0-1], each with a mask of its own, of at most 504 bytes, in order."""
    payload, data = "abcdefghij"[: size % 10 or 10] * (size // 10 + 1), b""
    payload = payload[:size]
    wanted = publish(payload.encode(), b"a/b")
    sent = []

    def talk(peer):
        peer.connected()
        while sum(map(len, sent)) < len(wanted):
            code, part = peer.next()
            assert code == BINARY
            sent.append(part)
        sent.append(peer.frames)

    one = server(talk=talk)
    url = f"ws://127.0.0.1:{one.port}/"
    actor(url, ["connect"], ["publish", "a/b", payload, 0], ["drain"], ["disconnect"], outbox_size=8192).finish()
    frames = sent.pop()
    data = b"".join(sent)
    assert data == wanted
    assert max(frames.sizes) <= 504 and len(sent) == -(-len(data) // 504)
    assert len(set(frames.masks)) == len(frames.masks) > 2


WRONG = {
    "a mask": ([frame(b"x", mask=True)], 1002, "the broker's frames are masked"),
    "reserved 1": ([frame(b"x", reserved=1)], 1002, "reserved bits set"),
    "reserved 4": ([frame(b"x", PING, reserved=4)], 1002, "reserved bits set"),
    "text": ([frame(b"hello", TEXT)], 1003, "a text frame, MQTT goes in binary ones"),
    "kind 3": ([frame(b"x", 3)], 1002, "a frame of an unknown kind"),
    "kind 7": ([frame(b"x", 7)], 1002, "a frame of an unknown kind"),
    "kind 11": ([frame(b"x", 11)], 1002, "a frame of an unknown kind"),
    "kind 15": ([frame(b"x", 15)], 1002, "a frame of an unknown kind"),
    "a large ping": ([frame(b"x" * 126, PING)], 1002, "a ping, pong or close frame in pieces or of more than 125"),
    "a ping in pieces": ([frame(b"x", PING, fin=False)], 1002, "a ping, pong or close frame in pieces"),
    "a close in pieces": ([frame(b"\x03\xe8", CLOSE, fin=False)], 1002, "a ping, pong or close frame in pieces"),
    "a continuation of none": ([frame(b"x", 0)], 1002, "a continuation of none"),
    "a message in another": ([frame(b"\xd0", fin=False), frame(b"\0")], 1002, "the frames of two messages between"),
    "after the last": ([frame(b"\xd0", fin=False), frame(b"\0", 0), frame(b"x", 0)], 1002, "a continuation of none"),
    "a gigabyte": ([b"\x82\x7f" + (1 << 30).to_bytes(8, "big")], 1009, "a frame of 1 GiB or more"),
    "the longest": ([b"\x82\x7f" + b"\xff" * 8], 1009, "a frame of 1 GiB or more"),
}


def ended(actor, server, frames, each=0):
    """(words of on_disconnect, what the client still sent) when a server sends these frames once it is connected."""
    last = []

    def talk(peer):
        peer.connected()
        peer.send(*frames, each=each)
        last.extend(peer.drain())

    one = server(talk=talk)
    client = actor(f"ws://127.0.0.1:{one.port}/", ["connect"], ["hang"], reconnect=False)
    said = client.wait_line("disconnect ")
    return said.removeprefix("disconnect "), last, one


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("each", [0, 1])
def test_a_protocol_error_ends_the_connection_with_its_code_and_words(actor, server, wrong, each):
    frames, code, words = WRONG[wrong]
    said, last, one = ended(actor, server, frames, each)
    assert said.startswith("WebSocket: ") and words in said
    if each:  # bytes that come after the client has closed reset the connection, and the close frame may go with it
        one.close()
        assert last in ([], [(CLOSE, code.to_bytes(2, "big"))])
    else:
        wait_for(lambda: last, "the close frame", 30)
        assert last == [(CLOSE, code.to_bytes(2, "big"))]


def test_the_largest_length_there_may_be_is_waited_for(actor, server):
    """One byte less than 1 GiB: its first bytes are MQTT like any."""
    first = b"\x82\x7f" + ((1 << 30) - 1).to_bytes(8, "big") + publish(b"x")
    assert heard(actor, server, lambda peer: peer.send(first), 1) == ["x"]


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"", "WebSocket: closed by the broker: it did not say why (code 0)"),
        (b"\x03\xe8", "WebSocket: closed by the broker: as agreed (code 1000)"),
        (b"\x03\xe9bye \xc3\xa9\n", "WebSocket: closed by the broker: it is going down (code 1001: bye ???)"),
        (b"\x03\xf0no" + b"!" * 121, "WebSocket: closed by the broker: it does not allow this (code 1008: no"),
        (b"\x0f\xa0", "WebSocket: closed by the broker: for a reason of its own (code 4000)"),
    ],
)
@pytest.mark.parametrize("each", [0, 1])
def test_a_close_frame_is_answered_and_put_into_words(actor, server, payload, words, each):
    said, last, _ = ended(actor, server, [frame(payload, CLOSE), b"" if each else frame(publish(b"late"))], each)
    assert said.startswith(words)
    if not each:
        wait_for(lambda: last, "the answer", 30)
    assert last in ([(CLOSE, payload[:2])], [] if each else None)


def test_a_close_instead_of_connack(actor, server):
    one = server(talk=lambda peer: peer.next() and peer.send(frame(b"\x03\xf5", CLOSE)))
    client = actor(f"ws://127.0.0.1:{one.port}/", ["start"], ["hang"], reconnect=False)
    words = f"disconnect 127.0.0.1:{one.port}: WebSocket: closed by the broker: it is overloaded, try again later"
    assert client.wait_line("disconnect ").startswith(words)


def test_a_connection_that_just_ends_is_called_so(actor, server):
    def talk(peer):
        peer.connected()
        peer.sock.close()

    client = actor(f"ws://127.0.0.1:{server(talk=talk).port}/", ["connect"], ["hang"], reconnect=False)
    assert "the connection was lost" in client.wait_line("disconnect ")


def test_a_disconnect_is_said_in_both_protocols(actor, server):
    """DISCONNECT first, then the close frame [MQTT-3.14.4-1]."""
    last = []

    def talk(peer):
        peer.connected()
        last.append(peer.next())
        peer.send(frame((1000).to_bytes(2, "big"), CLOSE))
        last.extend(peer.drain())

    one = server(talk=talk)
    actor(f"ws://127.0.0.1:{one.port}/", ["connect"], ["disconnect"]).finish()
    wait_for(lambda: len(last) > 1, "the close frame")
    assert last == [(BINARY, b"\xe0\x00"), (CLOSE, b"\x03\xe8")]


def test_a_server_that_goes_on_talking_is_left_with_a_close_frame(actor, server):
    last = []

    def talk(peer):
        peer.connected()
        last.extend(peer.drain())

    actor(f"ws://127.0.0.1:{server(talk=talk).port}/", ["connect"], ["disconnect"]).finish()
    wait_for(lambda: last, "the frames")
    assert last == [(BINARY, b"\xe0\x00"), (CLOSE, b"\x03\xe8")]


def test_connack_in_pieces(actor, server):
    def talk(peer):
        peer.next()
        peer.send(*[frame(CONNACK[i : i + 1], code=2 if i == 0 else 0, fin=i == 3) for i in range(4)], each=1)

    lines = actor(f"ws://127.0.0.1:{server(talk=talk).port}/", ["connect"], ["disconnect"]).finish()
    assert lines[0] == "connect 0"
