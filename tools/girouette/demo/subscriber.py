"""The independent witness: paho-mqtt subscribes to the station's topics and notes what really arrives."""

import contextlib
import threading
import time
from collections import deque
from dataclasses import dataclass, field

import paho.mqtt.client as paho

from girouette.errors import Failure

from .account import Account

_PATIENCE = 10  # seconds for the first connection
_HISTORY = 240  # values kept for the sparkline


@dataclass
class Topic:
    """What is known of one topic, and all that arrived on it. `value` is the text of the last message."""

    name: str
    unit: str
    value: str | None = None
    at: float = 0.0
    count: int = 0
    history: deque = field(default_factory=lambda: deque(maxlen=_HISTORY))

    def take(self, text: str):
        self.value, self.at = text, time.monotonic()
        self.count += 1
        with contextlib.suppress(ValueError):
            self.history.append(float(text))

    @property
    def age(self) -> float | None:
        """Seconds since the last message."""
        return time.monotonic() - self.at if self.count else None


class Subscriber:
    """Listens to `topics` ({name: unit}), and to `words`, topics whose retained messages count too.

    `on_value(topic)` runs on the subscriber's thread.
    """

    def __init__(self, account: Account, topics: dict[str, str], words: tuple[str, ...], on_value=None):
        self.topics = {name: Topic(name, unit) for name, unit in topics.items()}
        self.words = {name: Topic(name, "") for name in words}
        self._account = account
        self._on_value = on_value
        self._answered = threading.Event()
        self._refusal: str | None = None
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        self._client.reconnect_delay_set(min_delay=1, max_delay=2)
        self._client.on_connect = self._connected
        self._client.on_message = self._arrived
        if account.user is not None:
            self._client.username_pw_set(account.user, account.password)

    def __enter__(self) -> "Subscriber":
        try:
            self._client.connect(self._account.host, self._account.port, keepalive=15)
        except OSError as e:
            raise Failure(f"no connection to the broker at {self._account}: {e.strerror or e}") from e
        self._client.loop_start()
        if not self._answered.wait(_PATIENCE):
            self._refusal = f"no answer from {self._account} in {_PATIENCE} s: does an MQTT broker listen there?"
        if self._refusal:
            self.__exit__()
            raise Failure(self._refusal)
        return self

    def __exit__(self, *exc):
        self._client.disconnect()
        self._client.loop_stop()

    def send(self, topic: str, text: str):
        """Publish a command."""
        self._client.publish(topic, text, qos=1)

    @property
    def connected(self) -> bool:
        return self._client.is_connected()

    @property
    def count(self) -> int:
        """Values received, on all topics."""
        return sum(topic.count for topic in self.topics.values())

    @property
    def heard(self) -> list[Topic]:
        """The topics on which something arrived."""
        return [topic for topic in self.topics.values() if topic.count]

    def _connected(self, client, userdata, flags, reason, properties):
        if reason.is_failure:
            self._refusal = f"the broker at {self._account} refuses the demo: {reason}. Check the account in the URL"
        else:
            client.subscribe([(name, 1) for name in (*self.topics, *self.words)])
        self._answered.set()

    def _arrived(self, client, userdata, message):
        topic = self.topics.get(message.topic) or self.words[message.topic]
        if message.retain and topic.name in self.topics:
            return  # somebody else's, from before the demo
        topic.take(message.payload.decode(errors="replace"))
        if self._on_value:
            self._on_value(topic)
