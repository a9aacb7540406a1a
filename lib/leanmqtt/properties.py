# The properties of MQTT 5 packets: a dict of the standard's names in snake_case -> bytes, and back. Encoding allocates
# nothing (a dict made once is encoded as often as it is given); decoding makes a dict. What a property means is not
# known here.
from .codec import utf8, varint, wild
from .port import const, pack_into
from .v5session import KIND, WHERE

# Where a property may stand (2.2.2.2)
CONNACK = const(1)
PUBLISH = const(2)
ACK = const(4)
DISCONNECT = const(8)
AUTH = const(16)
CONNECT = const(32)
WILL = const(64)
SUBSCRIBE = const(128)

# Kinds of value (1.5)
_BYTE = const(1)
_WORD = const(2)
_LONG = const(3)
_VARINT = const(4)
_TEXT = const(5)
_BINARY = const(6)
_PAIRS = const(7)

_EXPIRY = const(2)
_RESPONSE = const(8)
_IDENTIFIER = const(0x0B)
_ALIAS = const(0x23)
_USER = const(0x26)

IDS = {
    "payload_format_indicator": 1,
    "message_expiry_interval": 2,
    "content_type": 3,
    "response_topic": 8,
    "correlation_data": 9,
    "subscription_identifier": 11,
    "session_expiry_interval": 17,
    "assigned_client_identifier": 18,
    "server_keep_alive": 19,
    "authentication_method": 21,
    "authentication_data": 22,
    "request_problem_information": 23,
    "will_delay_interval": 24,
    "request_response_information": 25,
    "response_information": 26,
    "server_reference": 28,
    "reason_string": 31,
    "receive_maximum": 33,
    "topic_alias_maximum": 34,
    "topic_alias": 35,
    "maximum_qos": 36,
    "retain_available": 37,
    "user_property": 38,
    "maximum_packet_size": 39,
    "wildcard_subscription_available": 40,
    "subscription_identifier_available": 41,
    "shared_subscription_available": 42,
}


class Writer:
    """Encodes properties with what `mover` lends. The message expiry goes first, so that it can be found again."""

    def __init__(self, mover):
        self.mover = mover
        self.good = [None] * 8  # texts last found valid
        self.slot = 0
        self.n = 0  # bytes measured
        self.p = 0  # where to write next
        self.buf = self.given = self.name = self.pair = None
        self.where = self.k = 0  # the property at hand

    # -- how many bytes

    def measure(self, given, where):
        """Bytes that `given` takes, without their length field. ValueError: a fault in it, by its name."""
        self.n = 0
        self.given = given
        self.where = where
        for self.name in given:
            self._one(given[self.name])
        self.given = None
        return self.n

    def _one(self, value):
        self.k = k = IDS.get(self.name, 0)
        if not k or not WHERE[k] & self.where or k == _ALIAS or k == _IDENTIFIER:
            self._unknown()
        k = KIND[k]
        if k == _PAIRS:
            if type(value) is not list and type(value) is not tuple:
                self._bad(value)
            for self.pair in value:
                self._pair(self.pair)
        elif k > _VARINT:
            self.n += 3 + self._length(value)
        else:
            self._number(k, value)

    def _pair(self, pair):
        if type(pair) is not tuple and type(pair) is not list or len(pair) != 2:
            self._bad(pair)
        self.n += 5 + self._length(pair[0]) + self._length(pair[1])

    def _number(self, t, value):
        if type(value) is not int and type(value) is not bool or value < 0:
            self._bad(value)
        if value > (0xFFFFFFFF if t == _LONG else 65535 if t == _WORD else 1):
            self._bad(value)
        self.n += 5 if t == _LONG else t + 1

    def _length(self, value):
        # Bytes of a text or of binary data, checked.
        n = -1
        if type(value) is str or type(value) is bytes or type(value) is bytearray:
            n = self._text(value)
        if n < 0 or n > 65535:
            self._bad(value)
        return n

    def _text(self, value):
        m = self.mover
        n = state = 0
        while m.load(value, n) == 64:
            state = self._sound(state, value)
            n += 64
        if self._sound(state, value) or self.k == _RESPONSE and not n + m.n:
            return -1
        n += m.n
        if KIND[self.k] != _BINARY and type(value) is not bytearray and value not in self.good:
            self.slot = state = self.slot + 1 & 7
            self.good[state] = value
        return n

    def _sound(self, state, value):
        # UTF-8 so far [MQTT-1.5.4-1] [MQTT-1.5.4-2]; a response topic has no wildcards [MQTT-3.3.2-14].
        if KIND[self.k] == _BINARY or state < 0:
            return state
        if self.k == _RESPONSE:
            if wild(self.mover.tmp, 0, self.mover.n):
                return -1
        elif type(value) is not bytearray and value in self.good:
            return 0
        return utf8(self.mover.tmp, 0, self.mover.n, state)

    def _unknown(self):  # cold: a bad call
        if self.k == _ALIAS or self.k == _IDENTIFIER:
            raise ValueError("properties: %s is assigned by the client itself" % self.name)
        raise ValueError("properties: %r is not a property of this packet" % (self.name,))

    def _bad(self, value):  # cold: a bad call
        k = self.k
        want = (
            "0 or 1", "an integer from 0 to 65535", "an integer from 0 to 4294967295", "", "text (UTF-8, without NUL)",
            "bytes", "pairs of texts, as [('name', 'value')]",
        )[KIND[k] - 1]  # fmt: skip
        if k == _RESPONSE:
            want = "a topic name, without '+' and '#'"
        raise ValueError("properties[%r]: %s is wanted, not %r" % (self.name, want, value))

    # -- the bytes

    def write(self, buf, p, given):
        """Write what was measured to buf from `p` on; the offset behind it."""
        self.buf = buf
        self.p = p
        self.given = given
        if "message_expiry_interval" in given:
            self._expiry(given["message_expiry_interval"])
        for self.name in given:
            self._put()
        self.buf = self.given = None
        return self.p

    def _expiry(self, seconds):
        pack_into(">BI", self.buf, self.p, _EXPIRY, seconds)
        self.p += 5

    def _put(self):
        k = IDS[self.name]
        value = self.given[self.name]
        if k == _EXPIRY:
            return
        if k == _USER:
            for self.pair in value:
                self._pair_out(self.pair)
            return
        self.buf[self.p] = k
        self.p += 1
        k = KIND[k]
        if k > _VARINT:
            self._string(value)
        else:
            self._number_out(k, value)

    def _number_out(self, t, value):
        if t == _LONG:
            pack_into(">I", self.buf, self.p, value)
            self.p += 4
        elif t == _WORD:
            pack_into(">H", self.buf, self.p, value)
            self.p += 2
        else:
            self.buf[self.p] = 1 if value else 0
            self.p += 1

    def _pair_out(self, pair):
        self.buf[self.p] = _USER
        self.p += 1
        self._string(pair[0])
        self._string(pair[1])

    def _string(self, value):
        p = self.p + 2
        n = self._size(value)
        self.mover.move(self.buf, p, value, 0, n)
        pack_into(">H", self.buf, p - 2, n)
        self.p = p + n

    def _size(self, value):
        n = 0
        while self.mover.load(value, n) == 64:
            n += 64
        return n + self.mover.n

    def encode(self, given, where, more=b""):  # cold: allocates
        """A whole field, with its length before it; `more`: properties already encoded."""
        n = self.measure(given, where) if given else 0
        head = bytearray(4)
        k = varint(head, 0, n + len(more))
        field = bytearray(k + n + len(more) + 64)
        field[:k] = head[:k]
        if given:
            self.write(field, k, given)
        field[k + n : k + n + len(more)] = more
        return bytes(field[: k + n + len(more)])


def number(buf, i):
    """The variable byte integer at buf[i] (1.5.5); its size is 1 to 4, that of the fewest bytes."""
    n = buf[i] & 127
    k = 7
    while buf[i] & 128:
        i += 1
        n |= (buf[i] & 127) << k
        k += 7
    return n


def size(buf, i):
    """Bytes of the variable byte integer at buf[i]."""
    n = 1
    while buf[i] & 128:
        i += 1
        n += 1
    return n


def decode(buf, i, end):  # cold: allocates
    """The properties buf[i:end], found sound before, as a dict. user_property: a list of (name, value);
    subscription_identifier: a list."""
    found = {}
    while i < end:
        k = buf[i]
        i += 1
        for name in IDS:
            if IDS[name] == k:
                break
        t = KIND[k]
        if t < _VARINT:
            n = 4 if t == _LONG else t
            value = int.from_bytes(buf[i : i + n], "big")
        elif t == _VARINT:
            value = number(buf, i)
            n = size(buf, i)
        else:
            value, n = _field(buf, i, t)
            if t == _PAIRS:
                second, more = _field(buf, i + n, t)
                value = value, second
                n += more
        i += n
        if k == _USER or k == _IDENTIFIER:
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found


def _field(buf, i, t):  # cold: allocates
    n = buf[i] << 8 | buf[i + 1]
    value = bytes(buf[i + 2 : i + 2 + n])
    return value if t == _BINARY else str(value, "utf-8"), n + 2
