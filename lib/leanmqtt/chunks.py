# What `subscribe(stream=True)` costs until a message larger than memory comes: the mark on its handler, and a look
# at each message that is too large, which loads stream.py. Nothing of the streaming itself is here.
from .codec import Frames


class Taker:
    """A handler that takes chunks."""

    def __init__(self, handler):
        self.handler = handler
        self.lost = True  # it has not seen all of the message so far, and will not see the rest

    def __call__(self, message):
        self.handler(message)


class Lookout:
    """Stands in the session's way until stream.py does."""

    def __init__(self, client):  # cold: once a client
        self.client = client
        self.session = client._session
        self.session.open_inbox()
        self.session.next = self.next
        self.session._skip = self.skip

    def next(self, now):
        """Session.next, in the middle of which the receiver of streams may have appeared."""
        now = type(self.session).next(self.session, now)
        return now if self.client._receiver is self else self.client._receiver.first(now)

    def skip(self):
        """Frames._skip: the first message larger than memory brings the receiver of streams."""
        if self.session.skip and self._load():
            return self.session._skip()
        return Frames._skip(self.session)

    def _load(self):  # cold: once a client
        try:
            from .stream import Receiver

            self.client._receiver = Receiver(self.client)
        except MemoryError:  # it is read through and counted as too large; the next one may find more room
            return False
        return True


def subscribe(client, handler):  # cold: subscribing allocates
    """What subscribe(..., stream=True) makes of its handler."""
    if not handler:
        raise ValueError("stream=True needs a handler")
    if not hasattr(client, "_receiver"):
        client._receiver = Lookout(client)
    return Taker(handler)
