"""`"seal"`: what the node publishes is sealed, and what it is sent counts only if it opens.

It stands in one place between all parts and the client: instead of `publish`, and before each handler. Presence stays
plain, since the broker itself sends the will. How a payload is sealed is leanmqtt.seal's; what waits sealed and is put
right, resealed.py's.
"""

import gc
from hashlib import sha256

from leanmqtt import OutboxFull
from leanmqtt.seal import Sealer, SealError
from micropython import const

from . import Unfit, lazy
from .log import Voice

_BLOCK = const(4096)  # messages for each write to flash; what a reset skips of it costs nothing
_LATE = const(32)  # messages that one of QoS 0 may overtake: the other end opens what is up to 63 late
_PIECE = const(512)  # what a handler takes at once
_ROOM = const(8192)  # of memory, which a long message leaves to others


class Sealed:
    """A part of the station, made before all that publish or subscribe."""

    def __init__(self, station):
        key = station.settings["seal"]
        self._log = station.log
        self._voice = Voice(station.log, "seal")
        # Each key has files of its own: one that is on trial leaves those of the other as they are.
        path = "seal-" + sha256(key.lower().encode()).digest()[:4].hex()
        self._lost = None  # why nothing opens, where that is so
        try:
            self._sealer = Sealer(key, path, block=_BLOCK)
        except SealError as fault:  # readings without commands are better than neither
            self._lost = str(fault)
            station.log.error("seal", "%s; nothing opens until then" % fault)
            self._sealer = Sealer(key, path + "-anew", block=_BLOCK)
        self._sealer.resume(station.settings.get("mark") or 0)
        self._long = None  # of a message that comes in pieces, what has come
        self._at = 0
        self._presence = _presence(station.settings)
        self._client = client = station.client
        self._publish = client.publish
        self._subscribe = client.subscribe
        client.publish = self.publish
        client.subscribe = self.subscribe
        client.within = self.within

    def poll(self):
        return 60_000

    def online(self):
        """What the last connection has not brought to its end does not come any more."""
        self._long = None

    @property
    def mark(self):
        """Where the next wake of a node that sleeps goes on."""
        return self._sealer.mark

    # -- what goes out

    def publish(self, topic, payload, qos=1, retain=False, properties=None):
        """As the client's."""
        if type(topic) is bytes and topic == self._presence:
            return self._publish(topic, payload, qos, retain)
        client = self._client
        if not qos and client.pending > _LATE and hasattr(client, "stored"):
            raise OutboxFull("not told: so much is stored that what overtakes it would shut it out")
        try:
            payload = self._sealer.seal(topic, payload)
        except (SealError, MemoryError) as fault:
            self._voice.trouble(str(fault))
            raise OutboxFull(str(fault))
        self._voice.well("works again")
        return self._publish(topic, payload, qos, retain, properties)

    def within(self, change):
        """change(buf, start, end) of a payload in the outbox, as a function of one that is sealed."""
        return lazy.once("resealed", "Resealed", self._sealer, change)

    # -- what comes in

    def subscribe(self, wanted, qos=1, handler=None, stream=False):
        """As the client's."""
        self._subscribe(wanted, qos, lambda message: self._heard(message, handler), stream)

    def _heard(self, message, handler):
        topic = message.topic
        try:
            sealed = message.payload if message.payload_len == message.total else self._gathered(message)
            if sealed is None:
                return
            message = Opened(topic, self._opened(topic, sealed, message.retain), message.retain)
        except (SealError, MemoryError) as fault:
            self._long = None
            return self._log.warn("seal", "%s is refused: %s" % (topic, fault))
        handler(message)
        while message.next():
            handler(message)

    def _opened(self, topic, sealed, retain):
        # A retained one comes again after each start. No part obeys it but as a state, such as that a node that sleeps
        # is to stay awake; so it opens as often as it comes.
        if self._lost and not retain:
            raise SealError(self._lost)
        return self._sealer.open(topic, sealed, not retain)

    def _gathered(self, message):
        # All of the message, once its last piece is there.
        total = message.total
        if not message.offset:
            self._long = None  # of one that was broken off
            gc.collect()
            if gc.mem_free() < 4 * total + _ROOM:
                raise MemoryError("no room in memory for %d bytes" % total)
            self._long = bytearray(total)
            self._at = 0
        if self._long is None or message.offset != self._at:
            return None
        self._at += message.readinto(memoryview(self._long)[self._at :])
        if self._at == total:
            sealed, self._long = self._long, None
            return sealed


class Opened:
    """A message that was opened, or a piece of it, as its handler sees one of the client's."""

    def __init__(self, topic, payload, retain):
        self._whole = payload
        self.topic = topic
        self.retain = retain
        self.total = len(payload)
        self.offset = 0

    def next(self):
        """Go on to the next piece; False: there is none."""
        self.offset += _PIECE
        return self.offset < self.total

    @property
    def payload(self):
        return self._whole[self.offset : self.offset + _PIECE]

    @property
    def payload_len(self):
        return len(self.payload)

    def payload_is(self, payload):
        return self.payload == payload

    def readinto(self, buf):
        piece = self.payload
        buf[: len(piece)] = piece
        return len(piece)


def make(station):
    """The part that seals; it has the client's `publish` and `subscribe` from here on."""
    try:
        import cryptolib  # noqa: F401
    except ImportError:
        raise Unfit("seal: the MicroPython of this board has no cryptolib, so it cannot encrypt")
    return Sealed(station)


def _presence(settings):
    from . import topics

    return topics.of_status(settings).encode()
