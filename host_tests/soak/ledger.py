"""What came over the broker: each reading by its number, and what the node says about itself."""

import json
import threading

import paho.mqtt.client as paho
from support import wait_for

TOPIC, DIAGNOSTICS, MARK = "ha/count", "ha/soak/diagnostics", "mark"


class Ledger:
    """A subscriber (paho-mqtt) that misses nothing as long as the node stands still while it is away."""

    def __init__(self, broker):
        self.numbers: list[int] = []  # in the order they came
        self.diagnostics: list[dict] = []
        self.hidden = None  # a number that is not to be seen: to try who counts
        self._marks, self._ready = 0, threading.Event()
        self._client = client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        client.reconnect_delay_set(min_delay=0.02, max_delay=0.02)
        client.on_connect = lambda *_: client.subscribe("#", qos=1)
        client.on_subscribe = lambda *_: self._ready.set()
        client.on_disconnect = lambda *_: self._ready.clear()
        client.on_message = self._arrived
        client.connect(broker.host, broker.port, keepalive=60)
        client.loop_start()
        self.back()

    def close(self):
        self._client.disconnect()
        self._client.loop_stop()

    def back(self):
        """Wait until it is subscribed, after the broker has started."""
        assert self._ready.wait(60), "the ledger does not get to the broker"

    def settle(self):
        """Wait until everything has come that the broker has."""
        wanted = self._marks + 1
        self._client.publish(MARK, "", qos=1)
        wait_for(lambda: self._marks >= wanted, "what the broker has")

    def left(self):
        """Before the broker is started again: it has noticed that it is gone."""
        wait_for(lambda: not self._ready.is_set(), "the ledger to miss the broker")

    def _arrived(self, client, userdata, message):
        if message.topic == TOPIC:
            number = int(message.payload)
            if number != self.hidden:
                self.numbers.append(number)
        elif message.topic == DIAGNOSTICS:
            self.diagnostics.append(json.loads(message.payload))
        elif message.topic == MARK:
            self._marks += 1
