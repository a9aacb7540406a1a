"""How long an outage may last before readings are lost: what the outbox or the store holds, and how fast it fills."""

from dataclasses import dataclass

from girouette import schema

from .config import Config
from .fault import Fault

_RECORD = 14  # bytes beside topic and payload at QoS 1 and 2: lib/leanmqtt/outbox.py, Outbox.measure
_LONG = 127 - 4  # bytes of topic and payload from which the packet's length takes a byte more
_SEALED = 31  # what a seal adds, beside the padding to the next 16: lib/leanmqtt/seal.py
_PROPERTIES = 1  # what a packet of MQTT 5 takes more: the length of its properties,
_EXPIRY = 5  # and one of them
_SEAL = 4  # what a record takes more in the store: lib/leanmqtt/records.py
_JSON = len('{"value":,"time":"2026-11-25T03:50:10Z","unit":""}')  # firmware/node/payload.py, without value and unit


@dataclass(frozen=True)
class Reserve:
    """`size` bytes in all, `room` of them for readings; an outage fills `rate` each second, a reading takes `each`."""

    place: str
    size: int
    room: int
    rate: float
    each: float

    @property
    def seconds(self) -> float:
        return self.room / self.rate

    def __str__(self) -> str:
        held = f"{self.size} bytes hold {self.room / self.each:.0f} readings"
        told = f"{held}: an outage of {duration(self.seconds)} ({self.seconds / 3600:.2f} hours) loses none"
        if self.place == "store":
            return f"{told}; needs up to {2 * self.size} bytes of flash"
        return told


def duration(seconds: float) -> str:
    """For a person: 2 min 50 s."""
    whole = int(seconds)
    days, hours, minutes = whole // 86400, whole // 3600 % 24, whole // 60 % 60
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (whole % 60, "s")]
    there = [f"{count} {unit}" for count, unit in parts if count]
    return " ".join(there[:2]) or "0 s"


def reserve(config: Config) -> Reserve | None:
    """None where nothing is read that must not be lost: QoS 0 makes way first, and is never stored."""
    more = _SEAL if config.stores else 0
    rate = number = 0.0
    for entry, quantity, topic in config.readings():
        if entry.keys["qos"]:
            about = next(known for known in entry.measures if known["name"] == quantity)
            seconds = max(entry.keys["interval"], entry.asked.get(quantity, {}).get("interval", 0))
            rate += (_record(topic, about, config) + more) / seconds
            number += 1 / seconds
    if not number:
        return None
    outbox = config.broker["outbox"]
    if config.stores:
        size = config.store_size
        return Reserve("store", size, max(size - _slack(size, outbox), 1), rate, rate / number)
    return Reserve("outbox", outbox, outbox, rate, rate / number)


def _slack(size: int, outbox: int) -> int:
    """What the store keeps free of readings: lib/leanmqtt/journal.py, Journal.attach."""
    return max(size >> 3, 4 * outbox + 1024)


def _record(topic: str, quantity: dict, config: Config) -> int:
    """The bytes one reading takes at most in the outbox."""
    ends = (quantity["minimum"], quantity["maximum"])
    length = max(len(f"{end:.{quantity['decimals']}f}") for end in ends)
    if config.payload == "json":
        length += _JSON + len(quantity["unit"].encode())
    if config.found.get("seal"):
        length += _SEALED + 16 - length % 16
    length += len(topic)
    if config.broker["version"] != 4:
        length += _PROPERTIES + (_EXPIRY if config.broker["expiry"] else 0)
    return length + _RECORD + (length > _LONG)


def faults(config: Config) -> list[Fault]:
    """The store suits the outbox, and there is room for the outage that broker.offline_minutes asks for."""
    outbox = config.broker["outbox"]
    if config.stores and config.store_size < 2 * (4 * outbox + 1024):
        expected = f"at least {2 * (4 * outbox + 1024)} for this broker.outbox"
        return [Fault(("store_size",), expected, str(config.store_size))]
    found = reserve(config)
    asked = config.broker["offline_minutes"] * 60
    if not found or found.seconds >= asked:
        return []
    return [_too_small(found, asked, outbox)]


def _too_small(found: Reserve, asked: int, outbox: int) -> Fault:
    path = ("store_size",) if found.place == "store" else ("broker", "outbox")
    room, most = int(found.rate * asked) + 1, _most(found.place)
    needed = max(room + 4 * outbox + 1024, -(-room * 8 // 7) + 8) if found.place == "store" else room
    if needed <= most:
        expected = f"at least {needed} bytes for {duration(asked)} offline"
        return Fault(path, expected, f"{found.size}, which hold {duration(found.seconds)}")
    best = int((most - _slack(most, outbox) if found.place == "store" else most) / found.rate / 60)
    expected = f"at most {best}, what the largest {found.place} ({most} bytes) holds of these readings"
    return Fault(("broker", "offline_minutes"), expected, str(asked // 60))


def _most(place: str) -> int:
    if place == "store":
        return schema.composed()["properties"]["store_size"]["maximum"]
    return schema.composed()["$defs"]["broker"]["properties"]["outbox"]["maximum"]
