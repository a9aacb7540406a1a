# What the programs share: the port they were given, waiting, a client that counts. Runs on CPython and MicroPython.

import sys

from leanmqtt import Client

PORT = int(sys.argv[1])


def made(name, **options):
    options.setdefault("version", 5)
    return Client(name, "127.0.0.1", PORT, **options)


def until(condition, *clients, what="it"):
    """Poll the clients until the condition holds, for 30 s at most."""
    for _ in range(3000):
        if condition():
            return
        for client in clients:
            client.poll(10)
    raise AssertionError("still waiting for " + what)


class Ear:
    """A client with subscriptions, connected; `heard`: (topic, payload, properties) of each message."""

    def __init__(self, name, *filters, **options):
        more = options.pop("more", {})
        self.heard = []
        self.granted = []
        self.fates = []
        self.client = made(name, **options)
        self.client.on_subscribed = lambda text, code: self.granted.append(code)
        self.client.on_delivered = lambda pid, reason: self.fates.append((pid, reason))
        for text in filters:
            self.client.subscribe(text, 2 if options.get("qos2") else 1, self.hear, **more)
        self.client.connect()
        until(lambda: len(self.granted) >= len(filters), self.client, what="the subscriptions of " + name)

    def hear(self, m):
        self.heard.append((m.topic, m.payload, m.properties))
        self.retain = m.retain

    def wait(self, count, *others):
        until(lambda: len(self.heard) >= count, self.client, *others, what="%d messages" % count)
        return self.heard
