"""A broker and who meets at it. Topics and client ids are of one scene only, since a broker serves many in turn."""

import random

from launch import launch
from peers import Cable, Watcher


def words(client):
    """[topic, qos, retain, payload] of each message that an actor heard."""
    return [line.split(" ", 4)[1:] for line in client.starting("message")]


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
        script = {"port": port or self.broker.port, "host": host, "id": id and self.id(id), "options": options}
        script["do"] = [[self._own(word) for word in step] for step in do]
        for name, value in (("will", will), ("birth", birth)):
            if value:
                script[name] = [value[0].replace("~", self.topic), *value[1:]]
        self.actors.append(launch(self.kind, self.lib_mpy, self.folder, script))
        return self.actors[-1]

    def _own(self, word):
        return word.replace("~", self.topic) if isinstance(word, str) else word

    def heard(self, client):
        """words(), with `~` for the scene's topic."""
        return [[word[0].replace(self.topic, "~"), *word[1:]] for word in words(client)]

    def watcher(self, *filters, id="watcher", port=None, **options):
        filters = [text.replace("~", self.topic) for text in filters]
        self.things.append(Watcher(port or self.broker.port, *filters, client_id=self.id(id), **options))
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
