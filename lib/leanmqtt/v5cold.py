# What MQTT 5 does once a connection: CONNECT, CONNACK, AUTH, the broker's DISCONNECT. Loaded for the moment.
# cold file: connecting allocates
from . import properties as p
from .codec import connect, packet, string
from .port import const, pack_into

_HANDLED = const(1)  # events
_CONNECTED = const(5)


def hello(five):
    """The CONNECT packet [MQTT-3.1.2-1]."""
    who, user, password, will, keepalive, clean = five.client._who
    if five.doubt == 1:  # under no name, so that it costs nobody's session
        return connect(b"", user, password, None, keepalive, True)
    s = five.session
    w = p.Writer(s.mover)
    given = dict(five.given)
    expiry = 0 if clean else five.session_expiry
    if expiry:
        given["session_expiry_interval"] = expiry
    if s.qos2:
        given.setdefault("receive_maximum", 64)
    given.setdefault("maximum_packet_size", s.size)
    if not given["maximum_packet_size"] or five.streams():
        del given["maximum_packet_size"]
    if s.alias_in:
        given["topic_alias_maximum"] = s.alias_in
    if five.auth:
        given["authentication_method"] = five.auth[0]
        given["authentication_data"] = five.auth[1](None) or b""
    flags = 2 if clean or five.anew else 0  # [MQTT-3.1.2-4]
    body = w.encode(given, p.CONNECT) + string(five.assigned or who)
    if will:  # [MQTT-3.1.2-9]
        flags |= 4 | will.qos << 3 | (32 if will.retain else 0)
        body += w.encode(will.properties, p.WILL) + string(will.topic) + string(will.payload)
    if user is not None:  # [MQTT-3.1.2-16]
        flags |= 128
        body += string(user)
    if password is not None:  # [MQTT-3.1.2-18]
        flags |= 64
        body += string(password)
    head = bytearray(b"\0\x04MQTT\x05\0\0\0")
    pack_into(">BH", head, 7, flags, keepalive)
    return packet(0x10, bytes(head) + body)


def take(five, s):
    """CONNACK, AUTH or DISCONNECT came in: an event or a fault."""
    if s.head == 0x20:
        return _connack(five, s) if not s.up else -17
    if s.head == 0xF0:
        return _auth(five, s)
    if s.head == 0xE0:
        return _disconnect(five, s) if s.up else -10
    return -10


def _read(five, s, i, where):
    # The properties at rx[i] up to the end of the packet, as a dict; a number: the fault.
    n = s.properties(i, where)
    if n < 0 or i + n != s.end:
        return n if n < 0 else -12
    found = p.decode(s.rx, s.qat, s.end)
    five.said = found.get("reason_string", "")
    five.reference = found.get("server_reference", "")
    return found


def _connack(five, s):
    if five.doubt == 1:  # whatever it says, it is there and speaks 3.1.1
        five.doubt = 2
        return five.again()
    if s.end - s.at == 2 and s.rx[s.at] == 0 and 0 < s.rx[s.at + 1] < 6:  # a broker of 3.1.1
        five.said = ""
        return five.fall_back(-256 - 0x84 if s.rx[s.at + 1] == 1 else -s.rx[s.at + 1])
    if s.end - s.at < 3 or s.rx[s.at] > 1:  # [MQTT-3.2.2-1]
        return -11
    present = s.rx[s.at] == 1
    code = s.rx[s.at + 1]
    found = _read(five, s, s.at + 2, p.CONNACK)
    if isinstance(found, int):
        return found
    if code == 0x84:
        return five.fall_back(-256 - code)
    if code:  # [MQTT-3.2.2-7]
        return -256 - code if code > 127 and not present else -11
    if present and (s.clean or five.anew):
        return -11
    if not (found.get("receive_maximum", 1) and found.get("maximum_packet_size", 1)):  # (3.2.2.3.3) (3.2.2.3.6)
        return -19
    if present and not five.known:  # [MQTT-3.2.2-4]
        return five.begin_anew()
    if five.auth and found.get("authentication_method", five.auth[0]) != five.auth[0]:  # [MQTT-4.12.0-5]
        return -19
    if five.auth and five.auth[1](found.get("authentication_data", b"")) is False:
        return -26
    _obey(five, s, found)
    five.connack = found
    return _open(five, s, present)


def _obey(five, s, found):
    s.limits()
    s.max_qos = found.get("maximum_qos", 2)
    s.retain_ok = found.get("retain_available", 1)
    s.wild_ok = found.get("wildcard_subscription_available", 1)
    s.ids_ok = found.get("subscription_identifier_available", 1)
    s.shared_ok = found.get("shared_subscription_available", 1)
    s.packet_max = min(found.get("maximum_packet_size", s.packet_max), s.packet_max)
    s.alias_max = found.get("topic_alias_maximum", 0) if five.most else 0
    if s.alias_max and not s.aliases:
        from .v5alias import Aliases

        s.aliases = Aliases(s.out, five.most)
    s.inflight = min(s.most, found.get("receive_maximum", 65535))  # [MQTT-3.3.4-7]
    s.beat = s.own_beat
    if "server_keep_alive" in found:  # [MQTT-3.1.2-21]
        n = found["server_keep_alive"] * 1000
        s.beat = n - n // 4
    five.assigned = found.get("assigned_client_identifier", "").encode() or five.assigned  # [MQTT-3.2.2-16]


def _open(five, s, present):
    s.session_present = present
    s.out.dup = present  # [MQTT-4.4.0-1]
    if not five.known and hasattr(five.client, "journal"):
        five.client.journal.must |= 1  # that there is a session is to outlive a reset
    five.known = not s.clean
    five.anew = False
    five.doubt = 0
    if not present:  # [MQTT-3.2.2-5]
        s.out.rewind(True)
        if s.qos2:
            s.qos2.forget()
    s.up = True
    if s.inbox:
        s.inbox.resume(present)
    if s.out.base:
        s.out.birth(s.new_id())
    s.want = s.window
    return _CONNECTED


def _auth(five, s):
    if not five.auth:  # [MQTT-4.12.0-7]
        return -24
    if s.end - s.at < 2:
        code, found = 0, {}
    else:
        code = s.rx[s.at]
        found = _read(five, s, s.at + 1, p.AUTH)
        if isinstance(found, int):
            return found
    if found.get("authentication_method", five.auth[0]) != five.auth[0]:  # [MQTT-4.12.0-5]
        return -19
    answer = five.auth[1](found.get("authentication_data", b""))
    if answer is False:
        return -26
    if code == 0x18:  # [MQTT-4.12.0-3]
        s.raw = auth(five, s, 0x18, answer)
    elif code or not s.up:
        return -19
    return _HANDLED


def auth(five, s, code, data):
    """An AUTH packet."""
    given = {"authentication_method": five.auth[0], "authentication_data": data or b""}
    return packet(0xF0, bytes((code,)) + p.Writer(s.mover).encode(given, p.AUTH))


def _disconnect(five, s):
    code = s.rx[s.at] if s.end > s.at else 0
    five.said = five.reference = ""  # of a packet before
    if s.end - s.at > 1:
        found = _read(five, s, s.at + 1, p.DISCONNECT)
        if isinstance(found, int):
            return found
    return -256 - code
