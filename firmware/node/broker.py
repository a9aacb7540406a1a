"""The MQTT client of the node, made from config.json, and its ups and downs in the log.

Presence is part of it: a retained `online` as the birth message, before anything queued, and `offline` as the will.
A node that sleeps has none: it is away most of the time; what it publishes expires instead, and the broker keeps its
session. A Homie device says so in Homie's words, on its topic, instead, since a client has one will. Readings wait in
the client's outbox while the broker is away. Of topics only those of presence and log are known here.
"""

from leanmqtt import Client, OutboxFull, Will

from .log import Voice

# What it says when it connects, when it is lost, when it says goodbye.
_WORDS = (b"online", b"offline", b"offline")
_HOMIE = (b"init", b"lost", b"disconnected")  # `ready` follows the description: homie.py
_HOMIE_SLEEPS = (b"ready", b"lost", b"sleeping")
_RX = 256  # what is larger comes in pieces
_LINES = 4  # of the log at the end: a goodbye must not take long


class Broker:
    """Owns `client`; network.up tells whether there is an address, network.digits() six of the hardware's own.

    online: called after every CONNACK. reconnects: connections after the first; reason: why the last one ended.
    """

    def __init__(self, settings, network, log, online):
        from . import topics

        self._online = online
        host = settings["broker"]["host"]
        self._where = host if isinstance(host, str) else ", ".join(host)
        self._words = _words(settings)
        self._presence = topics.of_status(settings).encode() if self._words else None
        self._topic = topics.of_log(settings).encode()
        self._longest = settings["broker"]["outbox"] // 2 - len(self._topic) - 16  # of a line: readings fit beside it
        self._log = log
        self._voice = Voice(log, "broker")
        self._error = self.reason = None
        self.reconnects = -1
        try:
            self.client = self._made(settings, settings["broker"], network)
        except ValueError as fault:
            from .parts import Unfit

            raise Unfit("broker: %s" % fault)

    def _made(self, settings, account, network):
        return _kind(settings, self._voice)(
            account["client_id"] or "%s-%s" % (settings["name"], network.digits()),
            account["host"],
            account["port"],
            user=account["user"],
            password=account["password"],
            keepalive=account["keepalive"],
            clean=not (account["persistent"] or settings["sleep"] or settings["store"]),
            qos2=any(sensor["qos"] == 2 for sensor in settings["sensors"]),
            will=Will(self._presence, self._words[1], 1, True) if self._presence else None,
            birth=Will(self._presence, self._words[0], 1, True) if self._presence else None,
            outbox_size=account["outbox"],
            rx_size=_RX,
            ready=network.up,
            on_connect=self._connected,
        )

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

    def _tell(self):  # cold: once a line
        line = self._log.ring.pop(0)
        try:
            self.client.publish(self._topic, line[: self._longest], 1)
        except OutboxFull:
            self._log.info("broker", "broker.outbox is too small for the node's log")

    def stop(self):
        """The last of the log, offline said by itself, since a clean goodbye suppresses the will, and the end."""
        while len(self._log.ring) > _LINES:
            self._log.ring.pop(0)
        while self._log.ring and self.client.connected and self.client.pending < 2 * _LINES:
            self._tell()
        if self._presence:
            self.client.publish(self._presence, self._words[2], 1, True)
        self.client.disconnect()

    def _connected(self, session_present):
        self.reconnects += 1
        waiting = self.client.pending
        self._voice.info("connected to %s%s" % (self._where, ", %d readings waiting" % waiting if waiting else ""))
        self._online()


def _words(settings):
    if settings["discovery"] == "homie":
        return _HOMIE_SLEEPS if settings["sleep"] else _HOMIE
    return None if settings["sleep"] else _WORDS


def _kind(settings, voice):  # cold: once
    # Makes the client. A node that sleeps has a pocket of its own for what waits (sleeper.py); one in safe mode does
    # without whatever may have made it fail.
    if not settings["store"] or settings["sleep"] or settings.get("safe"):
        return Client
    from .store import Keeper

    return Keeper(settings, voice)
