# Types of leanmqtt's public names, for mypy, pyright and editors on a PC; never on a device. Only types and the words
# for attributes live here: the docstrings are in the .py files, where editors find them.
from .client import Client as Client
from .v5 import Properties

class MQTTError(Exception): ...
class OutboxFull(MQTTError): ...

class Will:
    topic: bytes
    payload: bytes
    qos: int
    retain: bool
    properties: Properties | None
    def __init__(
        self,
        topic: str | bytes | bytearray | memoryview,
        payload: str | bytes | bytearray | memoryview,
        qos: int = 0,
        retain: bool = False,
        properties: Properties | None = None,
    ) -> None: ...
