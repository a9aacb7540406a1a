"""MQTT 5 packets as bytes, built from the OASIS standard (7 March 2019) alone.

What lives here: builders of packets with properties, and their taking apart. What packets.py has and 5 did not change
is there. What must not: anything of leanmqtt, which would then be judged by itself. Runs on CPython and MicroPython.
"""

from packets import CONNACK, PUBLISH, body, octets, packet, remaining, string, word

AUTH, DISCONNECT = 0xF0, 0xE0

# Table 2-4: identifier and type. Of the types: sizes of integers, v(ariable), s(tring), b(inary), p(air).
PROPERTIES = {
    "payload_format_indicator": (0x01, 1),
    "message_expiry_interval": (0x02, 4),
    "content_type": (0x03, "s"),
    "response_topic": (0x08, "s"),
    "correlation_data": (0x09, "b"),
    "subscription_identifier": (0x0B, "v"),
    "session_expiry_interval": (0x11, 4),
    "assigned_client_identifier": (0x12, "s"),
    "server_keep_alive": (0x13, 2),
    "authentication_method": (0x15, "s"),
    "authentication_data": (0x16, "b"),
    "request_problem_information": (0x17, 1),
    "will_delay_interval": (0x18, 4),
    "request_response_information": (0x19, 1),
    "response_information": (0x1A, "s"),
    "server_reference": (0x1C, "s"),
    "reason_string": (0x1F, "s"),
    "receive_maximum": (0x21, 2),
    "topic_alias_maximum": (0x22, 2),
    "topic_alias": (0x23, 2),
    "maximum_qos": (0x24, 1),
    "retain_available": (0x25, 1),
    "user_property": (0x26, "p"),
    "maximum_packet_size": (0x27, 4),
    "wildcard_subscription_available": (0x28, 1),
    "subscription_identifier_available": (0x29, 1),
    "shared_subscription_available": (0x2A, 1),
}

# Where each may stand, from the same table; "will" is for the properties of a will.
PLACES = {
    "connect": (0x11, 0x15, 0x16, 0x17, 0x19, 0x21, 0x22, 0x26, 0x27),
    "connack": (0x11, 0x12, 0x13, 0x15, 0x16, 0x1A, 0x1C, 0x1F, 0x21, 0x22, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A),
    "publish": (0x01, 0x02, 0x03, 0x08, 0x09, 0x0B, 0x23, 0x26),
    "will": (0x01, 0x02, 0x03, 0x08, 0x09, 0x18, 0x26),
    "ack": (0x1F, 0x26),
    "subscribe": (0x0B, 0x26),
    "unsubscribe": (0x26,),
    "disconnect": (0x11, 0x1C, 0x1F, 0x26),
    "auth": (0x15, 0x16, 0x1F, 0x26),
}


# Table 2-6: name, and the packets that it may stand in. 0 is also Granted QoS 0 (SUBACK) and Normal disconnection.
_CONNECTION = "connack", "disconnect"
_PUBLISHED = "puback", "pubrec"
_ASKED = "suback", "unsuback"
REASONS = {
    0x00: ("Success", _CONNECTION + _PUBLISHED + _ASKED + ("pubrel", "pubcomp", "auth")),
    0x01: ("Granted QoS 1", ("suback",)),
    0x02: ("Granted QoS 2", ("suback",)),
    0x04: ("Disconnect with Will Message", ("disconnect",)),
    0x10: ("No matching subscribers", _PUBLISHED),
    0x11: ("No subscription existed", ("unsuback",)),
    0x18: ("Continue authentication", ("auth",)),
    0x19: ("Re-authenticate", ("auth",)),
    0x80: ("Unspecified error", _CONNECTION + _PUBLISHED + _ASKED),
    0x81: ("Malformed Packet", _CONNECTION),
    0x82: ("Protocol Error", _CONNECTION),
    0x83: ("Implementation specific error", _CONNECTION + _PUBLISHED + _ASKED),
    0x84: ("Unsupported Protocol Version", ("connack",)),
    0x85: ("Client Identifier not valid", ("connack",)),
    0x86: ("Bad User Name or Password", ("connack",)),
    0x87: ("Not authorized", _CONNECTION + _PUBLISHED + _ASKED),
    0x88: ("Server unavailable", ("connack",)),
    0x89: ("Server busy", _CONNECTION),
    0x8A: ("Banned", ("connack",)),
    0x8B: ("Server shutting down", ("disconnect",)),
    0x8C: ("Bad authentication method", _CONNECTION),
    0x8D: ("Keep Alive timeout", ("disconnect",)),
    0x8E: ("Session taken over", ("disconnect",)),
    0x8F: ("Topic Filter invalid", _ASKED + ("disconnect",)),
    0x90: ("Topic Name invalid", _CONNECTION + _PUBLISHED),
    0x91: ("Packet Identifier in use", _PUBLISHED + _ASKED),
    0x92: ("Packet Identifier not found", ("pubrel", "pubcomp")),
    0x93: ("Receive Maximum exceeded", ("disconnect",)),
    0x94: ("Topic Alias invalid", ("disconnect",)),
    0x95: ("Packet too large", _CONNECTION),
    0x96: ("Message rate too high", ("disconnect",)),
    0x97: ("Quota exceeded", _CONNECTION + _PUBLISHED + ("suback",)),
    0x98: ("Administrative action", ("disconnect",)),
    0x99: ("Payload format invalid", _CONNECTION + _PUBLISHED),
    0x9A: ("Retain not supported", _CONNECTION),
    0x9B: ("QoS not supported", _CONNECTION),
    0x9C: ("Use another server", _CONNECTION),
    0x9D: ("Server moved", _CONNECTION),
    0x9E: ("Shared Subscriptions not supported", ("suback", "disconnect")),
    0x9F: ("Connection rate exceeded", _CONNECTION),
    0xA0: ("Maximum connect time", ("disconnect",)),
    0xA1: ("Subscription Identifiers not supported", ("suback", "disconnect")),
    0xA2: ("Wildcard Subscriptions not supported", ("suback", "disconnect")),
}

# Of those of DISCONNECT (3.14.2.1), what a client may send; the rest is the server's alone.
BY_CLIENT = (0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99)


def prop(name, value):
    """One property; of a user_property, a pair."""
    k, t = PROPERTIES[name]
    if t == "v":
        data = remaining(value)
    elif t == "p":
        data = string(value[0]) + string(value[1])
    elif t in ("s", "b"):
        data = string(value)
    else:
        data = bytes([value >> 8 * i & 255 for i in range(t - 1, -1, -1)])
    return bytes((k,)) + data


def field(*pairs):
    """The properties (name, value), in order, with their length (2.2.2.1)."""
    data = b"".join([prop(name, value) for name, value in pairs])
    return remaining(len(data)) + data


def varint(raw, i=0):
    """(value, offset behind it) of the variable byte integer at raw[i]: in the fewest bytes, or it is a fault."""
    value = shift = 0
    while True:
        assert shift < 28, "a variable byte integer of more than four bytes"
        value |= (raw[i] & 127) << shift
        shift += 7
        i += 1
        if raw[i - 1] < 128:
            assert shift == 7 or raw[i - 1], "[MQTT-1.5.5-1]: not the fewest bytes"
            return value, i


def _text(raw, i):
    n = raw[i] << 8 | raw[i + 1]
    assert i + 2 + n <= len(raw), "a string that is longer than its packet"
    return bytes(raw[i + 2 : i + 2 + n]), i + 2 + n


def take(raw, i, place):
    """([(name, value)], offset behind) of the properties whose length is at raw[i]. Texts as bytes."""
    n, i = varint(raw, i)
    end, found = i + n, []
    assert end <= len(raw), "properties that are longer than their packet"
    while i < end:
        k = raw[i]
        assert k in PLACES[place], "property 0x%02x must not stand in %s" % (k, place)
        name, t = [(name, PROPERTIES[name][1]) for name in PROPERTIES if PROPERTIES[name][0] == k][0]
        assert k == 0x26 or name not in [entry[0] for entry in found], "%s stands twice" % name
        i += 1
        if t == "v":
            value, i = varint(raw, i)
        elif t in ("s", "b", "p"):
            value, i = _text(raw, i)
            if t == "p":
                second, i = _text(raw, i)
                value = value, second
        else:
            value = 0
            for octet in raw[i : i + t]:
                value = value << 8 | octet
            i += t
        found.append((name, value))
    assert i == end, "the last property is longer than the field"
    return found, end


# -- what the client sends, whole


def connect5(
    client_id, keepalive=60, clean=True, user=None, password=None, will=None, properties=(), will_properties=()
):
    """will: (topic, payload, qos, retain); properties as pairs, in order."""
    flags = 2 if clean else 0
    payload = string(client_id)
    if will:
        flags |= 4 | will[2] << 3 | (32 if will[3] else 0)
        payload += field(*will_properties) + string(will[0]) + string(will[1])
    if user is not None:
        flags |= 128
        payload += string(user)
    if password is not None:
        flags |= 64
        payload += string(password)
    return packet(0x10, string("MQTT") + bytes((5, flags)) + word(keepalive) + field(*properties) + payload)


def hello(raw):
    """A CONNECT taken apart: a dict of flags, keepalive, properties (dict), client_id, will, user, password."""
    rest = body(raw)
    assert raw[0] == 0x10 and rest[:7] == b"\0\4MQTT\5", raw
    found = {"flags": rest[7], "keepalive": rest[8] << 8 | rest[9]}
    assert not rest[7] & 1, "[MQTT-3.1.2-3]"
    pairs, i = take(rest, 10, "connect")
    found["properties"] = dict(pairs)
    found["client_id"], i = _text(rest, i)
    if rest[7] & 4:
        found["will_properties"], i = take(rest, i, "will")
        topic, i = _text(rest, i)
        message, i = _text(rest, i)
        found["will"] = topic, message, rest[7] >> 3 & 3, bool(rest[7] & 32)
    if rest[7] & 128:
        found["user"], i = _text(rest, i)
    if rest[7] & 64:
        found["password"], i = _text(rest, i)
    assert i == len(rest), "bytes behind the payload"
    return found


def publish5(topic, payload=b"", qos=0, pid=None, retain=False, dup=False, properties=()):
    first = PUBLISH | (8 if dup else 0) | qos << 1 | (1 if retain else 0)
    head = string(topic) + (word(pid) if pid is not None else b"")
    return packet(first, head + field(*properties) + octets(payload))


def fields5(raw):
    """(topic, payload, qos, pid, retain, dup, properties) of a PUBLISH; properties as pairs, texts as bytes."""
    rest, qos = body(raw), raw[0] >> 1 & 3
    topic, i = _text(rest, 0)
    pid = rest[i] << 8 | rest[i + 1] if qos else None
    pairs, i = take(rest, i + 2 if qos else i, "publish")
    return topic, rest[i:], qos, pid, bool(raw[0] & 1), bool(raw[0] & 8), pairs


def filters5(raw):
    """(packet id, filter, options or None, properties) of a SUBSCRIBE or UNSUBSCRIBE of one filter."""
    rest = body(raw)
    pairs, i = take(rest, 2, "subscribe" if raw[0] == 0x82 else "unsubscribe")
    text, i = _text(rest, i)
    assert i + (raw[0] == 0x82) == len(rest), "one filter is expected"
    return rest[0] << 8 | rest[1], text, rest[i] if raw[0] == 0x82 else None, pairs


def subscribe5(pid, text, options, *properties):
    return packet(0x82, word(pid) + field(*properties) + string(text) + bytes((options,)))


def unsubscribe5(pid, text, *properties):
    return packet(0xA2, word(pid) + field(*properties) + string(text))


def reason(raw):
    """(reason code, properties) of a DISCONNECT or AUTH (3.14.2, 3.15.2)."""
    rest = body(raw)
    if len(rest) < 2:
        return rest[0] if rest else 0, []
    pairs, i = take(rest, 1, "disconnect" if raw[0] == DISCONNECT else "auth")
    assert i == len(rest)
    return rest[0], pairs


def acked5(raw):
    """(first byte, packet id, reason, properties) of a PUBACK, PUBREC, PUBREL or PUBCOMP (3.4.2)."""
    rest = body(raw)
    pairs = []
    if len(rest) > 3:
        pairs, i = take(rest, 3, "ack")
        assert i == len(rest), "bytes behind the properties"
    return raw[0], rest[0] << 8 | rest[1], rest[2] if len(rest) > 2 else 0, pairs


# -- what the broker sends


def connack5(session=False, code=0, *properties):
    return packet(CONNACK, bytes((1 if session else 0, code)) + field(*properties))


def ack5(kind, pid, code=None, *properties):
    """PUBACK, PUBREC, PUBREL or PUBCOMP; without a code the short form."""
    data = word(pid)
    if code is not None:
        data += bytes((code,))
        if properties:
            data += field(*properties)
    return packet(kind, data)


def suback5(pid, code, *properties):
    return packet(0x90, word(pid) + field(*properties) + bytes((code,)))


def unsuback5(pid, code=0, *properties):
    return packet(0xB0, word(pid) + field(*properties) + bytes((code,)))


def disconnect5(code=None, *properties):
    return packet(DISCONNECT, b"" if code is None else bytes((code,)) + (field(*properties) if properties else b""))


def auth5(code, *properties):
    return packet(AUTH, bytes((code,)) + field(*properties))
