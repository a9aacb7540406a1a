"""Commands to the node itself, on `<base>/<name>/cmd/<word>`. Here is only who hears them; what each does is in cmd/.

A command runs in the loop's own turn, not inside the client. A retained one is ignored: it would come again after every
start, and a retained `restart` would never let the node run.
"""

from micropython import const

from . import lazy, topics

_WORDS = ("restart", "identify", "read", "interval", "diagnostics", "log", "maintenance", "reload", "config")
_MOST = const(4)  # waiting to be run


class Commands:
    """A part of the station."""

    def __init__(self, station):
        self._station = station
        self._log = station.log
        self._waiting = []
        self._upload = None  # takes the chunks of a new config.json
        wanted = topics.of_command(station.settings, "+")
        self._before = len(wanted) - 1
        station.client.on_oversize = self._oversize
        station.client.subscribe(wanted, 1, self._heard, stream=True)

    def poll(self):
        """Run one command, if there is one."""
        if not self._waiting:
            return 60_000
        self._run(*self._waiting.pop(0))
        return 0

    def _heard(self, message):  # cold: once a command
        word = message.topic[self._before :]
        if message.retain:
            if message.offset == 0 and message.payload_len:
                self._log.warn("commands", '"%s" was retained and is ignored: publish it without retain' % word)
        elif word not in _WORDS:
            if message.offset == 0:
                self._log.warn("commands", "there is none of this name; there are " + ", ".join(_WORDS))
        elif word == "config":
            self._chunk(message)
        elif message.total > message.payload_len:
            if message.offset == 0:
                self._log.warn(word, "the payload is too long")
        else:
            self._put(word, message.payload)

    def _put(self, word, payload):  # cold: once a command
        if len(self._waiting) == _MOST:
            self._log.warn(word, "ignored: too many commands at once")
        else:
            self._waiting.append((word, payload))

    def _chunk(self, message):  # cold: once a command
        try:
            if not message.offset:
                self._upload = lazy.load("cmd.config").Upload(message.total)
                lazy.forget("cmd.config", "cmd")
            if self._upload and self._upload.take(message):
                self._upload = None
                self._put("config", b"")
        except (ValueError, MemoryError) as fault:
            self._upload = None
            self._log.warn("config", _words(fault))

    def _oversize(self, topic, length):  # cold: once a command
        if topic[self._before :] == "config":
            self._log.warn("config", "no room in memory to take a file of %d bytes" % length)

    def _run(self, word, payload):  # cold: once a command
        try:
            lazy.load("cmd." + word).run(self._station, str(payload, "utf-8").strip())
        except (ValueError, MemoryError, OSError) as fault:
            self._log.warn(word, _words(fault))
        lazy.forget("cmd." + word, "cmd.choose", "cmd", "trial", "keep", "upkeep")


def _words(fault):  # cold: a bad command
    if isinstance(fault, ValueError):
        return str(fault) or "the payload is not text"
    return "not done: %s" % ("no room in memory" if isinstance(fault, MemoryError) else "flash: %s" % fault)


def make(station):
    return Commands(station)
