# Types of request.py.
from collections.abc import Callable

from .client import Client, _Data
from .message import Message
from .v5 import Properties

class Requests:
    topic: str | bytes
    """Where answers come to."""
    def __init__(self, client: Client, response_topic: str | bytes, qos: int = 1) -> None: ...
    def ask(
        self,
        topic: _Data,
        payload: _Data,
        answered: Callable[[Message | None], object],
        timeout_ms: int = 5000,
        qos: int = 1,
        properties: Properties | None = None,
    ) -> bytes: ...
    def cancel(self, key: bytes) -> None: ...

def reply(
    client: Client, message: Message, payload: _Data, qos: int = 1, properties: Properties | None = None
) -> bool: ...
