"""How long an outage may last before readings are lost: what the outbox holds, and how fast it fills."""

from dataclasses import dataclass

from girouette import schema

from .config import Config
from .fault import Fault

_RECORD = 14  # bytes beside topic and payload at QoS 1: lib/leanmqtt/outbox.py, Outbox.measure
_LONG = 127 - 4  # bytes of topic and payload from which the packet's length takes a byte more


@dataclass(frozen=True)
class Reserve:
    """outbox in bytes, of which an outage fills `rate` each second; a reading takes `size` on the average."""

    outbox: int
    rate: float
    size: float

    @property
    def seconds(self) -> float:
        return self.outbox / self.rate

    def __str__(self) -> str:
        held = f"{self.outbox} bytes hold {self.outbox / self.size:.0f} readings"
        return f"{held}: an outage of {duration(self.seconds)} ({self.seconds / 3600:.2f} hours) loses none"


def duration(seconds: float) -> str:
    """For a person: 2 min 50 s."""
    whole = int(seconds)
    days, hours, minutes = whole // 86400, whole // 3600 % 24, whole // 60 % 60
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (whole % 60, "s")]
    there = [f"{count} {unit}" for count, unit in parts if count]
    return " ".join(there[:2]) or "0 s"


def reserve(config: Config) -> Reserve | None:
    """None where nothing is read."""
    readings = config.readings()
    if not readings:
        return None
    rate = number = 0.0
    for entry, quantity, topic in readings:
        about = next(known for known in entry.driver["quantities"] if known["name"] == quantity)
        rate += _record(topic, about) / entry.keys["interval"]
        number += 1 / entry.keys["interval"]
    return Reserve(config.broker["outbox"], rate, rate / number)


def _record(topic: str, quantity: dict) -> int:
    """The bytes one reading takes at most."""
    ends = (quantity["minimum"], quantity["maximum"])
    length = len(topic) + max(len(f"{end:.{quantity['decimals']}f}") for end in ends)
    return length + _RECORD + (length > _LONG)


def faults(config: Config) -> list[Fault]:
    """The outbox is large enough for the outage that broker.offline_minutes asks for."""
    found = reserve(config)
    asked = config.broker["offline_minutes"] * 60
    if not found or found.seconds >= asked:
        return []
    needed = int(found.rate * asked) + 1
    most = schema.composed()["$defs"]["broker"]["properties"]["outbox"]["maximum"]
    if needed <= most:
        expected = f"at least {needed} bytes for {duration(asked)} offline"
        held = f"{found.outbox}, which hold {duration(found.seconds)}"
        return [Fault(("broker", "outbox"), expected, held)]
    expected = f"at most {int(most / found.rate / 60)}, what the largest outbox ({most} bytes) holds of these readings"
    return [Fault(("broker", "offline_minutes"), expected, str(config.broker["offline_minutes"]))]
