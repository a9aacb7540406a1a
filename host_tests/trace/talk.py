"""What the tests of `girouette trace` are made of: packets written by hand, and what is seen of them."""

import io
import json

from girouette.trace.conversation import DOWN, UP, Conversation
from girouette.trace.show import Show


def text(value: str | bytes) -> bytes:
    """A length and so many bytes."""
    raw = value.encode() if isinstance(value, str) else value
    return len(raw).to_bytes(2, "big") + raw


def packet(first: int, body: bytes = b"") -> bytes:
    """A whole packet."""
    left, length = len(body), bytearray()
    while True:
        left, digit = divmod(left, 128)
        length.append(digit | (0x80 if left else 0))
        if not left:
            return bytes([first]) + bytes(length) + body


def connect(level: int = 4, flags: int = 2, client: str = "roof", rest: bytes = b"", keepalive: int = 60) -> bytes:
    """CONNECT; in MQTT 5 without properties."""
    head = text("MQTT") + bytes([level, flags]) + keepalive.to_bytes(2, "big")
    return packet(0x10, head + (b"\0" if level == 5 else b"") + text(client) + rest)


CONNACK = bytes.fromhex("20020000")
CONNACK5 = bytes.fromhex("2003000000")


def publish(topic: str, payload: bytes, first: int = 0x30, packet_id: int | None = None) -> bytes:
    """PUBLISH of MQTT 3.1.1."""
    return packet(first, text(topic) + (packet_id.to_bytes(2, "big") if packet_id is not None else b"") + payload)


def seen(*said: bytes | tuple, version: int = 4) -> list:
    """The Lines of a connection after its CONNECT and CONNACK; from the broker: (packet,)."""
    talk = Conversation(1)
    talk.feed(UP, connect(version), 0)
    talk.feed(DOWN, CONNACK5 if version == 5 else CONNACK, 0)
    lines = []
    for one in said:
        data, side = (one[0], DOWN) if isinstance(one, tuple) else (one, UP)
        lines += talk.feed(side, data, 1)
    return lines


def shown(lines, capsys, **options) -> str:
    """What a person reads."""
    show = Show(**options)
    show._console.file, show._console.width = io.StringIO(), 500
    for line in lines:
        show.line(line)
    return show._console.file.getvalue() + capsys.readouterr().out


def objects(lines, capsys, **options) -> list[dict]:
    """What a program reads."""
    return [json.loads(line) for line in shown(lines, capsys, as_json=True, **options).splitlines()]
