"""config: the payload is a new config.json. It comes in pieces, is checked whole, and tried after a restart.

Passwords that stay may be left out: secrets.json on the board is laid over it.
"""

_DRAFT = "config.new"
_MOST = 16_384


class Upload:
    """Writes the pieces to a draft, which nothing uses before it is whole."""

    def __init__(self, total):
        if not 0 < total <= _MOST:
            raise ValueError("expected a config.json of 1 to %d bytes, found %d" % (_MOST, total))
        self._at = 0
        self._buf = bytearray(512)

    def take(self, message):
        """The next piece: True when it was the last. One that does not fit the one before is left out."""
        if message.offset != self._at:
            return False
        length = message.readinto(self._buf)
        try:
            with open(_DRAFT, "ab" if self._at else "wb") as file:
                file.write(memoryview(self._buf)[:length])
        except OSError:
            raise ValueError("the flash has no room for it")
        self._at += length
        return self._at == message.total


def run(station, payload):
    from .. import trial

    trial.begin(station, _DRAFT, "config")
