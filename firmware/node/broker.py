"""The MQTT client of the node, made from config.json, and its ups and downs in the log.

Presence is part of it: a retained `online` as the birth message, before anything queued, and `offline` as the will.
A node that sleeps has none: it is away most of the time; what it publishes expires instead, and the broker keeps its
session. A Homie device says so in Homie's words, on its topic, instead, since a client has one will. Readings wait in
the client's outbox while the broker is away. What the log has for its topic goes out when nothing
waits. account.py makes the client.
"""

from leanmqtt import OutboxFull

from . import lazy
from .log import Voice


class Broker:
    """Owns `client`; network.up tells whether there is an address, network.digits() six of the hardware's own.

    online: called after every CONNACK. reconnects: connections after the first; reason: why the last one ended.
    """

    def __init__(self, settings, network, log, online):
        self._online = online
        host = settings["broker"]["host"]
        self._where = host if isinstance(host, str) else ", ".join(host)
        self._log = log
        self._voice = Voice(log, "broker")
        self._error = self.reason = None
        self.reconnects = -1
        made = lazy.once("account", "make", settings, network, self._voice, self._connected)
        lazy.forget("topics", "parts")
        self.client, self._presence, self._goodbye, self._topic = made
        self._longest = settings["broker"]["outbox"] // 2 - len(self._topic) - 16  # of a line: readings fit beside it

    def start(self):
        self._voice.info("connecting to " + self._where)
        self.client.start()

    def poll(self, ms):
        """One turn of the client, which waits at most that long when there is nothing to do."""
        self.client.poll(ms)
        if self.client.last_error is not self._error:
            self._error = self.client.last_error
            self.reason = str(self._error)
            self._voice.trouble(self.reason)
        if self._log.ring and self.client.connected and not self.client.pending:  # readings go first
            self._tell()

    def beside(self, what):  # cold: rarely
        """The topic of something else the node tells of itself: as topics.of_node, which need not be loaded for it."""
        return self._topic[:-3] + what.encode()

    def _tell(self):  # cold: once a line
        line = self._log.ring.pop(0)
        try:
            self.client.publish(self._topic, line[: self._longest], 1)
        except OutboxFull:
            self._log.info("broker", "broker.outbox is too small for the node's log")

    def stop(self):  # cold: the end of a life
        """Says goodbye; see goodbye.py."""
        lazy.once("goodbye", "say", self.client, self._presence, self._goodbye, self._log.ring, self._topic)

    def _connected(self, session_present):
        self.reconnects += 1
        waiting = self.client.pending
        self._voice.info("connected to %s%s" % (self._where, ", %d readings waiting" % waiting if waiting else ""))
        self._online()
