# From MQTT 5 down to 3.1.1, once a broker refused 5 and version=(5, 4) allows it. Loaded for that moment.
# cold file: once a client
from .codec import varint


def doubted(five, fault):
    """A connection, or the attempt at one, ended before its CONNACK. True: as no fault, the next one is begun.

    A broker of 3.1.1 has to say so before it closes [MQTT-3.1.2-2]; RabbitMQ 3.10 only closes, and amqtt waits for
    ever. So does any broker that starts or ends. Hence another question, under no name, in 3.1.1; where that is
    answered, 5 once more; and who is mute again refuses it. `doubt`: 0 none, 1 the question, 2 it was answered.
    """
    n = five.doubt
    five.doubt = 0
    if n == 1 or fault != -30 and fault != -32 or five.session.tx or _alerted(five.client.transport):
        return False  # with `tx` CONNECT has not left
    if n:
        five.fall_back(-256 - 0x84)
    else:
        five.doubt = 1
        five.again()
    return True


def _alerted(transport):
    # Did TLS, below a WebSocket perhaps, say why the connection ended? It knows no version of MQTT.
    fault = str(getattr(getattr(transport, "_below", transport), "_fault", None))
    return "ALERT" in fault or "-30592" in fault  # the number is that of mbedtls


def downgrade(o):
    """Rewrite the outbox for 3.1.1: no properties. Only while there is no connection."""
    buf = bytes(o.buf)
    spans = []
    at = 0
    while at < o.tail:
        end = at + (buf[at] << 16 | buf[at + 1] << 8 | buf[at + 2])
        if at < o.base or buf[at + 3]:
            spans.append((at, end))
        at = end if at >= o.base or end >= o.base else o.base
    base, q, used = 0, 0, 0
    for at, end in spans:
        record = _plain(buf[at:end])
        if end <= o.base:
            base = len(record)
            k = _topic(record, 9)
            o.at = k + 2 + (record[k] << 8 | record[k + 1])
        else:
            used += len(record)
        o.buf[q : q + len(record)] = record
        q += len(record)
    o.limit -= o.base - base
    o.base = o.head = base
    o.next = o.scan()
    o.tail = q
    o.used = used
    o.level = 4
    o.expiring = False  # there is none any more


def _plain(record):
    # A record without its properties; what its length field says may be more than it holds: a stream's.
    from . import properties as p

    body = record[8:]
    i = _topic(body, 1)
    k = i + 2 + (body[i] << 8 | body[i + 1]) + (2 if body[0] & 6 else 0)
    n = p.number(body, k) + p.size(body, k)
    head = bytearray(5)
    head[0] = body[0]
    new = head[: varint(head, 1, p.number(body, 1) - n)] + body[i:k] + body[k + n :]
    size = len(new) + 8
    return bytes((size >> 16, size >> 8 & 255, size & 255)) + record[3:8] + new


def _topic(buf, i):
    # Where the topic stands, behind the remaining length at buf[i].
    while buf[i] & 128:
        i += 1
    return i + 1
