# Types of transport.py, and of its contract.
import socket
from typing import Protocol, type_check_only

@type_check_only
class Span(Protocol):
    """The bytes at hand: of the client's session."""

    @property
    def rx(self) -> bytearray: ...
    @property
    def want(self) -> int: ...
    @property
    def tx_buf(self) -> bytes | bytearray: ...
    @property
    def tx_off(self) -> int: ...
    @property
    def tx_len(self) -> int: ...

@type_check_only
class Transport(Protocol):
    """A non-blocking byte stream, as the head of transport.py says."""

    @property
    def sock(self) -> socket.socket | None:
        """The socket, or None."""

    def open(self, host: str, port: int, /) -> object:
        """Begin to connect; raises OSError."""

    def opening(self) -> bool:
        """True while connecting, False once open; raises OSError when that failed."""

    def read(self, span: Span, /) -> int | None:
        """Read at most span.want bytes to the start of span.rx: how many, None: would block, 0: closed, -1: lost."""

    def write(self, span: Span, /) -> int | None:
        """Write span.tx_buf[span.tx_off : span.tx_off + span.tx_len], or its beginning; answers as `read`."""

    def wait(self, ms: int, write: bool, /) -> object:
        """Return when readable, or writable if `write`, or after ms."""

    def close(self) -> object:
        """Any number of times."""

class Tcp:
    sock: socket.socket | None
    def __init__(self) -> None: ...
    def open(self, host: str, port: int) -> None: ...
    def opening(self) -> bool: ...
    def read(self, span: Span) -> int | None: ...
    def write(self, span: Span) -> int | None: ...
    def wait(self, ms: int, write: bool) -> None: ...
    def close(self) -> None: ...
