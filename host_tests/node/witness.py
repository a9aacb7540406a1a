"""An independent subscriber (paho-mqtt): what really came over the broker, in the order it came."""

import paho.mqtt.client as paho
from support import wait_for


class Witness:
    """Subscribes to everything at QoS 1. `messages` is a list of (topic, text, retained)."""

    def __init__(self, broker, user=None, password=None):
        self.messages: list[tuple[str, str, bool]] = []
        self._ready = False
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        self._client.reconnect_delay_set(min_delay=0.1, max_delay=0.2)
        self._client.on_connect = lambda client, *_: client.subscribe("#", qos=1)
        self._client.on_subscribe = self._subscribed
        self._client.on_disconnect = self._lost
        self._client.on_message = self._arrived
        if user:
            self._client.username_pw_set(user, password)
        self._client.connect(broker.host, broker.port, keepalive=10)

    def __enter__(self) -> "Witness":
        self._client.loop_start()
        wait_for(lambda: self._ready, "the witness to be subscribed")
        return self

    def __exit__(self, *exc):
        self._client.disconnect()
        self._client.loop_stop()

    def _subscribed(self, *_):
        self._ready = True

    def _lost(self, *_):
        self._ready = False

    def _arrived(self, client, userdata, message):
        self.messages.append((message.topic, message.payload.decode(errors="replace"), message.retain))

    def say(self, topic: str, text: str, retain: bool = False):
        """Publishes at QoS 1."""
        self._client.publish(topic, text, qos=1, retain=retain)

    @property
    def connected(self) -> bool:
        """Is it there, and subscribed? What came while it was not, nobody has seen."""
        return self._ready

    def texts(self, topic: str) -> list[str]:
        return [text for name, text, _ in self.messages if name == topic]

    def values(self, topic: str) -> list[float]:
        return [float(text) for text in self.texts(topic)]

    def first(self, topic: str) -> str:
        """The first message on the topic, which may be there already."""
        wait_for(lambda: self.texts(topic), f"a message on {topic}")
        return self.texts(topic)[0]

    def wait(self, topic: str, text: str | None = None, more: int = 1, timeout: float = 20) -> str:
        """Until `more` further messages came on the topic (with that text); the last one's text."""

        def found() -> list[str]:
            return [came for came in self.texts(topic) if text in (None, came)]

        wanted = len(found()) + more
        wait_for(lambda: len(found()) >= wanted, f"{more} more on {topic}, of {self.messages[-20:]}", timeout)
        return found()[-1]
