"""A broker and who meets at it. Topics and client ids are of one scene only, since a broker serves many in turn."""

import random

import paho.mqtt.client as paho
from launch import launch
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from peers import Cable, Watcher

_PROPERTIES = {  # of a message: the client's name for it, and paho's
    "content_type": "ContentType",
    "response_topic": "ResponseTopic",
    "correlation_data": "CorrelationData",
    "user_property": "UserProperty",
}


def words(client):
    """[topic, qos, retain, payload] of each message that an actor heard."""
    return [line.split(" ", 4)[1:] for line in client.starting("message")]


class Watcher5(Watcher):
    """A Watcher that speaks MQTT 5. properties: of each message, those of _PROPERTIES; correlation data in bytes."""

    def _made(self, client_id, clean):
        self.properties = []
        return paho.Client(paho.CallbackAPIVersion.VERSION2, client_id, protocol=paho.MQTTv5)

    def _on_message(self, client, data, m):
        names = [name for name, kind in _PROPERTIES.items() if hasattr(m.properties, kind)]
        self.properties.append({name: getattr(m.properties, _PROPERTIES[name]) for name in names})
        super()._on_message(client, data, m)

    def publish(self, topic, payload, qos=0, retain=False, properties=None):
        made = Properties(PacketTypes.PUBLISH)
        for name, value in (properties or {}).items():
            setattr(made, _PROPERTIES[name], value)
        self.client.publish(topic, payload, qos, retain, made).wait_for_publish(10)


class Tap(Cable):
    """A cable that writes down what the client says, and can swallow packets of one kind: each acknowledgement, say.

    deaf, mute: the first byte of what does not reach the client, or does not leave it; None: everything passes.
    """

    def __init__(self, port):
        self.said = bytearray()  # by the client
        self.deaf = self.mute = None
        super().__init__(port)

    def _carry(self, data, from_client):
        if from_client:
            self.said += data
        return b"" if data[0] == (self.mute if from_client else self.deaf) else data

    def renew(self):
        """Cuts every connection; those to come are whole."""
        self.plugged = False
        self.cut()
        self.deaf = self.mute = None
        self.plugged = True


class Scene:
    """topic: below which everything happens. broker: one of table.BROKERS, running. kind: of the client."""

    def __init__(self, broker, kind, lib_mpy, folder):
        self.broker, self.kind, self.lib_mpy, self.folder = broker, kind, lib_mpy, folder
        self.topic = f"t{random.SystemRandom().getrandbits(48):x}"
        self.things, self.actors = [], []

    def id(self, name):
        return f"{self.topic}-{name}"

    def actor(self, *do, id="actor", will=None, birth=None, port=None, host="127.0.0.1", **options):
        """A client that does these steps, of mosquitto/actor.py. `~` in a step's topic stands for the scene's."""
        port = self.broker.port if port is None else port
        script = {"port": port, "host": host, "id": id and self.id(id), "options": options}
        script["do"] = self._own(do)
        for name, value in (("will", will), ("birth", birth)):
            if value:
                script[name] = [value[0].replace("~", self.topic), *value[1:]]
        self.actors.append(launch(self.kind, self.lib_mpy, self.folder, script))
        return self.actors[-1]

    def _own(self, what):
        """With the scene's topic, however deep."""
        if isinstance(what, dict):
            return {name: self._own(value) for name, value in what.items()}
        if isinstance(what, list | tuple):
            return [self._own(one) for one in what]
        return what.replace("~", self.topic) if isinstance(what, str) else what

    def heard(self, client):
        """words(), with `~` for the scene's topic."""
        return [[word[0].replace(self.topic, "~"), *word[1:]] for word in words(client)]

    def watcher(self, *filters, id="watcher", port=None, make=Watcher, **options):
        filters = [text.replace("~", self.topic) for text in filters]
        self.things.append(make(port or self.broker.port, *filters, client_id=self.id(id), **options))
        return self.things[-1]

    def seen(self, watch):
        """A watcher's messages, with `~` for the scene's topic."""
        return [(m[0].replace(self.topic, "~"), *m[1:]) for m in watch.messages]

    def publish(self, topic, *rest):
        """By a paho-mqtt client of its own."""
        watch = self.watcher(id="publisher")
        watch.publish(topic.replace("~", self.topic), *rest)
        watch.close()

    def tap(self):
        self.things.append(Tap(self.broker.port))
        return self.things[-1]

    def close(self):
        for client in self.actors:
            client.kill()
        for thing in self.things:
            thing.close()
