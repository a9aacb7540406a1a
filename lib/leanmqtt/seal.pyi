# Types of seal.py.
from collections.abc import Callable
from typing import TypeAlias

_Data: TypeAlias = str | bytes | bytearray | memoryview

class SealError(Exception): ...

class Sealer:
    def __init__(
        self,
        key: str | bytes | bytearray,
        path: str | None,
        node: bool = True,
        block: int = 256,
        urandom: Callable[[int], bytes] = ...,
    ) -> None: ...
    def seal(self, topic: _Data, payload: _Data) -> bytes: ...
    def open(self, topic: _Data, sealed: _Data) -> bytes: ...
