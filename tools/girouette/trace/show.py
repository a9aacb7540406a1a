"""Lines of a trace for a person (colours on a terminal) and for a program (one JSON object a line), and the summary."""

import codecs
import json
from collections import Counter
from datetime import datetime, timezone

from paho.mqtt.client import topic_matches_sub
from rich.console import Console
from rich.text import Text

from .conversation import DOWN, UP, Line
from .packets import Packet
from .secrets import MASK

_COLOURS = {"PUBLISH": "bold green", "CONNECT": "bold cyan", "CONNACK": "bold cyan", "DISCONNECT": "bold cyan"}
_HIDDEN = {"answers", "ms", "reasons", "filters", "will", "properties"}  # have words of their own
_ESCAPED = {ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t"}
_HELD = 4096  # bytes of a payload in the JSON


class Show:
    """Takes Lines one by one. `payload`: bytes of it that are shown, 0 for none; `wanted`: a topic filter or None."""

    def __init__(self, as_json: bool = False, wanted: str | None = None, payload: int = 60):
        self._json, self._wanted, self._payload = as_json, wanted, payload
        self._console = Console(highlight=False, soft_wrap=True)
        self._kinds = {UP: Counter(), DOWN: Counter()}
        self._bytes = {UP: 0, DOWN: 0}
        self._connections, self._faults, self._pings = set(), 0, []

    def line(self, line: Line):
        """Count it, and show it if it is wanted."""
        self._count(line)
        if self._wanted and not any(_matches(self._wanted, topic) for topic in line.topics):
            return
        if self._json:
            print(json.dumps(self._object(line), ensure_ascii=False), flush=True)
        else:
            self._console.print(self._text(line))

    @property
    def any(self) -> bool:
        """Whether there was anything to show."""
        return bool(self._connections)

    def summary(self):
        """What it was in all."""
        about = self._figures()
        if self._json:
            print(json.dumps({"summary": about}), flush=True)
            return
        self._console.print()
        for side, who in ((UP, "from the node"), (DOWN, "from the broker")):
            kinds = ", ".join(f"{count} {kind}" for kind, count in self._kinds[side].most_common()) or "nothing"
            self._console.print(f"{who} {side}  {kinds}; {self._bytes[side]} bytes", markup=False)
        tail = f"{about['connections']} connection{'s' if about['connections'] != 1 else ''}, {self._faults} malformed"
        if self._pings:
            tail += f", pings answered in {min(self._pings):g} to {max(self._pings):g} ms"
        self._console.print(tail, style="red" if self._faults else "")

    def _figures(self) -> dict:
        sides = {"node": UP, "broker": DOWN}
        about = {who: {"packets": dict(self._kinds[side]), "bytes": self._bytes[side]} for who, side in sides.items()}
        return about | {"connections": len(self._connections), "malformed": self._faults, "pings_ms": self._pings}

    def _count(self, line: Line):
        self._connections.add(line.connection)
        if line.event:
            self._faults += line.event.startswith("malformed")
            return
        packet = line.packet
        self._kinds[line.direction][packet.kind] += 1
        self._bytes[line.direction] += packet.size
        self._faults += bool(packet.faults)
        if packet.kind == "PINGRESP" and "ms" in packet.about:
            self._pings.append(packet.about["ms"])

    # For a program

    def _object(self, line: Line) -> dict:
        time = datetime.fromtimestamp(line.at, timezone.utc).isoformat(timespec="milliseconds")
        sender = "node" if line.direction == UP else "broker"
        about = {"time": time.replace("+00:00", "Z"), "connection": line.connection, "from": sender}
        if line.event:
            return about | {"event": line.event}
        packet = line.packet
        about |= {"type": packet.kind, "bytes": packet.size}
        parts = {"flags": packet.flags, "id": packet.id, "topic": packet.topic, "notes": packet.notes}
        about |= {name: value for name, value in parts.items() if value not in (None, [])}
        about |= {name: value for name, value in packet.about.items() if name != "will" and value not in ({}, None)}
        if will := packet.about.get("will"):
            about["will"] = {key: will[key] for key in ("topic", "qos", "retain")} | self._payload_json(*_of_will(will))
        if packet.kind == "PUBLISH" and packet.topic is not None:
            about |= self._payload_json(packet.payload, packet.payload_size)
        return about | ({"malformed": packet.faults} if packet.faults else {})

    def _payload_json(self, payload: bytes | None, size: int) -> dict:
        about = {"payload_bytes": size}
        if payload is None:
            return about | {"payload": MASK}
        if not self._payload:
            return about
        text = _readable(payload[:_HELD], size <= _HELD)
        return about | ({"payload": text} if text is not None else {"payload_hex": payload[:_HELD].hex()})

    # For a person

    def _text(self, line: Line) -> Text:
        moment = datetime.fromtimestamp(line.at)
        text = Text(f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03} ", "dim")
        text.append(f"#{line.connection} ", "dim")
        text.append(line.direction + " ", "cyan" if line.direction == UP else "magenta")
        if line.event:
            return text.append(line.event, "bold red" if line.wrong else "dim")
        packet = line.packet
        text.append(f"{packet.kind:<11}", _COLOURS.get(packet.kind, "bold"))
        for words, style in self._words(packet):
            text.append("  ").append(words, style)
        return text

    def _words(self, packet: Packet):
        """(words, style) of all there is to say, in reading order."""
        for flag in packet.flags:
            yield flag, "yellow" if flag == "dup" else ""
        if packet.id is not None:
            yield f"id {packet.id}", ""
        if packet.topic:
            yield packet.topic, "bold"
        for reason in packet.about.get("reasons", ()):
            yield f"{reason['words']} ({reason['code']:#04x})", "bold red" if reason["refused"] else ""
        for wanted in packet.about.get("filters", ()):
            yield _filter(wanted), "bold"
        yield from ((_named(name, value), "") for name, value in packet.about.items() if name not in _HIDDEN)
        if will := packet.about.get("will"):
            payload, size = _of_will(will)
            marks = f"q{will['qos']}{' retain' if will['retain'] else ''}"
            yield f"will={will['topic']} {marks} {self._shown(payload, size)}", ""
        if properties := packet.about.get("properties"):
            yield " ".join(f"{name}={value}" for name, value in properties.items()), "blue"
        if packet.kind == "PUBLISH" and packet.topic is not None:
            yield self._shown(packet.payload, packet.payload_size), "green"
        yield f"({packet.size} B)", "dim"
        if "ms" in packet.about:
            answers = ", ".join(packet.about["answers"])
            yield f"{answers + ', ' if answers else ''}after {packet.about['ms']:g} ms", "dim"
        yield from ((note, "yellow") for note in packet.notes)
        yield from ((f"malformed: {fault}", "bold red") for fault in packet.faults)

    def _shown(self, payload: bytes | None, size: int) -> str:
        if payload is None:
            return f"{MASK} ({size} bytes)"
        if not self._payload or not size:
            return f"{size} bytes"
        part = payload[: self._payload]
        text = _readable(part, size <= len(part))
        if text is not None:
            shown = f'"{text.translate(_ESCAPED)}"'
        else:
            part = payload[: max(1, self._payload // 3)]  # each takes three letters
            shown = part.hex(" ")
        return shown if size <= len(part) else f"{shown}… {size} bytes"


def _of_will(will: dict) -> tuple[bytes | None, int]:
    return will["payload"], will["size"]


def _filter(wanted: dict) -> str:
    marks = [f"q{wanted['qos']}"] if "qos" in wanted else []
    return " ".join([wanted["filter"], *marks, *(name for name in wanted if wanted[name] is True)])


def _named(name: str, value) -> str:
    if name == "session_present":
        return "session kept" if value else "new session"
    if isinstance(value, bool):
        return name if value else f"no {name}"
    return f"{name}={value}"


def _matches(wanted: str, topic: str) -> bool:
    return topic == wanted or topic_matches_sub(wanted, topic)


def _readable(data: bytes, whole: bool) -> str | None:
    """UTF-8 text, which may be cut within its last character unless it is whole; None if it is something else."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data, final=whole)
    except UnicodeDecodeError:
        return None
    return text if all(letter.isprintable() or letter in "\r\n\t" for letter in text) else None
