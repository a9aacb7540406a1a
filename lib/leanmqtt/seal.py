# Sealed payloads: encrypted and authenticated end to end, where TLS is not an option or the broker is not trusted.
# Optional, and knows nothing of MQTT but that a payload has a topic. What it protects: docs/seal.md.
#
#   sealed = 1 | counter (6) | salt (8) | AES-128-CBC, PKCS#7 | tag (16)
#   IV     = HMAC-SHA256(iv key, counter | salt), its first 16 bytes: unique, and unpredictable without the key
#   tag    = HMAC-SHA256(tag key, 1 | counter | salt | length of topic (2) | topic | ciphertext), its first 16 bytes
#   keys   = HKDF-SHA256(node key, salt "leanmqtt seal 1", info "<direction> cipher|iv|tag"), direction "up" or "down"
# cold file: sealing allocates
import os
from hashlib import sha256

_HEAD = 15
_TAG = 16
_WINDOW = 64  # counters behind the newest that may still arrive, each once
_LAST = 1 << 48
_SALT = b"leanmqtt seal 1"


class SealError(Exception):
    """A payload could not be sealed or opened; `str()` says why in plain words."""


try:
    from cryptolib import aes  # MODE_CBC is 2; CTR is not in every build
except ImportError:

    def aes(key, mode, iv):
        """cryptolib.aes on CPython. By the cryptography package: AES in Python is slow and leaks by its time."""
        try:
            from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
        except ImportError:
            raise SealError("the cryptography package is missing: pip install cryptography")
        cipher = Cipher(algorithms.AES(key), modes.CBC(iv))

        class Both:
            encrypt = staticmethod(lambda data: cipher.encryptor().update(data))
            decrypt = staticmethod(lambda data: cipher.decryptor().update(data))

        return Both


def hmac(key, *parts):
    """HMAC-SHA256 (RFC 2104) of the parts, one behind the other: 32 bytes. key: at most 64 bytes."""
    pad = bytearray(64)
    pad[: len(key)] = key
    for i in range(64):
        pad[i] ^= 0x36
    h = sha256(pad)
    for part in parts:
        h.update(part)
    for i in range(64):
        pad[i] ^= 0x6A  # 0x36 ^ 0x5C
    outer = sha256(pad)
    outer.update(h.digest())
    return outer.digest()


def same(a, b):
    """Whether two bytes of one length are equal, in a time that does not tell where they differ."""
    if len(a) != len(b):
        return False
    d = 0
    for i in range(len(a)):
        d |= a[i] ^ b[i]
    return d == 0


class Keys:
    """The keys of one direction, from the node's (HKDF, RFC 5869)."""

    def __init__(self, prk, direction):
        self.cipher = hmac(prk, direction, b" cipher\x01")[:16]
        self.iv = hmac(prk, direction, b" iv\x01")
        self.tag = hmac(prk, direction, b" tag\x01")

    def iv_of(self, head):
        return hmac(self.iv, head[1:])[:16]

    def tag_of(self, head, topic, body):
        return hmac(self.tag, head, len(topic).to_bytes(2, "big"), topic, body)[:_TAG]


class Sealer:
    """Seals what goes out and opens what comes in, under one node's key.

    key: 32 bytes, or 64 hex digits. path: two files, `path`.0 and `path`.1, keep the counter and the window over a
    reset; None: opens only, and cannot tell a replay. node: False at the other end (a PC), where the directions are
    swapped. block: messages sealed for each write to flash. urandom: a seam for tests. Raises SealError.
    """

    def __init__(self, key, path, node=True, block=256, urandom=os.urandom):
        if isinstance(key, str):
            try:
                key = bytes.fromhex(key)
            except ValueError:
                key = b""
        if len(key) != 32:
            raise SealError("the key must be 32 bytes, or 64 hex digits")
        prk = hmac(_SALT, key)
        up, down = Keys(prk, b"up"), Keys(prk, b"down")
        self._out, self._in = (up, down) if node else (down, up)
        self._store = hmac(prk, b"state\x01")
        self._path = path
        self._block = block
        self._salt = urandom(8)  # should the files be lost, and counters come again, the IV still does not
        self._slot = self._turn = 0  # written last: which file, and the how manieth
        self._edge = 0  # counters below are reserved on flash
        self._top = 0  # the newest counter opened
        self._seen = 0  # bit i: top - i was opened
        if path:
            self._load()
        self._next = self._edge = max(self._edge, 1)

    def seal(self, topic, payload):
        """The sealed payload (31 bytes and the padding more); valid under this topic only."""
        if not self._path:
            raise SealError("without files for its counter nothing can be sealed: give a path")
        if self._next >= self._edge:
            self._reserve()
        head = b"\x01" + self._next.to_bytes(6, "big") + self._salt
        self._next += 1
        return self._made(head, _bytes(topic), _bytes(payload))

    def open(self, topic, sealed, once=True):
        """The payload of what was sealed under this topic at the other end; raises SealError for anything else.

        When it returns, the flash knows that this one was opened. once=False: a replay opens too, and nothing is kept.
        """
        head, body = _parted(self._in, _bytes(topic), _bytes(sealed))
        if self._path and once:
            self._once(int.from_bytes(head[1:7], "big"))
        return _plain(self._in, head, body)

    def again(self, topic, sealed, change):
        """What was sealed here and is still to be sent, under its own counter, with what change(payload) returns."""
        topic = _bytes(topic)
        head, body = _parted(self._out, topic, _bytes(sealed))
        payload = _plain(self._out, head, body)
        changed = _bytes(change(payload))
        # With the salt of this start, since in another life the payload may have gone out as it was.
        return bytes(sealed) if changed == payload else self._made(head[:7] + self._salt, topic, changed)

    @property
    def mark(self):
        """The next counter, for `resume` in the next life if this one ends in order."""
        return self._next

    def resume(self, mark):
        """Go on at the mark that the last life left, instead of behind its block. Nobody may use a mark twice."""
        if max(self._edge - self._block, 1) <= mark < self._edge:
            self._next = mark

    def _made(self, head, topic, payload):
        n = 16 - len(payload) % 16
        body = aes(self._out.cipher, 2, self._out.iv_of(head)).encrypt(payload + bytes([n]) * n)
        return head + body + self._out.tag_of(head, topic, body)

    def _once(self, counter):
        behind = self._top - counter
        if behind >= _WINDOW or behind >= 0 and self._seen >> behind & 1:
            raise SealError("a replay: this one, or one much later, was opened before")
        top, seen = self._top, self._seen
        if behind < 0:
            self._top = counter
            self._seen = (self._seen << -behind if behind > -_WINDOW else 0) & (1 << _WINDOW) - 1 | 1
        else:
            self._seen |= 1 << behind
        try:
            self._save()
        except OSError as e:
            self._top, self._seen = top, seen  # not opened, so it may come again
            raise SealError("the window against replays cannot be kept: %s" % e)

    def _reserve(self):
        edge = self._edge
        self._edge = self._next + self._block
        try:
            if self._edge >= _LAST:
                raise SealError("the counter is used up: give the node a new key")
            self._save()
        except (OSError, SealError) as e:
            self._edge = edge
            raise SealError("no counter can be reserved: %s" % e)

    # -- the files: the one written last stays whole while the other is written

    def _load(self):
        there = 0
        for slot in (0, 1):
            data = _read(self._path + ".%d" % slot)
            there += data is not None
            if data and len(data) == 40 and same(hmac(self._store, data[:24])[:16], data[24:]):
                turn = int.from_bytes(data[:4], "big")
                if turn > self._turn:
                    self._slot, self._turn = slot, turn
                    self._edge = int.from_bytes(data[4:10], "big")
                    self._top = int.from_bytes(data[10:16], "big")
                    self._seen = int.from_bytes(data[16:24], "big")
        if there == 2 and not self._turn:  # one alone that is torn: the power went before anything was sealed
            raise SealError(
                "%s.0 and .1 are damaged or of another key: remove both to begin anew, at both ends" % self._path
            )

    def _save(self):
        slot = 1 - self._slot if self._turn else 0
        data = (self._turn + 1).to_bytes(4, "big") + self._edge.to_bytes(6, "big")
        data += self._top.to_bytes(6, "big") + self._seen.to_bytes(8, "big")
        with open(self._path + ".%d" % slot, "wb") as f:
            f.write(data + hmac(self._store, data)[:16])
            f.flush()
            if hasattr(os, "fsync"):  # LittleFS is through when the file is closed
                os.fsync(f.fileno())
        if hasattr(os, "sync") and not hasattr(os, "fsync"):
            os.sync()
        self._slot = slot
        self._turn += 1


def _parted(keys, topic, sealed):
    # Its head and its body, the tag being right.
    n = len(sealed) - _HEAD - _TAG
    if n < 16 or n % 16 or sealed[0] != 1:
        raise SealError("this is no sealed payload: was it published without a seal, or cut off?")
    head, body = sealed[:_HEAD], sealed[_HEAD:-_TAG]
    if not same(keys.tag_of(head, topic, body), sealed[-_TAG:]):
        raise SealError("the seal is broken: changed on the way, or sealed with another key, topic or direction")
    return head, body


def _plain(keys, head, body):
    plain = aes(keys.cipher, 2, keys.iv_of(head)).decrypt(body)
    return plain[: -plain[-1]]  # whoever made the tag padded it well


def _bytes(s):
    return s.encode() if isinstance(s, str) else bytes(s)


def _read(name):
    try:
        with open(name, "rb") as f:
            return f.read(41)
    except OSError:
        return None
