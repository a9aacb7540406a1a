# Types of journal.py. The parameters of its Client are those of client.pyi, named one by one for completion.
from collections.abc import Callable, Sequence
from ssl import SSLContext
from typing import Any, Literal

from . import MQTTError, Will
from . import client as core
from .client import _Auth, _Data, _Handler, _Host, _Version
from .tls import TLSOptions
from .transport import Transport
from .v5 import Properties

class Journal:
    path: str
    size: int
    delay_ms: int
    stored: int
    """Messages on flash and not finally acknowledged."""
    waiting: int
    """Those of them that are not in the outbox."""
    def __init__(self, path: str, size: int = 200_000, delay_ms: int = 5000) -> None: ...
    def flush(self) -> bool: ...

class Client(core.Client):
    journal: Journal
    def __init__(
        self,
        client_id: _Data,
        host: _Host | Sequence[_Host],  # a list; as `list[_Host]` it would not take a list[str]
        port: int = 0,
        user: _Data | None = None,
        password: _Data | None = None,
        keepalive: int = 60,
        clean: bool = True,
        version: _Version = 4,
        qos2: bool = False,
        will: Will | None = None,
        birth: Will | None = None,
        rx_size: int = 512,
        outbox_size: int = 2048,
        inflight: int = 8,
        overflow: Literal["oldest", "refuse"] = "oldest",
        ack_timeout_ms: int = 60_000,
        reconnect: bool = True,
        backoff_ms: tuple[int, int] = (1000, 60_000),
        tls: TLSOptions | SSLContext | None = None,
        ready: Callable[[], bool] | None = None,
        on_message: _Handler | None = None,
        on_connect: Callable[[bool], object] | None = None,
        on_disconnect: Callable[[MQTTError | None], object] | None = None,
        on_subscribed: Callable[[Any, int], object] | None = None,
        on_delivered: Callable[[int, int], object] | None = None,
        on_oversize: Callable[[str, int], object] | None = None,
        clock: Callable[[], int] | None = None,
        rand: Callable[[int], int] | None = None,
        transport: Transport | None = None,
        *,
        journal: Journal,
        session_expiry: int = 0xFFFFFFFF,
        properties: Properties | None = None,
        topic_aliases: int = 8,
        auth: _Auth | None = None,
        redirect: bool = False,
        resume: bool = False,
        on_unsubscribed: Callable[[Any, int], object] | None = None,
    ) -> None: ...
    @property
    def stored(self) -> int: ...
