"""One connection: bytes of both directions in, Lines out. It remembers what makes an answer readable: which topic an
acknowledged id belongs to, what a SUBACK grants, which topic an alias stands for, how long the answer took.

No sockets, files or screens here.
"""

from dataclasses import dataclass, field

from paho.mqtt.packettypes import PacketTypes

from . import secrets
from .framer import Frame, Framer
from .packets import Packet, decode

UP, DOWN = "→", "←"  # from the node, from the broker
_OTHER = {UP: DOWN, DOWN: UP}
_ANSWERS = {"PUBACK": 3, "PUBREC": 3, "PUBCOMP": 3, "SUBACK": 8, "UNSUBACK": 10}
_NODE_ONLY = {PacketTypes.CONNECT, PacketTypes.SUBSCRIBE, PacketTypes.UNSUBSCRIBE, PacketTypes.PINGREQ}
_BROKER_ONLY = {PacketTypes.CONNACK, PacketTypes.SUBACK, PacketTypes.UNSUBACK, PacketTypes.PINGRESP}


@dataclass
class Line:
    """A packet, or what else happened (`event`). `topics`: those it is about, for a filter."""

    at: float
    connection: int
    direction: str
    packet: Packet | None = None
    event: str = ""
    topics: list[str] = field(default_factory=list)
    wrong: bool = False  # an event that is a fault


class Conversation:
    """`whole`: seen from its beginning. `memory`: bytes the node holds a message in."""

    def __init__(self, number: int, whole: bool = True, version: int = 4, memory: int = 128):
        self.number, self.version = number, version
        self._whole, self._memory = whole, memory
        self._framers = {UP: Framer(), DOWN: Framer()}
        self._begun = {UP: not whole, DOWN: not whole}  # the first packet has been there
        self._opaque = False
        self._asked: dict = {}  # (direction, kind, id) -> (topics, when)
        self._aliases: dict = {}
        self._told: set = set()
        self._goodbye = self._refused = False

    def feed(self, direction: str, data: bytes, at: float) -> list[Line]:
        """What these bytes complete."""
        if self._opaque or not data:
            return []
        framer = self._framers[direction]
        if direction == UP and not (self._begun[UP] or framer.within) and (why := _foreign(data)):
            self._opaque = True
            return [self._event(at, UP, why, True)]
        lines = [self._line(direction, frame, at) for frame in framer.feed(data, at)]
        if framer.lost and direction not in self._told:
            self._told.add(direction)
            lines.append(self._event(at, direction, f"malformed: {framer.lost}; what follows cannot be read", True))
        return lines

    def gap(self, direction: str, count: int, at: float) -> list[Line]:
        """So many bytes of this direction are missing from what was captured."""
        self._whole = False
        framer = self._framers[direction]
        known = framer.lost or framer.skip(count)
        more = "" if known else "; what follows is read as a new packet"
        return [self._event(at, direction, f"{count} bytes are missing from the capture{more}", True)]

    def closed(self, direction: str, at: float, words: str) -> list[Line]:
        """The end, and who wanted it."""
        within = [side for side in (UP, DOWN) if self._framers[side].within and not self._opaque]
        torn = f", in the middle of a packet ({' and '.join(within)})" if within else ""
        more = ""
        if direction == UP and self.node_begun and not (self._goodbye or self._refused or self._opaque):
            more = ": no DISCONNECT was sent, so the broker publishes the will if there is one"
        return [self._event(at, direction, words + torn + more, bool(within or more))]

    @property
    def node_begun(self) -> bool:
        """Whether the node has said anything that could be read."""
        return self._begun[UP]

    def _event(self, at, direction, words, wrong=False) -> Line:
        return Line(at, self.number, direction, None, words, [], wrong)

    def _line(self, direction: str, frame: Frame, at: float) -> Line:
        packet = decode(frame.first, frame.body, self.version, frame.size, frame.length)
        self._order(direction, packet, frame.first >> 4)
        if packet.kind == "CONNECT":
            self.version = packet.version
        if packet.kind == "DISCONNECT" and direction == UP:
            self._goodbye = True
        topics = self._related(direction, packet, at)
        if packet.kind == "PUBLISH" and direction == DOWN and frame.length > self._memory:
            packet.notes.append(f"larger than the {self._memory} bytes a node holds: taken in pieces, or passed over")
        if packet.payload is not None and len(packet.payload) < packet.payload_size:
            packet.notes.append("too large to be kept whole")
        secrets.mask(packet)
        return Line(at, self.number, direction, packet, "", topics, bool(packet.faults))

    def _order(self, direction: str, packet: Packet, number: int):
        if not self._begun[direction]:
            if direction == UP and packet.kind != "CONNECT":
                packet.fault("first", "the first packet is not a CONNECT")
            if direction == DOWN and packet.kind not in ("CONNACK", "AUTH"):
                packet.fault("first-answer", "the broker's first packet is not a CONNACK")
        elif packet.kind == "CONNECT" and self._whole:
            packet.fault("twice", "a second CONNECT")
        self._begun[direction] = True
        if number in (_NODE_ONLY if direction == DOWN else _BROKER_ONLY):
            sender = "broker" if direction == DOWN else "node"
            packet.fault("direction", f"a {packet.kind} is nothing a {sender} sends")
        if packet.kind == "CONNACK" and any(reason["refused"] for reason in packet.about.get("reasons", ())):
            self._refused = True

    def _related(self, direction: str, packet: Packet, at: float) -> list[str]:
        """The topics it is about; an answer is given its time and its question's topics."""
        if packet.kind == "PUBLISH":
            self._alias(direction, packet)
            topics = [packet.topic] if packet.topic else []
            self._ask(direction, 3, packet.id, topics, at)
            return topics
        if packet.kind in ("SUBSCRIBE", "UNSUBSCRIBE"):
            filters = [wanted["filter"] for wanted in packet.about.get("filters", ())]
            self._ask(direction, 8 if packet.kind == "SUBSCRIBE" else 10, packet.id, filters, at)
            return filters
        if packet.kind == "PINGREQ":
            self._ask(direction, 12, 0, [], at)
        if packet.kind == "PINGRESP":
            self._answered(packet, (_OTHER[direction], 12, 0), at)
        if packet.kind in _ANSWERS:
            return self._answered(packet, (_OTHER[direction], _ANSWERS[packet.kind], packet.id), at)
        if packet.kind == "PUBREL":
            return self._asked.get((direction, 3, packet.id), ([], 0))[0]
        will = packet.about.get("will")
        return [will["topic"]] if will else []

    def _ask(self, direction, number, packet_id, topics, at):
        if packet_id is not None:
            self._asked[direction, number, packet_id] = (topics, at)

    def _answered(self, packet: Packet, key, at: float) -> list[str]:
        asked = self._asked.get(key) if packet.kind == "PUBREC" else self._asked.pop(key, None)
        if asked is None:
            if self._whole and not packet.faults and packet.id:
                packet.notes.append("answers nothing that was sent on this connection")
            return []
        packet.about["answers"] = asked[0]
        packet.about["ms"] = round((at - asked[1]) * 1000, 1)
        if packet.kind == "PUBREC" and any(reason["refused"] for reason in packet.about.get("reasons", ())):
            del self._asked[key]  # [MQTT-4.3.3-4] ends here when it is refused
        return asked[0]

    def _alias(self, direction: str, packet: Packet):
        alias = packet.about.get("properties", {}).get("topic_alias")
        if alias is None:
            return
        if packet.topic:
            self._aliases[direction, alias] = packet.topic
        else:
            packet.topic = self._aliases.get((direction, alias), "")
            packet.notes.append("topic by its alias" if packet.topic else "the alias was agreed on before the trace")


def _foreign(data: bytes) -> str | None:
    """Why this is no MQTT."""
    if data[0] == 0x16 and data[1:2] in (b"\x03", b""):
        return "TLS: encrypted, so there is nothing to be read"
    if data.startswith(b"GET "):
        return "WebSocket: not decoded"
    return None
