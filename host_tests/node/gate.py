"""A broker's answers, held back: what comes while a node waits for one then reaches it together with that."""

import threading

from elder import Elder
from support import wait_for


class Gate(Elder):
    """Lets all pass, until a node says `word`: from then on nothing comes back before `release`."""

    def __init__(self, broker, word: bytes):
        super().__init__(broker)
        self._word = word
        self._lock = threading.Lock()
        self._held, self._node = None, None  # bytes for that socket

    def _passed(self, end, other) -> bool:
        data = end.recv(65536)
        with self._lock:
            if end.getpeername()[1] != self._broker.port:
                if self._word in data and self._word:
                    self._held, self._node = b"", end
            elif self._held is not None:
                self._held += data
                return bool(data)
        other.sendall(data)
        return bool(data)

    def shut(self):
        wait_for(lambda: self._held is not None, f"the node to say {self._word!r}", 30)

    def release(self, word: bytes):
        """Let all pass for good, once `word` has come."""
        wait_for(lambda: word in self._held, f"{word!r} to come", 30)
        with self._lock:
            self._node.sendall(self._held)
            self._held, self._word = None, b""
