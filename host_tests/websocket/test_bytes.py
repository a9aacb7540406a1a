"""The transport alone, over one that takes and gives as chance will: nothing is lost or changed."""

import random

import pytest
from leanmqtt.websocket import WebSocket
from wspeers import BINARY, CLOSE, PING, PONG, Frames, frame


class Below:
    """A transport of a test: what was written, and what there is to read."""

    sock = None

    def __init__(self, chance):
        self.chance = chance
        self.sent = b""
        self.incoming = b""
        self.broken = False

    def write(self, span):
        assert span.tx_len > 0
        if self.broken:
            return -1
        if self.chance.random() < 0.4:
            return None
        n = self.chance.randint(1, span.tx_len)
        self.sent += bytes(memoryview(span.tx_buf)[span.tx_off : span.tx_off + n])
        return n

    def read(self, span):
        assert 0 < span.want <= len(span.rx)
        if not self.incoming or self.chance.random() < 0.3:
            return None
        n = self.chance.randint(1, min(span.want, len(self.incoming)))
        span.rx[:n], self.incoming = self.incoming[:n], self.incoming[n:]
        return n

    def close(self):
        pass


class Span:
    """What a session hands to its transport."""

    def __init__(self, data=b"", window=100):
        self.tx_buf, self.tx_off, self.tx_len = bytearray(data), 0, len(data)
        self.rx, self.want = bytearray(window), window


class Client:
    """As much of one as a transport needs."""

    def __init__(self, chance):
        self.rand = chance.getrandbits

    def _fail(self, e):
        raise AssertionError(e)


def opened(seed):
    chance = random.Random(seed)
    ws, below = WebSocket(), Below(chance)
    ws.bind(Client(chance), below, {None: "/"}, 80)
    ws._up = True
    return ws, below, chance


@pytest.mark.parametrize("seed", range(30))
def test_whatever_the_layer_below_takes_at_a_time(seed):
    ws, below, chance = opened(seed)
    span, frames, got, pings = Span(chance.randbytes(6000)), Frames(), [], []
    before = bytes(span.tx_buf)
    while span.tx_len:
        span.tx_len, whole = chance.randint(1, span.tx_len), span.tx_len
        n = ws.write(span)
        span.tx_len = whole
        if n:
            span.tx_off += n
            span.tx_len -= n
        if chance.random() < 0.2 and not below.incoming:
            pings.append(chance.randbytes(chance.randrange(126)))
            below.incoming = frame(pings[-1], PING)
        assert ws.read(span) is None
    for _ in range(1000):
        ws.read(span)
    got = list(frames.feed(below.sent))
    assert bytes(span.tx_buf) == before, "the caller's bytes were masked"
    assert b"".join(payload for code, payload in got if code == BINARY) == before
    pongs = [payload for code, payload in got if code == PONG]
    assert pongs and pongs[-1] == pings[-1] and [p for p in pings if p in pongs] == pongs, "all, or the last of many"
    assert not frames.complaints and frames.rest == b"" and {code for code, _ in got} <= {BINARY, PONG}
    assert len(set(frames.masks)) == len(frames.masks)
    assert all(len({mask[i] for mask in frames.masks}) > 3 for i in range(4)), "each byte of a mask is chance"
    assert sum(mask[:2] == mask[2:] for mask in frames.masks) < 2


@pytest.mark.parametrize("seed", range(30))
def test_whatever_the_layer_below_gives_at_a_time(seed):
    ws, below, chance = opened(seed)
    data, at, inside = chance.randbytes(20_000), 0, False
    while at < len(data) or inside:
        if chance.random() < 0.2:
            below.incoming += frame(chance.randbytes(chance.randrange(126)), chance.choice((PING, PONG)))
        n = chance.choice((0, 1, 5, 125, 126, 700))
        form = chance.choice((None, 2, 8)) if n < 126 else None
        fin = chance.random() < 0.5 or at + n >= len(data)
        below.incoming += frame(data[at : at + n], code=0 if inside else BINARY, fin=fin, length=form)
        inside, at = not fin, at + n
    got, span, idle = b"", Span(window=chance.randint(1, 300)), 0
    while idle < 200:
        span.want = chance.randint(1, len(span.rx))
        n = ws.read(span)
        idle = idle + 1 if n is None else 0
        got += span.rx[: n or 0]
    assert got == data and below.incoming == b""


def test_a_layer_that_is_lost():
    ws, below, _ = opened(0)
    below.broken = True
    span = Span(b"x")
    assert ws.write(span) == -1 and ws.write(span) == -1
    assert ws.read(span) is None
    ws.close()
    assert ws.tx_len == 0


def test_nothing_is_sent_behind_a_close_frame():
    ws, below, _ = opened(1)
    below.chance = random.Random(2)
    below.write = lambda span: setattr(
        below, "sent", below.sent + bytes(memoryview(span.tx_buf)[span.tx_off : span.tx_off + span.tx_len])
    ) or span.tx_len
    below.incoming = frame(b"\x03\xe8", CLOSE) + frame(b"", PING)
    span = Span(b"x")
    while ws.read(span) is None:
        pass
    assert ws.write(span) == -1
    ws.close()
    assert [code for code, _ in Frames().feed(below.sent)] == [CLOSE]


@pytest.mark.parametrize("seed", range(60))
def test_bytes_that_are_no_frames_at_all(seed):
    """Whatever comes: numbers for an answer, and nothing is sent but pongs and, at the end, one close frame."""
    ws, below, chance = opened(seed)
    ws._end = lambda e: e
    good = frame(b"x" * 30, BINARY, fin=False) + frame(b"ping", PING) + frame(b"y" * 200, 0)
    data = bytearray(good * 3 if seed % 2 else chance.randbytes(700))
    for _ in range(seed % 5):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    below.incoming = bytes(data)
    span, n, idle = Span(), None, 0
    while idle < 100 and (n is None or n > 0):
        n = ws.read(span)
        assert n is None or -1 <= n <= span.want
        idle = idle + 1 if n is None else 0
    if n is not None:
        assert ws._fault and str(ws._failed(-30)).startswith("WebSocket: ")
    frames = Frames()
    codes = [code for code, _ in frames.feed(below.sent)]
    assert not frames.complaints and set(codes) <= {PONG, CLOSE} and CLOSE not in codes[:-1]


def test_a_pong_in_between_does_not_change_the_answer_to_a_ping():
    """The answer waits, since the layer below takes nothing."""
    ws, below, _ = opened(3)
    below.chance = random.Random(3)
    write, below.write = below.write, lambda span: None
    assert ws.write(Span(b"x")) == 1
    below.incoming = frame(b"asked", PING) + frame(b"nobody", PONG)
    while below.incoming:
        ws.read(Span())
    below.write = write
    for _ in range(100):
        ws.read(Span())
    assert list(Frames().feed(below.sent)) == [(BINARY, b"x"), (PONG, b"asked")]
