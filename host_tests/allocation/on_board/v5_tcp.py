# Runs on MicroPython: MQTT 5 against a real broker, with properties made once, topic aliases and message expiry.
# Arguments behind the repetitions: the port.

import sys

from leanmqtt import Client
from meter import measure

TOPIC = b"girouette/gate/temperature"
LATER = {"message_expiry_interval": 0xFFFFFFFF}
FULL = {
    "message_expiry_interval": 3600,
    "payload_format_indicator": 1,
    "content_type": "text/plain; charset=utf-8",
    "response_topic": "réponse/gate",
    "correlation_data": b"\xff\x00\x01\x02",
    "user_property": (("sensor", "bme280"), ("unit", "°C")),
}


class Clock:
    """It goes on by a second when told; the broker does not mind."""

    def __init__(self):
        self.now = 1000

    def __call__(self):
        return self.now


class Gate:
    """A client that hears what it publishes."""

    def __init__(self, port):
        self.clock = Clock()
        self.client = Client("gate5", "127.0.0.1", port, version=5, qos2=True, clock=self.clock, rx_size=512)
        self.client.subscribe(TOPIC, 2, self.take)
        self.client.subscribe(b"other/#", 0, None)
        self.client.connect()
        self.client.on_delivered = self.delivered
        self.heard = self.acknowledged = 0
        self.qos = 0
        self.properties = None
        self.room = bytearray(64)

    def take(self, message):
        if message.payload_is(b"21.53") and message.topic_is(TOPIC) and message.readinto(self.room):
            self.heard += 1

    def delivered(self, pid, reason):
        if not reason and not self.client.v5.reason:
            self.acknowledged += 1

    def count(self):
        return self.heard

    def one(self):
        n = self.heard
        self.client.publish(TOPIC, b"21.53", self.qos, False, self.properties)
        while self.heard == n or self.client.pending:
            self.client.poll(20)

    def several(self):
        n = self.heard + 4
        while self.client.pending < 4:
            self.client.publish(TOPIC, b"21.53", 1, False, self.properties)
        while self.heard < n or self.client.pending:
            self.client.poll(20)

    def second(self):
        self.clock.now = self.clock.now + 1000 & 0x3FFFFFFF
        self.client.poll()
        self.seconds += 1


class Offline(Gate):
    """No broker: what is published waits, is counted down, and leaves when it is over."""

    def __init__(self):
        self.clock = Clock()
        self.client = Client("gate5", "127.0.0.1", 1, version=5, clock=self.clock, ready=self.ready)
        self.client.on_delivered = self.over
        self.client.start()
        self.expired = 0
        self.properties = {"message_expiry_interval": 3}

    def ready(self):
        return False

    def over(self, pid, reason):
        if reason == -2:
            self.expired += 1

    def count(self):
        return self.expired

    def one(self):
        self.client.publish(TOPIC, b"21.53", 1, False, LATER)
        self.client.publish(TOPIC, b"21.53", 1, False, self.properties)
        n = self.expired
        while self.expired == n:
            self.clock.now = self.clock.now + 1000 & 0x3FFFFFFF
            self.client.poll()


gate = Gate(int(sys.argv[2]))
for gate.qos in range(3):
    gate.properties = None
    measure("QoS %d there and back" % gate.qos, gate.one, gate.count)
    gate.properties = FULL
    measure("QoS %d with properties" % gate.qos, gate.one, gate.count)
assert gate.client._session.aliases.announced, "no topic alias was used"
assert gate.acknowledged, "no message was told as delivered"
gate.properties = LATER
measure("four at once", gate.several, gate.count, per=4)
gate = Offline()
measure("offline, one expires", gate.one, gate.count)
