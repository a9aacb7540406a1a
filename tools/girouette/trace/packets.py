"""One packet of MQTT 3.1.1 or 5 from its bytes. What came before it, and what is secret in it, is not known here."""

from dataclasses import dataclass, field

from paho.mqtt.packettypes import PacketTypes

from . import reasons
from .fields import Fields
from .rules import Broken, cited

NAMES = dict(enumerate(name.upper() for name in PacketTypes.Names[:16]))
_FLAGS = {6: 2, 8: 2, 10: 2}  # PUBREL, SUBSCRIBE, UNSUBSCRIBE; PUBLISH has its own, the others 0
_LEVELS = {3: "MQIsdp", 4: "MQTT", 5: "MQTT"}
_RETAIN_HANDLING = ("", "retained_if_new", "no_retained", "")


@dataclass
class Packet:
    """`size`: bytes on the wire. `faults`: what is wrong with it, each with its rule; `about`: all else, by name."""

    kind: str
    size: int
    version: int
    flags: list[str] = field(default_factory=list)
    id: int | None = None
    topic: str | None = None
    payload: bytes | None = None
    payload_size: int = 0
    about: dict = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fault(self, name: str, words: str):
        """Something is wrong, and the rest can be read nevertheless."""
        self.faults.append(f"{words} {cited(name, self.version)}")


def decode(first: int, body: bytes, version: int, size: int, whole: int) -> Packet:
    """`first`: the first byte; `body`: what is kept of the `whole` bytes after the length."""
    number = first >> 4
    packet = Packet(NAMES[number], size, version)
    if number == 0 or (number == 15 and version != 5):
        packet.fault("type", f"there is no packet of type {number}")
        return packet
    if number != 3 and first & 15 != _FLAGS.get(number, 0):
        packet.fault("flags", f"the flags of the first byte are {first & 15:#x} instead of {_FLAGS.get(number, 0):#x}")
    if number != 3 and len(body) < whole:
        packet.notes.append(f"too large to be looked at: {whole} bytes")
        return packet
    fields = Fields(body, version)
    try:
        _READERS[number](packet, fields, first)
        if number == 3:
            packet.payload_size = whole - fields.at
            packet.payload = fields.rest()
        elif fields:
            fields.broken("short", f"{len(body) - fields.at} bytes follow the end of the packet")
    except Broken as e:
        packet.faults.append(str(e))
    return packet


def _connect(packet: Packet, fields: Fields, first: int):
    name, level = fields.text("protocol name"), fields.byte("protocol level")
    packet.about["protocol"] = {3: "3.1", 4: "3.1.1", 5: "5"}.get(level, f"level {level}")
    fields.version = packet.version = 5 if level == 5 else 4
    if level not in _LEVELS:
        fields.broken("level", f"the protocol level is {level}")
    if name != _LEVELS[level]:
        fields.broken("name", f"the protocol's name is {name!r}")
    flags = fields.byte("connect flags")
    about = packet.about
    about["clean"], about["keepalive"] = bool(flags & 2), fields.number("keep alive")
    _connect_flags(packet, flags)
    about["properties"] = fields.properties(PacketTypes.CONNECT)
    about["client_id"] = fields.text("client id")
    if not about["client_id"] and not flags & 2 and packet.version == 4:
        packet.fault("client-id", "an empty client id with a session that is to be kept")
    if flags & 4:
        about["will"] = _will(fields, flags)
    if flags & 0x80:
        about["user"] = fields.text("user name")
    if flags & 0x40:
        about["password"] = fields.binary("password")


def _connect_flags(packet: Packet, flags: int):
    if flags & 1:
        packet.fault("connect-flag", "the reserved connect flag is set")
    if flags >> 3 & 3 == 3:
        packet.fault("will-qos", "the will's QoS is 3")
    if not flags & 4 and flags & 0x38:
        packet.fault("no-will", "QoS or retain of a will that is not there")
    if flags & 0x40 and not flags & 0x80 and packet.version == 4:
        packet.fault("password", "a password without a user name")


def _will(fields: Fields, flags: int) -> dict:
    properties = fields.properties(PacketTypes.WILLMESSAGE)
    will = {"topic": fields.text("will's topic"), "payload": fields.binary("will's message")}
    return will | {"qos": flags >> 3 & 3, "retain": bool(flags & 0x20), "properties": properties}


def _connack(packet: Packet, fields: Fields, first: int):
    flags, code = fields.byte("flags"), fields.byte("reason")
    if flags & 0xFE:
        packet.fault("session-flags", f"the reserved flags are {flags:#04x}")
    packet.about["session_present"] = bool(flags & 1)
    if flags & 1 and code:
        packet.fault("session", "a session is present although the connection is refused")
    packet.about["reasons"] = [reasons.of(packet.kind, code, packet.version)]
    packet.about["properties"] = fields.properties(PacketTypes.CONNACK)


def _publish(packet: Packet, fields: Fields, first: int):
    qos = first >> 1 & 3
    packet.flags = [f"q{qos}"] + ["retain"] * (first & 1) + ["dup"] * (first >> 3 & 1)
    if qos == 3:
        fields.broken("qos", "the QoS is 3")
    if first & 8 and not qos:
        packet.fault("dup", "DUP is set although the QoS is 0")
    packet.topic = fields.text("topic")
    if set(packet.topic) & set("+#"):
        packet.fault("topic", "the topic has a wildcard in it")
    if qos:
        packet.id = fields.packet_id()
    packet.about["properties"] = fields.properties(PacketTypes.PUBLISH)
    if not packet.topic and not packet.about["properties"].get("topic_alias"):
        packet.fault("empty-topic", "the topic is empty")


def _acknowledged(packet: Packet, fields: Fields, first: int):
    packet.id = fields.packet_id()
    if packet.version == 5 and fields:
        packet.about["reasons"] = [reasons.of(packet.kind, fields.byte("reason"), 5)]
        if fields:
            packet.about["properties"] = fields.properties(first >> 4)


def _subscribe(packet: Packet, fields: Fields, first: int):
    packet.id = fields.packet_id()
    packet.about["properties"] = fields.properties(PacketTypes.SUBSCRIBE)
    filters = packet.about["filters"] = []
    while fields:
        text, options = _filter(packet, fields), fields.byte("options")
        if options & 3 == 3 or options & (0xC0 if packet.version == 5 else 0xFC):
            packet.fault("options", f"the options of {text!r} are {options:#04x}")
        wanted = {"filter": text, "qos": options & 3}
        if packet.version == 5:
            flags = {"no_local": 4, "retain_as_published": 8}
            wanted |= {name: True for name, bit in flags.items() if options & bit}
            wanted |= {name: True for name in [_RETAIN_HANDLING[options >> 4 & 3]] if name}
        filters.append(wanted)
    if not filters:
        packet.fault("no-filter", "it subscribes to nothing")


def _filter(packet: Packet, fields: Fields) -> str:
    text = fields.text("topic filter")
    levels = text.split("/")
    if not text:
        packet.fault("empty-filter", "a topic filter is empty")
    elif any(("#" in level or "+" in level) and len(level) > 1 for level in levels) or "#" in levels[:-1]:
        packet.fault("filter", f"the wildcards of {text!r} are misplaced")
    return text


def _suback(packet: Packet, fields: Fields, first: int):
    packet.id = fields.packet_id()
    packet.about["properties"] = fields.properties(first >> 4)
    codes = fields.rest() if first >> 4 == PacketTypes.SUBACK or packet.version == 5 else b""
    if codes:
        packet.about["reasons"] = [reasons.of(packet.kind, code, packet.version) for code in codes]
    if packet.kind == "SUBACK" and (not codes or (packet.version == 4 and set(codes) - {0, 1, 2, 128})):
        packet.fault("granted", "what is granted is " + (codes.hex(" ") or "missing"))


def _unsubscribe(packet: Packet, fields: Fields, first: int):
    packet.id = fields.packet_id()
    packet.about["properties"] = fields.properties(PacketTypes.UNSUBSCRIBE)
    packet.about["filters"] = filters = []
    while fields:
        filters.append({"filter": _filter(packet, fields)})
    if not filters:
        packet.fault("no-unfilter", "it unsubscribes from nothing")


def _empty(packet: Packet, fields: Fields, first: int):
    """PINGREQ and PINGRESP."""


def _reasoned(packet: Packet, fields: Fields, first: int):
    """DISCONNECT and AUTH: in MQTT 5 with a reason, which may be left out."""
    if packet.version == 5:
        code = fields.byte("reason") if fields else 0
        packet.about["reasons"] = [reasons.of(packet.kind, code, 5)]
        if fields:
            packet.about["properties"] = fields.properties(first >> 4)


_READERS = {
    1: _connect, 2: _connack, 3: _publish, 4: _acknowledged, 5: _acknowledged, 6: _acknowledged, 7: _acknowledged,
    8: _subscribe, 9: _suback, 10: _unsubscribe, 11: _suback, 12: _empty, 13: _empty, 14: _reasoned, 15: _reasoned,
}  # fmt: skip
