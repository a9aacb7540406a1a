"""The other end of a node that seals: opens all that it says, and seals what it is told."""

import paho.mqtt.client as paho
from leanmqtt.seal import Sealer, SealError
from witness import Witness

KEY, OTHER = "5ea1" * 16, "0bad" * 16
STATUS = "ha/roof/status"


class Reader(Witness):
    """A Witness whose `messages` are opened; `plain` are the topics of those that were not sealed, `raw` what came.

    folder: for the files of its counters; again: replays open too.
    """

    def __init__(self, broker, folder, again=False):
        self.plain: list[str] = []
        self.raw: list[tuple[str, bytes]] = []
        self.refused: list[str] = []
        self._ears = Sealer(KEY, None if again else str(folder / "ears"), node=False, block=1)
        self._mouth = Sealer(KEY, str(folder / "mouth"), node=False, block=1)
        super().__init__(broker)

    def _arrived(self, client, userdata, message):
        topic, payload = message.topic, message.payload
        self.raw.append((topic, payload))
        if topic.endswith("/set") or "/cmd/" in topic or topic.endswith("/awake"):
            return
        try:
            payload = self._ears.open(topic, payload)
        except SealError as fault:
            (self.plain if "no sealed payload" in str(fault) else self.refused).append(topic)
        self.messages.append((topic, payload.decode(errors="replace"), message.retain))

    def sealed(self, topic: str, text: str) -> bytes:
        return self._mouth.seal(topic, text)

    def tell(self, topic: str, text: str, retain: bool = False) -> bytes:
        """Publish it sealed; what went out."""
        payload = self.sealed(topic, text)
        self.put(topic, payload, retain)
        return payload

    def put(self, topic: str, payload: str | bytes, retain: bool = False):
        """Publish it as it is, and wait until the broker has it."""
        done = self._client.publish(topic, payload, qos=1, retain=retain)
        assert done.rc == paho.MQTT_ERR_SUCCESS
        done.wait_for_publish(10)
