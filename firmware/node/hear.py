"""What becomes of a command that has just come: taken or refused. Loaded for the moment it takes.

A retained one is ignored: it would come again after every start, and a retained `restart` would never let the node run.
"""

from . import lazy

_WORDS = ("restart", "identify", "read", "interval", "diagnostics", "log", "maintenance", "reload", "config")
_MOST = 4  # waiting to be obeyed


class Ear:
    """Takes one message, which may come in pieces; `commands.ear` is this one until the last."""

    def __init__(self, commands):
        self._commands = commands
        self._log = commands.station.log
        self._upload = None

    def take(self, message):
        """One piece of a message, or the whole of it."""
        try:
            if not message.offset:  # a new one; the one before may have been broken off
                self._upload = None
                self._begin(message)
            elif self._upload and self._upload.take(message):
                self._upload = None
                self._put("config", b"")
        except (ValueError, MemoryError, OSError) as fault:
            self._upload = None
            self._log.warn("config", lazy.once("obey", "words", fault))
        if not self._upload:
            self._commands.ear = None

    def _begin(self, message):
        word = message.topic[self._commands.before :]
        if message.retain:
            if message.payload_len:
                self._log.warn("commands", '"%s" was retained and is ignored: publish it without retain' % word)
        elif word not in _WORDS:
            self._log.warn("commands", "there is none of this name; there are " + ", ".join(_WORDS))
        elif word == "config":
            self._upload = lazy.load("cmd.config").Upload(message.total)
            if self._upload.take(message):
                self._upload = None
                self._put(word, b"")
        elif message.total > message.payload_len:
            self._log.warn(word, "the payload is too long")
        else:
            self._put(word, message.payload)

    def _put(self, word, payload):
        if len(self._commands.waiting) == _MOST:
            self._log.warn(word, "ignored: too many commands at once")
        else:
            self._commands.waiting.append((word, payload))


def oversize(commands, topic, length):
    """There was no room to load what takes a message in pieces."""
    word = topic[commands.before :]
    if word in _WORDS:
        commands.station.log.warn(word, "no room in memory to take %d bytes" % length)
