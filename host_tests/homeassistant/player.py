"""A node played by paho-mqtt: it says what a test wrote by hand, so that a fault is not in our firmware."""

import json
import socket

import paho.mqtt.client as paho
from support import wait_for

BIRTH = "homeassistant/status"


class Player:
    """Publishes `discovery` for the device `address` and `states` {topic: payload}, and notes the commands it gets.

    retain: whether its discovery message stays at the broker. Presence and states always do: Home Assistant subscribes
    to them some time after it has read the discovery message, and never hears what was said before that once.
    """

    def __init__(self, broker, address: str, base: str, discovery: dict, states: dict, retain: bool = True):
        self.config_topic = f"homeassistant/device/{address}/config"
        self.status_topic = f"{base}/status"
        self.discovery, self.states, self.retain = discovery, states, retain
        self.commands: list[tuple[str, str]] = []
        self.births = 0
        self._base, self._ready = base, False
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        self._client.will_set(self.status_topic, "offline", qos=1, retain=True)
        self._client.on_connect = self._connected
        self._client.on_subscribe = self._subscribed
        self._client.on_message = self._arrived
        self._broker = broker

    def connect(self) -> "Player":
        """Connect, and introduce itself."""
        self._ready = False
        self._client.connect(self._broker.host, self._broker.port, keepalive=10)
        self._client.loop_start()
        wait_for(lambda: self._ready, "the player to be subscribed")
        return self

    def _connected(self, client, *_):
        client.subscribe([(BIRTH, 1), (f"{self._base}/+/set", 1)])

    def _subscribed(self, *_):
        self._ready = True
        self.announce()

    def _arrived(self, client, userdata, message):
        text = message.payload.decode()
        if message.topic != BIRTH:
            self.commands.append((message.topic, text))
        elif text == "online":
            self.births += 1
            self.announce()

    def announce(self):
        """Publish discovery, presence and states."""
        self._client.publish(self.config_topic, json.dumps(self.discovery), qos=1, retain=self.retain)
        self._client.publish(self.status_topic, "online", qos=1, retain=True)
        for topic, payload in self.states.items():
            self._client.publish(topic, payload, qos=1, retain=True)

    def say(self, topic: str, payload: str):
        """Publish another state."""
        self.states[topic] = payload
        self._client.publish(topic, payload, qos=1, retain=True)

    def vanish(self):
        """The connection ends as by a power cut: no DISCONNECT, so that the broker speaks the will."""
        self._client.loop_stop()
        self._client.socket().shutdown(socket.SHUT_RDWR)

    def close(self):
        """Leave nothing at the broker, and go."""
        if not self._client.is_connected():
            self._client.loop_stop()
            self.connect()
        topics = (self.config_topic, self.status_topic, *self.states)
        for message in [self._client.publish(topic, "", qos=1, retain=True) for topic in topics]:
            message.wait_for_publish(timeout=10)
        self._client.disconnect()
        self._client.loop_stop()
