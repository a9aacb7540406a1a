"""What the views show: one object, filled by the board's and the subscriber's threads, read by whoever draws."""

import time
from collections import deque
from dataclasses import dataclass, field

from girouette.simboard import Board

from .faults import Faults
from .node import Node
from .subscriber import Subscriber, Topic

_LOG_LINES = 200


@dataclass
class State:
    """The running demo."""

    node: Node
    broker: str  # its name and address, for a person
    own_broker: bool
    bits: int
    subscriber: Subscriber | None = None
    faults: Faults | None = None
    board: Board | None = None
    log: deque = field(default_factory=lambda: deque(maxlen=_LOG_LINES))
    begun: float = field(default_factory=time.monotonic)

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.begun

    @property
    def trouble(self) -> list[str]:
        """What is broken on purpose at the moment."""
        return self.faults.now if self.faults else []

    def fresh(self, topic: Topic) -> bool:
        """Whether its last reading is of now."""
        return topic.age is not None and topic.age < self.node.stale

    @property
    def online(self) -> bool:
        return self.subscriber.words[self.node.presence].value == "online"

    @property
    def well(self) -> bool:
        """Every value is fresh, and arrived since a fault last began or ended."""
        since = max(time.monotonic() - self.node.stale, self.faults.changed if self.faults else 0.0)
        return all(topic.count and topic.at > since for topic in self.subscriber.topics.values())

    def summary(self) -> str:
        """One line for the end."""
        heard = self.subscriber.heard
        last = ", ".join(f"{topic.name} {topic.value} {topic.unit}" for topic in heard)
        count = f"{self.subscriber.count} values on {len(heard)} topics"
        return f"{self.elapsed:.0f} s: {count} received from {self.broker}; the last: {last}"
