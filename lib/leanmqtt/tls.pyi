# Types of tls.py, and of what Client's `tls` may be.
from collections.abc import Callable
from ssl import SSLContext
from typing import TypedDict, type_check_only

from .client import Client
from .transport import Span, Tcp

@type_check_only
class TLSOptions(TypedDict, total=False):
    """Client's `tls`. ca, cert, key: the name of a file, PEM as text, or PEM or DER as bytes."""

    ca: str | bytes | bytearray | memoryview | None
    """The certificate of who signed the broker's; required unless insecure."""
    cert: str | bytes | bytearray | memoryview | None
    """The client's own certificate, where the broker asks for one."""
    key: str | bytes | bytearray | memoryview | None
    """Its private key, not encrypted."""
    hostname: str | None
    """The name in the broker's certificate, where it is not the host that is connected to."""
    insecure: bool | None
    """True: nobody is verified."""
    log: Callable[[str], object] | None
    """Is told at each connection what is not verified; without it print."""

class Tls(Tcp):
    def __init__(self, client: Client, options: TLSOptions | SSLContext) -> None: ...
    def open(self, host: str, port: int) -> None: ...
    def opening(self) -> bool: ...
    def read(self, span: Span) -> int | None: ...
    def write(self, span: Span) -> int | None: ...
    def wait(self, ms: int, write: bool) -> None: ...
    def close(self) -> None: ...
