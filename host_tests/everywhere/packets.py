"""MQTT 3.1.1 packets as bytes, built from the OASIS standard alone.

What lives here: builders for every packet, and the splitting of a byte stream into packets. Tests compare what the
client writes with what is built here. What must not: anything of leanmqtt, which would then be judged by itself.
Runs on CPython and MicroPython.
"""

CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP = 0x20, 0x30, 0x40, 0x50, 0x62, 0x70
SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK = 0x82, 0x90, 0xA2, 0xB0
PINGREQ, PINGRESP, DISCONNECT = b"\xc0\x00", b"\xd0\x00", b"\xe0\x00"


def octets(text):
    """bytes of a str (UTF-8) or of anything that has a buffer."""
    return text.encode() if isinstance(text, str) else bytes(text)


def word(n):
    """Two bytes, most significant first (1.5.2)."""
    return bytes((n >> 8, n & 255))


def string(text):
    """A string or binary field: two bytes of length, then the bytes (1.5.3)."""
    text = octets(text)
    return word(len(text)) + text


def remaining(n):
    """The remaining length, seven bits a byte, least significant first (2.2.3)."""
    out = b""
    while True:
        n, digit = n >> 7, n & 127
        out += bytes((digit | 128 if n else digit,))
        if not n:
            return out


def packet(first, body=b""):
    return bytes((first,)) + remaining(len(body)) + body


def connect(client_id, keepalive=60, clean=True, user=None, password=None, will=None):
    """will: (topic, payload, qos, retain)."""
    flags = 2 if clean else 0
    payload = string(client_id)
    if will:
        flags |= 4 | will[2] << 3 | (32 if will[3] else 0)
        payload += string(will[0]) + string(will[1])
    if user is not None:
        flags |= 128
        payload += string(user)
    if password is not None:
        flags |= 64
        payload += string(password)
    return packet(0x10, string("MQTT") + bytes((4, flags)) + word(keepalive) + payload)


def connack(session=False, code=0):
    return packet(CONNACK, bytes((1 if session else 0, code)))


def publish(topic, payload=b"", qos=0, pid=None, retain=False, dup=False):
    first = PUBLISH | (8 if dup else 0) | qos << 1 | (1 if retain else 0)
    return packet(first, string(topic) + (word(pid) if pid is not None else b"") + octets(payload))


def ack(kind, pid):
    """PUBACK, PUBREC, PUBREL, PUBCOMP or UNSUBACK."""
    return packet(kind, word(pid))


def puback(pid):
    return ack(PUBACK, pid)


def pubrec(pid):
    return ack(PUBREC, pid)


def pubrel(pid):
    return ack(PUBREL, pid)


def pubcomp(pid):
    return ack(PUBCOMP, pid)


def suback(pid, *codes):
    return packet(SUBACK, word(pid) + bytes(codes))


def unsuback(pid):
    return ack(UNSUBACK, pid)


def header(raw):
    """(size of the fixed header, remaining length) of the packet that begins raw, or None while it is incomplete."""
    value = shift = 0
    for i in range(1, min(len(raw), 5)):
        value |= (raw[i] & 127) << shift
        shift += 7
        if raw[i] < 128:
            return i + 1, value
    assert len(raw) < 5, "the client wrote a remaining length of more than four bytes"
    return None


def split(stream):
    """(list of whole packets, incomplete rest) of a byte stream."""
    out, at = [], 0
    while True:
        head = header(stream[at : at + 5])
        if head is None or at + head[0] + head[1] > len(stream):
            return out, bytes(stream[at:])
        end = at + head[0] + head[1]
        out.append(bytes(stream[at:end]))
        at = end


def kind(raw):
    """First byte without the flags of PUBLISH."""
    return PUBLISH if raw[0] >> 4 == 3 else raw[0]


def only(raws, wanted):
    """The packets of one kind, in order."""
    return [raw for raw in raws if kind(raw) == wanted]


def body(raw):
    return raw[header(raw)[0] :]


def fields(raw):
    """(topic, payload, qos, pid, retain, dup) of a PUBLISH."""
    rest, qos = body(raw), raw[0] >> 1 & 3
    size = rest[0] << 8 | rest[1]
    topic, rest = rest[2 : 2 + size], rest[2 + size :]
    pid = rest[0] << 8 | rest[1] if qos else None
    return topic, rest[2:] if qos else rest, qos, pid, bool(raw[0] & 1), bool(raw[0] & 8)


def packet_id(raw):
    """The packet id of any packet that carries one."""
    if kind(raw) == PUBLISH:
        return fields(raw)[3]
    rest = body(raw)
    return rest[0] << 8 | rest[1]


def filters(raw):
    """[(filter, qos)] of a SUBSCRIBE, [(filter, None)] of an UNSUBSCRIBE."""
    rest, out = body(raw)[2:], []
    while rest:
        size = rest[0] << 8 | rest[1]
        text, rest = rest[2 : 2 + size], rest[2 + size :]
        if raw[0] == SUBSCRIBE:
            out.append((text, rest[0]))
            rest = rest[1:]
        else:
            out.append((text, None))
    return out


def subscribe(pid, *entries):
    """entries: (filter, qos)."""
    return packet(SUBSCRIBE, word(pid) + b"".join([string(text) + bytes((qos,)) for text, qos in entries]))
