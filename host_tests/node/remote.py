"""Somebody with a broker and nothing else: sends commands to the node, and sees what it answers."""

import json

import paho.mqtt.client as paho
from support import wait_for


class Remote:
    """A publisher of commands to the node `roof`."""

    def __init__(self, broker, witness):
        self._broker, self._witness = broker, witness

    def send(self, word: str, payload: str | bytes = "", retain: bool = False):
        """Publish a command and wait until the broker has it."""
        client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        client.connect(self._broker.host, self._broker.port)
        client.loop_start()
        try:
            client.publish(f"ha/roof/cmd/{word}", payload, qos=1, retain=retain).wait_for_publish(10)
        finally:
            client.disconnect()
            client.loop_stop()

    @property
    def answers(self) -> list[str]:
        return self._witness.texts("ha/roof/log")

    def answer(self, text: str, timeout: float = 20) -> str:
        """The next line of the log topic, not seen before by this, that holds `text`."""
        seen = getattr(self, "_seen", 0)

        def found():
            return next((i for i in range(seen, len(self.answers)) if text in self.answers[i]), None)

        wait_for(lambda: found() is not None, f"{text!r} on the log topic, of {self.answers[seen:]}", timeout)
        self._seen = found() + 1
        return self.answers[self._seen - 1]

    def ask(self, word: str, payload: str | bytes, answer: str, timeout: float = 20) -> str:
        """Send a command and wait for the answer that holds this text."""
        self.send(word, payload)
        return self.answer(answer, timeout)

    def diagnostics(self) -> dict:
        """The next figures that come."""
        return json.loads(self._witness.wait("ha/roof/diagnostics"))
