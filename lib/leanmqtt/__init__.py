# leanmqtt: an MQTT client for MicroPython and CPython that allocates nothing once connected.
# The public names: Client, and the values that an application hands over or catches. Nothing that works with them.


class MQTTError(Exception):
    """A connection could not be made or was lost; `str()` says why and what to do."""


class OutboxFull(MQTTError):
    """`publish` found no room: what the outbox holds may not be dropped."""


class Will:
    """A message that the client sends on its own: last will or birth. payload: at most 65,535 bytes."""

    def __init__(self, topic, payload, qos=0, retain=False, properties=None):  # cold: once a client
        from . import config

        self.topic = config.name("topic", topic)
        self.payload = config.field("payload", payload)
        self.qos = config.between("qos", qos, 0, 2)  # [MQTT-3.1.2-14]
        self.retain = retain
        self.properties = properties


from .client import Client  # noqa: E402 - it needs the names above
